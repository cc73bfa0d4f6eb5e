import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startControl, type Control } from '../control/control-server.ts';
import { waitForLive } from './wait-for-live.ts';

let folder: string;
let control: Control | undefined;
/** The clock of a test: a pause is what makes it go on. */
let nowMs: number;
let said: string[];
let complained: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wait-'));
  nowMs = 1000;
  said = [];
  complained = [];
});
afterEach(async () => {
  await control?.close();
  control = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const offline = { online: false, 'claimed-id': 'id', 'last-error': null, 'last-error-code': null, stopwatch: [] };
const mqtt = { hop: 'mqtt', ms: 3 };

/** The agent answers one state after the other, and the last one for ever; a text is answered as it is. */
async function wait(states: readonly (object | string)[], json: boolean, timeoutMs = 5_000): Promise<number> {
  let asked = 0;
  const path = join(folder, 'netdata.pipe');
  if (states.length > 0) {
    control = await startControl({
      path,
      log: { info: () => undefined, error: () => undefined },
      requestDeadlineMs: 5_000,
      commands: {
        'aclk-state': async () => {
          const state = states[Math.min(asked++, states.length - 1)] ?? '';
          return { code: 0, text: typeof state === 'string' ? state : JSON.stringify(state) };
        },
      },
    });
  }
  return waitForLive({
    controlSocket: path,
    claimId: 'id',
    claimHops: [
      { hop: 'dns', ms: 1.04 },
      { hop: 'put', ms: 12.3 },
    ],
    startedMs: 900,
    clock: { monotonicMs: () => nowMs, wallMs: () => 0 },
    timeoutMs,
    pause: async (ms) => void (nowMs += ms),
    json,
    say: (line) => void said.push(line),
    complain: (line) => void complained.push(line),
  });
}

test('live is told at the first sample, with every hop', async () => {
  const stopwatch = [mqtt, { hop: 'first-sample', ms: 7.26 }];
  expect(await wait([offline, { ...offline, online: true, stopwatch }], false)).toBe(0);
  expect(said).toEqual(['claim → live in 150 ms: DNS 1, PUT 12; link: MQTT 3, first sample 7.3']);
  expect(complained).toEqual([]);
});

test('as JSON, stdout is one object', async () => {
  const stopwatch = [mqtt, { hop: 'first-sample', ms: 7.26 }];
  expect(await wait([{ ...offline, online: true, stopwatch }], true)).toBe(0);
  expect(said.map((line) => JSON.parse(line))).toEqual([
    {
      hops: [
        { phase: 'claim', hop: 'dns', ms: 1 },
        { phase: 'claim', hop: 'put', ms: 12.3 },
        { phase: 'link', hop: 'mqtt', ms: 3 },
        { phase: 'link', hop: 'first-sample', ms: 7.3 },
      ],
      totalMs: 100,
    },
  ]);
});

test('a Cloud that asks for nothing is content after two seconds online without a break', async () => {
  const online = { ...offline, online: true, stopwatch: [mqtt] };
  expect(await wait([online, online, offline, online], true)).toBe(0);
  // Looked at 0, 50 and 100 ms; then 2 s from the look at 150 ms.
  expect(JSON.parse(said[0] ?? '')).toMatchObject({ totalMs: 100 + 150 + 2_000 });
});

test.each<[string, (object | string)[], RegExp]>([
  [
    'a link that does not come up',
    [{ ...offline, 'last-error': 'TLS: no', 'last-error-code': 'tls-untrusted', 'next-retry-in-s': 4 }],
    /not live within 5 s: TLS: no \[tls-untrusted\]; the agent tries again in 4 s/,
  ],
  ['another claim', [{ ...offline, 'claimed-id': 'other', online: true }], /claimed under another id/],
  ['an agent that speaks something else', ['pong'], /does not tell the state of its link/],
  ['an agent that says nothing of use', [{ stopwatch: [1, { hop: 3 }] }], /does not say why/],
  ['no agent', [], /No agent answers on/],
])('%s: 19, and why', async (_, states, words) => {
  expect(await wait(states, false)).toBe(19);
  expect(complained).toHaveLength(1);
  expect(complained[0]).toMatch(words);
  expect(said).toEqual([]);
  expect(nowMs).toBe(6_000);
});

test('too late as JSON: the error is part of the object', async () => {
  const state = { ...offline, 'last-error': 'TLS: no', 'last-error-code': 'tls-untrusted', 'next-retry-in-s': 4 };
  expect(await wait([state], true)).toBe(19);
  expect(JSON.parse(said[0] ?? '')).toMatchObject({
    totalMs: null,
    error: { sentence: 'TLS: no', code: 'tls-untrusted', nextRetryInS: 4 },
  });
});
