// What happened to alerts: the newest transitions, in memory.

import type { AlertStatus } from './alert-status.ts';
import type { AlertDefinition } from './definition.ts';

/** One definition on one chart, and how it is now. */
export interface Alert {
  /** Unique while the agent runs. */
  readonly id: number;
  readonly definition: AlertDefinition;
  readonly chartId: string;
  readonly context: string;
  readonly family: string;
  /** With the family of the chart filled in. */
  readonly summary: string;
  readonly info: string;
  status: AlertStatus;
  /** NaN: none. */
  value: number;
  /** Second of the newest look at it; 0: none yet. */
  lastUpdated: number;
  nextUpdate: number;
  lastStatusChange: number;
  delaySeconds: number;
  delayUntilSecond: number;
  /** undefined: it was never looked at. */
  newest: Transition | undefined;
}

/** One change of status. */
export interface Transition {
  /** Grows; starts with the milliseconds since 1970 of the agent's start, so that one of a later run is larger. Kept below 2^53. */
  readonly id: number;
  /** UUID. */
  readonly transitionId: string;
  readonly alert: Alert;
  /** Second since 1970. */
  readonly when: number;
  readonly status: AlertStatus;
  readonly oldStatus: AlertStatus;
  readonly value: number;
  readonly oldValue: number;
  /** How long the old status lasted. */
  readonly durationSeconds: number;
  /** How long it was raised before this, without a break. */
  readonly nonClearSeconds: number;
  readonly delaySeconds: number;
  readonly delayUntilSecond: number;
  /** Grows with each transition of the alert: `when`, and one more where a clock was set back. */
  readonly version: number;
  /** The one before, of the same alert; 0: none. */
  readonly updatesId: number;
  /** The one after, of the same alert; 0: none yet. */
  updatedById: number;
}

const maxTransitions = 1000;

export class AlertLog {
  readonly #newId: () => string;
  readonly #transitions: Transition[] = [];
  readonly #watchers = new Set<(transition: Transition) => void>();
  #nextId: number;

  /** `startMs`: milliseconds since 1970; `newId` gives a random UUID. */
  constructor(startMs: number, newId: () => string) {
    this.#nextId = startMs;
    this.#newId = newId;
  }

  /** Of the newest transition; 0 before the first one. */
  get latestId(): number {
    return this.#transitions.at(-1)?.id ?? 0;
  }

  add(transition: Omit<Transition, 'id' | 'transitionId' | 'updatesId' | 'updatedById'>): void {
    const before = transition.alert.newest;
    const id = this.#nextId++;
    const added = { ...transition, id, transitionId: this.#newId(), updatesId: before?.id ?? 0, updatedById: 0 };
    if (before !== undefined) before.updatedById = id;
    transition.alert.newest = added;
    if (this.#transitions.push(added) > maxTransitions) this.#transitions.shift();
    for (const watcher of this.#watchers) watcher(added);
  }

  /** Newest first; only those with a larger id than `afterId`. */
  newerThan(afterId: number): Transition[] {
    return this.#transitions.filter(({ id }) => id > afterId).reverse();
  }

  /** Told of every transition, until what it returns is called. */
  watch(onTransition: (transition: Transition) => void): () => void {
    const watcher = (transition: Transition): void => onTransition(transition);
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }
}
