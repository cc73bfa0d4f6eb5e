import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backOffMs, defaultLimits } from './back-off.ts';
import { contestedDelayMs, linkStep, type LinkEvent, type LinkState } from './link-state.ts';

type StateName = LinkState['name'];
type EventName = LinkEvent['name'];

const states: Record<StateName, LinkState> = {
  unclaimed: { name: 'unclaimed' },
  resolving: { name: 'resolving', attempt: 2 },
  authenticating: { name: 'authenticating', attempt: 2 },
  dialling: { name: 'dialling', attempt: 2 },
  connected: { name: 'connected', attempt: 2 },
  waiting: { name: 'waiting', attempt: 2, delayMs: 5, reason: 'r' },
  banned: { name: 'banned', reason: 'r' },
  stopped: { name: 'stopped' },
};
const events: Record<EventName, LinkEvent> = {
  'claim-loaded': { name: 'claim-loaded' },
  'claim-removed': { name: 'claim-removed' },
  'step-done': { name: 'step-done' },
  'step-failed': { name: 'step-failed', reason: 'x', retryAfterMs: undefined, refusedForGood: false },
  lost: { name: 'lost', reason: 'x', retryAfterMs: undefined },
  'sent-away': { name: 'sent-away', retryAfterMs: 7000, refusedForGood: false, reason: 'x' },
  timer: { name: 'timer' },
  stable: { name: 'stable' },
  stop: { name: 'stop' },
};

/** `next: command command`, or '-' where nothing happens. */
const table: Record<StateName, Record<EventName, string>> = {
  unclaimed: {
    'claim-loaded': 'resolving: resolve',
    'claim-removed': '-',
    'step-done': '-',
    'step-failed': '-',
    lost: '-',
    'sent-away': '-',
    timer: '-',
    stable: '-',
    stop: 'stopped:',
  },
  resolving: {
    'claim-loaded': 'resolving: drop resolve',
    'claim-removed': 'unclaimed: drop',
    'step-done': 'authenticating: authenticate',
    'step-failed': 'waiting: drop wait',
    lost: '-',
    'sent-away': '-',
    timer: '-',
    stable: '-',
    stop: 'stopped: drop',
  },
  authenticating: {
    'claim-loaded': 'resolving: drop resolve',
    'claim-removed': 'unclaimed: drop',
    'step-done': 'dialling: dial',
    'step-failed': 'waiting: drop wait',
    lost: '-',
    'sent-away': '-',
    timer: '-',
    stable: '-',
    stop: 'stopped: drop',
  },
  dialling: {
    'claim-loaded': 'resolving: drop resolve',
    'claim-removed': 'unclaimed: drop',
    'step-done': 'connected: announce',
    'step-failed': 'waiting: drop wait',
    lost: '-',
    'sent-away': '-',
    timer: '-',
    stable: '-',
    stop: 'stopped: drop',
  },
  connected: {
    'claim-loaded': 'resolving: farewell resolve',
    'claim-removed': 'unclaimed: farewell',
    'step-done': '-',
    'step-failed': '-',
    lost: 'waiting: drop wait',
    'sent-away': 'waiting: farewell wait',
    timer: '-',
    stable: 'connected:',
    stop: 'stopped: farewell',
  },
  waiting: {
    'claim-loaded': 'resolving: cancel-wait resolve',
    'claim-removed': 'unclaimed: cancel-wait',
    'step-done': '-',
    'step-failed': '-',
    lost: '-',
    'sent-away': '-',
    timer: 'resolving: resolve',
    stable: '-',
    stop: 'stopped: cancel-wait',
  },
  banned: {
    'claim-loaded': 'resolving: cancel-wait resolve',
    'claim-removed': 'unclaimed: cancel-wait',
    'step-done': '-',
    'step-failed': '-',
    lost: '-',
    'sent-away': '-',
    timer: 'resolving: resolve',
    stable: '-',
    stop: 'stopped: cancel-wait',
  },
  stopped: {
    'claim-loaded': '-',
    'claim-removed': '-',
    'step-done': '-',
    'step-failed': '-',
    lost: '-',
    'sent-away': '-',
    timer: '-',
    stable: '-',
    stop: '-',
  },
};

