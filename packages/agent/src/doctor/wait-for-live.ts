// `netdata-claim.sh -wait`: after a claim, follows the running agent until its node is live, and tells how long each hop took.

import { ask } from '../control/control-client.ts';
import type { Clock, PassedHop } from '../dial/hop-timer.ts';
import { printable } from '../dial/printable.ts';
import { nameOfHop } from './report.ts';

export interface WaitParts {
  /** Socket of the running agent. */
  controlSocket: string;
  claimId: string;
  /** What the claim itself measured: dns, tcp or proxy, tls, put. */
  claimHops: readonly PassedHop[];
  /** When the claim began, by `clock.monotonicMs`. */
  startedMs: number;
  clock: Clock;
  /** How long to wait from now, ms. */
  timeoutMs: number;
  pause: (ms: number) => Promise<void>;
  /** One JSON object through `say` instead of a line for people. */
  json: boolean;
  /** A line for stdout; one for stderr. */
  say: (line: string) => void;
  complain: (line: string) => void;
}

/** Between two looks, in ms. */
const pollMs = 50;
/** A Cloud that asks for no sample is believed to be content after this time online. */
const quietMs = 2_000;
const answerTimeoutMs = 5_000;

/** Exit code: 0 live; 19 claimed, but not live in time: the last error, its code and the next retry are told by then. */
export async function waitForLive(parts: WaitParts): Promise<number> {
  const { clock, controlSocket, claimId, timeoutMs } = parts;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  let onlineSinceMs: number | undefined;
  let last: AgentState | undefined;
  let silence: string | undefined;
  for (;;) {
    const answer = await ask(controlSocket, ['aclk-state', 'json'], answerTimeoutMs);
    if (answer.outcome === 'answered') {
      last = readState(answer.text);
      silence = last === undefined ? 'the agent does not tell the state of its link' : undefined;
    } else {
      silence = answer.sentence;
    }
    const nowMs = clock.monotonicMs();
    if (silence === undefined && last?.online === true && last.claimId === claimId) {
      onlineSinceMs ??= nowMs;
      if (last.stopwatch.some(({ hop }) => hop === 'first-sample') || nowMs - onlineSinceMs >= quietMs)
        return tellLive(parts, last.stopwatch, nowMs - parts.startedMs);
    } else {
      onlineSinceMs = undefined;
    }
    if (nowMs >= deadlineMs) return tellLate(parts, last, silence);
    await parts.pause(pollMs);
  }
}

interface TimedHop {
  hop: string;
  ms: number;
}

interface AgentState {
  online: boolean;
  claimId: string | undefined;
  lastError: string | undefined;
  lastErrorCode: string | undefined;
  nextRetryInSeconds: number | undefined;
  stopwatch: TimedHop[];
}

/** Undefined for anything that is no state of a link. Of another agent than ours some fields are missing. */
function readState(json: string): AgentState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const text = (name: string): string | undefined => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'string' ? printable(found, 1000) : undefined;
  };
  const seconds: unknown = Reflect.get(value, 'next-retry-in-s');
  const stopwatch: unknown = Reflect.get(value, 'stopwatch');
  return {
    online: Reflect.get(value, 'online') === true,
    claimId: text('claimed-id'),
    lastError: text('last-error'),
    lastErrorCode: text('last-error-code'),
    nextRetryInSeconds: typeof seconds === 'number' ? seconds : undefined,
    stopwatch: Array.isArray(stopwatch) ? (stopwatch as unknown[]).filter(isTimedHop) : [],
  };
}

const isTimedHop = (value: unknown): value is TimedHop =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'hop') === 'string' &&
  typeof Reflect.get(value, 'ms') === 'number';

interface ToldHop extends TimedHop {
  phase: 'claim' | 'link';
}

function hopsOf(parts: WaitParts, stopwatch: readonly TimedHop[]): ToldHop[] {
  const told = (phase: ToldHop['phase'], hops: readonly TimedHop[]): ToldHop[] =>
    hops.map(({ hop, ms }) => ({ phase, hop, ms: Math.round(ms * 10) / 10 }));
  return [...told('claim', parts.claimHops), ...told('link', stopwatch)];
}

function tellLive(parts: WaitParts, stopwatch: readonly TimedHop[], elapsedMs: number): number {
  const hops = hopsOf(parts, stopwatch);
  const totalMs = Math.round(elapsedMs);
  if (parts.json) parts.say(JSON.stringify({ hops, totalMs }));
  else parts.say(`claim → live in ${totalMs} ms: ${phaseWords(hops, 'claim')}; link: ${phaseWords(hops, 'link')}`);
  return 0;
}

const phaseWords = (hops: readonly ToldHop[], phase: ToldHop['phase']): string =>
  hops
    .filter((told) => told.phase === phase)
    .map(({ hop, ms }) => `${nameOfHop(hop)} ${ms < 10 ? ms : Math.round(ms)}`)
    .join(', ');

function tellLate(parts: WaitParts, state: AgentState | undefined, silence: string | undefined): number {
  const { lastError, lastErrorCode, nextRetryInSeconds } = state ?? {};
  const code = lastErrorCode === undefined ? '' : ` [${lastErrorCode}]`;
  const retry = nextRetryInSeconds === undefined ? '' : `; the agent tries again in ${nextRetryInSeconds} s`;
  const isOther = state !== undefined && state.claimId !== undefined && state.claimId !== parts.claimId;
  const why =
    silence ?? lastError ?? (isOther ? 'the agent is claimed under another id' : 'the agent does not say why');
  parts.complain(
    `claim: this node is claimed, but was not live within ${parts.timeoutMs / 1000} s: ${why}${code}${silence === undefined ? retry : ''}`,
  );
  if (parts.json) {
    const error = { sentence: why, code: lastErrorCode ?? null, nextRetryInS: nextRetryInSeconds ?? null };
    parts.say(JSON.stringify({ hops: hopsOf(parts, []), totalMs: null, error }));
  }
  return 19;
}
