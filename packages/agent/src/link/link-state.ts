// The Agent-Cloud link as a pure state machine: what to do next, never how. `link.ts` does what it says; LINK.md shows the table.
//
//   unclaimed ──claim-loaded──▶ resolving ─▶ authenticating ─▶ dialling ─▶ connected
//                                   ▲             │                │            │
//                                   └──timer── waiting ◀──failed───┴────lost────┘      banned: waiting at a minute's pace
//
// Every state × every event is decided; link-state.test.ts holds the exhaustive table.

import { backOffMs, type BackOffLimits } from './back-off.ts';

export type LinkState =
  | { name: 'unclaimed' }
  | { name: 'resolving'; attempt: number }
  | { name: 'authenticating'; attempt: number }
  | { name: 'dialling'; attempt: number }
  /** `attempt` goes back to 0 only once the connection proved stable. */
  | { name: 'connected'; attempt: number }
  | { name: 'waiting'; attempt: number; delayMs: number; reason: string }
  /** The Cloud refused this identity; asked again at a slow pace until the claim is reloaded. */
  | { name: 'banned'; reason: string }
  | { name: 'stopped' };

export type LinkEvent =
  /** A claim was read from disk: the first, another one, or the same again on request. */
  | { name: 'claim-loaded' }
  | { name: 'claim-removed' }
  /** The step in hand is done: environment read, password got, CONNACK received. */
  | { name: 'step-done' }
  | { name: 'step-failed'; reason: string; retryAfterMs: number | undefined; refusedForGood: boolean }
  /** `retryAfterMs`: not before that, when there is a reason to be slow; undefined: by the back-off alone. */
  | { name: 'lost'; reason: string; retryAfterMs: number | undefined }
  /** The Cloud asked the agent to leave. */
  | { name: 'sent-away'; retryAfterMs: number | undefined; refusedForGood: boolean; reason: string }
  /** The wait is over. */
  | { name: 'timer' }
  /** The connection has lasted a minute. */
  | { name: 'stable' }
  | { name: 'stop' };

/** What the shell does, in order. */
export type LinkCommand =
  | 'resolve'
  | 'authenticate'
  | 'dial'
  | 'announce'
  /** Say goodbye over the open session, then close it. */
  | 'farewell'
  /** Abort the attempt or close the socket, without words. */
  | 'drop'
  /** Call back with `timer` after the state's delay. */
  | 'wait'
  | 'cancel-wait';

export interface LinkStep {
  state: LinkState;
  commands: LinkCommand[];
}

/** A refused identity is asked about once a minute, as agents in the field do. */
export const bannedDelayMs = 60_000;
export const stableAfterMs = 60_000;

/**
 * Milliseconds before an agent comes back that was pushed out by another one with its identity: coming back at once would push that one
 * out in turn, for ever. By chance from 10 to 20 s, so that two copies do not stay in step.
 */
export const contestedDelayMs = (random: number): number => Math.round(10_000 + 10_000 * random);

export function linkStep(
  state: LinkState,
  event: LinkEvent,
  chance: { limits: BackOffLimits; random: number },
): LinkStep {
  const stay = (): LinkStep => ({ state, commands: [] });
  const inHand = state.name === 'resolving' || state.name === 'authenticating' || state.name === 'dialling';
  const asleep = state.name === 'waiting' || state.name === 'banned';
  /** What ends whatever goes on now. */
  const closing: LinkCommand[] =
    state.name === 'connected' ? ['farewell'] : inHand ? ['drop'] : asleep ? ['cancel-wait'] : [];

  if (state.name === 'stopped') return stay();

  const wait = (attempt: number, reason: string, retryAfterMs: number | undefined, before: LinkCommand[]): LinkStep => {
    const delayMs = retryAfterMs ?? backOffMs(attempt, chance.limits, chance.random);
    return { state: { name: 'waiting', attempt: attempt + 1, delayMs, reason }, commands: [...before, 'wait'] };
  };
  const ban = (reason: string, before: LinkCommand[]): LinkStep => ({
    state: { name: 'banned', reason },
    commands: [...before, 'wait'],
  });

  switch (event.name) {
    case 'stop':
      return { state: { name: 'stopped' }, commands: closing };
    case 'claim-removed':
      return state.name === 'unclaimed' ? stay() : { state: { name: 'unclaimed' }, commands: closing };
    case 'claim-loaded':
      return { state: { name: 'resolving', attempt: 0 }, commands: [...closing, 'resolve'] };
    case 'step-done':
      if (state.name === 'resolving')
        return { state: { name: 'authenticating', attempt: state.attempt }, commands: ['authenticate'] };
      if (state.name === 'authenticating')
        return { state: { name: 'dialling', attempt: state.attempt }, commands: ['dial'] };
      if (state.name === 'dialling')
        return { state: { name: 'connected', attempt: state.attempt }, commands: ['announce'] };
      return stay();
    case 'step-failed':
      if (!inHand) return stay();
      if (event.refusedForGood) return ban(event.reason, ['drop']);
      // Whoever names a delay is there: the back-off, which is for silence, begins anew.
      if (event.retryAfterMs !== undefined) return wait(0, event.reason, event.retryAfterMs, ['drop']);
      // An attempt that failed is never followed at once, also not the first.
      return wait(Math.max(state.attempt, 1), event.reason, undefined, ['drop']);
    case 'lost': {
      if (state.name !== 'connected') return stay();
      const usualMs = backOffMs(state.attempt, chance.limits, chance.random);
      return wait(state.attempt, event.reason, Math.max(event.retryAfterMs ?? 0, usualMs), ['drop']);
    }
    case 'sent-away':
      if (state.name !== 'connected') return stay();
      if (event.refusedForGood) return ban(event.reason, ['farewell']);
      return wait(state.attempt, event.reason, event.retryAfterMs, ['farewell']);
    case 'timer':
      if (state.name === 'waiting')
        return { state: { name: 'resolving', attempt: state.attempt }, commands: ['resolve'] };
      if (state.name === 'banned') return { state: { name: 'resolving', attempt: 1 }, commands: ['resolve'] };
      return stay();
    case 'stable':
      return state.name === 'connected' ? { state: { name: 'connected', attempt: 0 }, commands: [] } : stay();
  }
}
