// The alerts of this node: definitions × charts, each looked at when its time has come. Runs between ticks, never within one.

import type { MetricStore, StoredChart } from '../metrics/store.ts';
import { AlertLog, type Alert } from './alert-log.ts';
import { isRaised, type AlertStatus } from './alert-status.ts';
import { hasEnough, lookupValue, variablesOf, type VariableParts } from './chart-values.ts';
import type { AlertDefinition } from './definition.ts';
import { decideStatus, delayOfChange, noDelayYet, type DelayState } from './status-rules.ts';

export interface HealthParts {
  store: MetricStore;
  /** Later ones win over earlier ones of the same kind, name and `on`. */
  definitions: readonly AlertDefinition[];
  /** CPU cores; 0 where unknown. */
  cores: number;
  /** When the agent started, in milliseconds since 1970. */
  startMs: number;
  /** A random UUID. */
  newId: () => string;
  /** Told once. */
  onBoundHit: (maxAlerts: number) => void;
}

/** A machine with 100 mounts has about 100; more would be a definition that fits far too much. */
const maxAlerts = 2000;
/** How soon an alert is tried again that has no value yet. */
const retrySeconds = 10;

export class Health {
  readonly log: AlertLog;
  readonly #parts: HealthParts;
  readonly #definitions: readonly AlertDefinition[];
  readonly #alerts = new Map<string, Alert>();
  readonly #delays = new Map<Alert, DelayState>();
  #chartsChanged = true;
  #nextDue = 0;
  #lastRun = 0;
  #newestAlertId = 0;
  #boundWasHit = false;