const chance = { limits: defaultLimits, random: 0.5 };

describe('every state × every event', () => {
  for (const [stateName, row] of Object.entries(table) as [StateName, Record<EventName, string>][]) {
    for (const [eventName, expected] of Object.entries(row) as [EventName, string][]) {
      test(`${stateName} × ${eventName} → ${expected}`, () => {
        const { state, commands } = linkStep(states[stateName], events[eventName], chance);
        const told =
          state === states[stateName] && commands.length === 0 ? '-' : `${state.name}: ${commands.join(' ')}`.trim();
        expect(told).toBe(expected.trim());
      });
    }
  }
});

describe('delays', () => {
  test('the Cloud’s own delay wins over the back-off', () => {
    const { state } = linkStep(states.connected, events['sent-away'], chance);
    expect(state).toMatchObject({ name: 'waiting', delayMs: 7000 });
  });
  test('an answer that names the delay starts the back-off anew: the Cloud is there, only busy', () => {
    const busy = { name: 'step-failed', reason: 'x', retryAfterMs: 10_000, refusedForGood: false } as const;
    const { state } = linkStep({ name: 'resolving', attempt: 9 }, busy, chance);
    expect(state).toMatchObject({ name: 'waiting', delayMs: 10_000 });
    const again = linkStep(state, { name: 'timer' }, chance).state;
    const refused = linkStep(again, events['step-failed'], { ...chance, limits: defaultLimits }).state;
    expect((refused as { delayMs: number }).delayMs).toBeLessThanOrEqual(1000);
  });
  test('a refusal for good is asked about at a slow pace only', () => {
    const { state } = linkStep(
      states.authenticating,
      { name: 'step-failed', reason: 'x', retryAfterMs: undefined, refusedForGood: true },
      chance,
    );
    expect(state.name).toBe('banned');
  });
  test('an agent that was pushed out by its own identity comes back slowly, and not sooner than its back-off wants', () => {
    const out = { name: 'lost', reason: 'x', retryAfterMs: contestedDelayMs(0) } as const;
    expect(linkStep(states.connected, out, chance).state).toMatchObject({ name: 'waiting', delayMs: 10_000 });
    const { state } = linkStep({ name: 'connected', attempt: 9 }, out, chance);
    expect((state as { delayMs: number }).delayMs).toBeGreaterThan(10_000);
    expect(contestedDelayMs(0.999)).toBeLessThanOrEqual(20_000);
  });
  test('a connection that proved stable starts its back-off anew', () => {
    const stable = linkStep(states.connected, { name: 'stable' }, chance).state;
    const { state } = linkStep(stable, events.lost, chance);
    expect(state).toMatchObject({ name: 'waiting', attempt: 1 });
    expect((state as { delayMs: number }).delayMs).toBeLessThanOrEqual(1000);
  });
  test('a failed attempt is never repeated at once, and no wait exceeds the limit', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 500, max: 10_000 }),
        fc.integer({ min: 10_000, max: 300_000 }),
        (attempt, random, minDelayMs, maxDelayMs) => {
          const { state } = linkStep(
            { name: 'resolving', attempt },
            { name: 'step-failed', reason: 'x', retryAfterMs: undefined, refusedForGood: false },
            { limits: { minDelayMs, maxDelayMs }, random },
          );
          if (state.name !== 'waiting') throw new Error('not waiting');
          expect(state.delayMs).toBeGreaterThanOrEqual(minDelayMs / 2 - 1);
          expect(state.delayMs).toBeLessThanOrEqual(maxDelayMs);
          expect(state.attempt).toBeGreaterThan(attempt);
        },
      ),
    );
  });
  test('a fleet that lost its Cloud together spreads over the first second', () => {
    const delays = Array.from({ length: 100 }, (_, i) => backOffMs(0, defaultLimits, i / 100));
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(900);
  });
});