  constructor(parts: HealthParts) {
    this.#parts = parts;
    this.log = new AlertLog(parts.startMs, parts.newId);
    const byKey = new Map(parts.definitions.map((definition) => [keyOf(definition), definition]));
    // One of a chart wins over one of its context with the same name, so they come first.
    this.#definitions = [...byKey.values()].sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'alarm' ? -1 : 1));
    parts.store.watchChanges(() => (this.#chartsChanged = true));
  }

  /** Every alert, removed ones included until their charts go. */
  alerts(): IterableIterator<Alert> {
    return this.#alerts.values();
  }

  definition(hash: string): AlertDefinition | undefined {
    return this.#definitions.find((definition) => definition.hash === hash);
  }

  /** The sum of the versions of all alerts that somebody was told of and that are still there. */
  version(): bigint {
    let sum = 0n;
    for (const { newest, status } of this.#alerts.values()) {
      if (newest !== undefined && status !== 'removed') sum += BigInt(newest.version);
    }
    return sum;
  }

  /** Looks at what is due; to be called once a second. Costs one comparison when nothing is. */
  run(nowSecond: number): void {
    // A clock that was set back must not make alerts wait for hours.
    const isSetBack = nowSecond < this.#lastRun;
    this.#lastRun = nowSecond;
    if (!this.#chartsChanged && !isSetBack && nowSecond < this.#nextDue) return;
    if (this.#parts.store.lastSecond === 0) return;
    if (this.#chartsChanged) this.#link(nowSecond);
    this.#nextDue = Infinity;
    for (const alert of this.#alerts.values()) {
      if (isSetBack || nowSecond >= alert.nextUpdate) this.#look(alert, nowSecond);
      this.#nextDue = Math.min(this.#nextDue, alert.nextUpdate);
    }
  }

  /** Makes alerts of new charts, and ends those whose charts are not collected any more. */
  #link(nowSecond: number): void {
    this.#chartsChanged = false;
    const { store } = this.#parts;
    for (const [key, alert] of this.#alerts) {
      const chart = store.chart(alert.chartId);
      if (chart !== undefined && !chart.obsolete) continue;
      if (alert.newest !== undefined && alert.status !== 'removed') this.#change(alert, 'removed', NaN, nowSecond);
      alert.nextUpdate = Infinity;
      if (chart !== undefined) continue;
      this.#alerts.delete(key);
      this.#delays.delete(alert);
    }
    for (const chart of store.charts()) {
      if (chart.obsolete || chart.lastSecond === 0) continue;
      for (const definition of this.#definitions) {
        if (definition.on === (definition.kind === 'alarm' ? chart.shape.id : chart.shape.context))
          this.#open(definition, chart);
      }
    }
  }

  #open(definition: AlertDefinition, { shape }: StoredChart): void {
    const key = `${shape.id}\n${definition.name}`;
    const known = this.#alerts.get(key);
    if (known !== undefined) {
      // Its chart came back.
      if (known.nextUpdate === Infinity) known.nextUpdate = 0;
      return;
    }
    if (this.#alerts.size >= maxAlerts) {
      if (!this.#boundWasHit) this.#parts.onBoundHit(maxAlerts);
      this.#boundWasHit = true;
      return;
    }
    const filledIn = (text: string): string => text.replaceAll('${family}', () => shape.family);
    this.#alerts.set(key, {
      id: ++this.#newestAlertId,
      definition,
      chartId: shape.id,
      context: shape.context,
      family: shape.family,
      summary: filledIn(definition.summary),
      info: filledIn(definition.info),
      status: 'uninitialized',
      value: NaN,
      lastUpdated: 0,
      nextUpdate: 0,
      lastStatusChange: 0,
      delaySeconds: 0,
      delayUntilSecond: 0,
      newest: undefined,
    });
  }

  #look(alert: Alert, nowSecond: number): void {
    const { store, cores } = this.#parts;
    const { definition, status } = alert;
    const { lookup, calc, warn, crit, everySeconds } = definition;
    const chart = store.chart(alert.chartId);
    // It will be ended by the next `#link`.
    if (chart === undefined || chart.obsolete) return;
    if (lookup !== undefined && !hasEnough(lookup, chart, store)) {
      alert.nextUpdate = nowSecond + Math.min(retrySeconds, everySeconds);
      return;
    }
    const value = lookup === undefined ? NaN : lookupValue(lookup, chart, store);
    const parts: VariableParts = { chart, store, value, status, lookup, nowSecond, cores };
    const variables = variablesOf(parts);
    if (calc !== undefined) parts.value = calc.evaluate(variables);
    const verdicts = { warn: warn?.evaluate(variables), crit: crit?.evaluate(variables) };
    const next = decideStatus(parts.value, verdicts);
    if (next !== status) this.#change(alert, next, parts.value, nowSecond);
    alert.value = parts.value;
    alert.lastUpdated = nowSecond;
    alert.nextUpdate = nowSecond + everySeconds;
  }

  #change(alert: Alert, status: AlertStatus, value: number, nowSecond: number): void {
    const { status: oldStatus, value: oldValue, newest } = alert;
    const change = { from: oldStatus, to: status, nowSecond };
    // An end is told without delay.
    const delay =
      status === 'removed'
        ? noDelayYet
        : delayOfChange(alert.definition.delay, this.#delays.get(alert) ?? noDelayYet, change);
    this.#delays.set(alert, delay);
    const durationSeconds = newest === undefined ? 0 : Math.max(0, nowSecond - newest.when);
    alert.status = status;
    alert.value = value;
    alert.lastStatusChange = nowSecond;
    alert.delaySeconds = delay.lastSeconds;
    alert.delayUntilSecond = delay.untilSecond;
    this.log.add({
      alert,
      when: nowSecond,
      status,
      oldStatus,
      value,
      oldValue,
      durationSeconds,
      nonClearSeconds: isRaised(oldStatus) ? (newest?.nonClearSeconds ?? 0) + durationSeconds : 0,
      delaySeconds: delay.lastSeconds,
      delayUntilSecond: delay.untilSecond,
      version: Math.max(nowSecond, (newest?.version ?? 0) + 1),
    });
  }
}

const keyOf = ({ kind, name, on }: AlertDefinition): string => JSON.stringify([kind, name, on]);
