// The one HTTPS request of a claim, and what its answer or its absence means.

import { once } from 'node:events';
import { claimOutcomes, readClaimRefusal, type ClaimOutcome } from '@claimstead/wire/claim/claim-errors';
import { claimPath, type ClaimRequest } from '@claimstead/wire/claim/claim-request';
import { isMistypedClaimToken, mistypedTokenWords } from '@claimstead/wire/claim/claim-token';
import { doctorRow } from '@claimstead/wire/doctor/codes';
import type { CloudUrl } from '../config/cloud-url.ts';
import type { CloudAnswer } from '../dial/cloud-requests.ts';
import { DialError } from '../dial/dial-error.ts';
import { systemClock, type PassedHop } from '../dial/hop-timer.ts';
import type { Route } from '../dial/route.ts';

export interface ClaimEndpoint extends Route {
  url: CloudUrl;
}

/** Time and chance, handed in. */
export interface ClaimPatience {
  /** For everything together: attempts, gaps and reading, in ms. */
  deadlineMs: number;
  pause: (ms: number) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
}

/** How patient the programs and the daemon are. */
export const usualPatience: ClaimPatience = {
  deadlineMs: 30_000,
  pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  random: Math.random,
};

export type ClaimAnswer = { accepted: true } | ({ accepted: false } & ClaimOutcome);

const maxAttempts = 3;
/** A gap is 300 to 700 ms, so that a rack that was started at once does not come back at once. */
const gapMs = (random: number): number => 300 + 400 * random;
/** For each station of the way, in ms: two fit into the deadline of a claim. */
const hopTimeoutMs = 15_000;

/** Exit code for everything that kept the request from being answered. */
const unreachable = (words: string, retryable: boolean): ClaimOutcome => ({ exitCode: 4, words, retryable });

/**
 * Sends the claim, again after a moment when that may help. A repeat is safe: the Cloud accepts the same claim with the same key twice,
 * which is what makes a lost answer harmless. `onHop` is told how long each station took, the request as `put`. Never throws.
 */
export async function putClaim(
  request: ClaimRequest,
  endpoint: ClaimEndpoint,
  patience: ClaimPatience,
  onHop: (passed: PassedHop) => void,
): Promise<ClaimAnswer> {
  const target = new URL(claimPath(request.node.id), endpoint.url);
  // The type cannot say it, and the token must not travel in the clear whatever a caller does.
  if (target.protocol !== 'https:')
    return { accepted: false, ...unreachable('The URL of the Cloud is not https.', false) };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), patience.deadlineMs);
  let last: ClaimOutcome | undefined;
  try {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const outcome = await attemptClaim(target, request, endpoint, deadline.signal, onHop);
      if (outcome === 'accepted') return { accepted: true };
      // Cut off by the deadline: what an earlier attempt ran into says more.
      if (!deadline.signal.aborted || outcome.exitCode !== 4) last = outcome;
      last ??= outcome;
      if (!outcome.retryable || attempt === maxAttempts || deadline.signal.aborted) break;
      await Promise.race([patience.pause(gapMs(patience.random())), once(deadline.signal, 'abort')]);
      if (deadline.signal.aborted) break;
    }
    return { accepted: false, ...(last ?? unreachable('The Cloud was not asked.', true)) };
  } finally {
    clearTimeout(timer);
    // Whatever is still half open is not needed any more.
    deadline.abort();
  }
}

async function attemptClaim(
  target: URL,
  request: ClaimRequest,
  route: Route,
  signal: AbortSignal,
  onHop: (passed: PassedHop) => void,
): Promise<ClaimOutcome | 'accepted'> {
  const { openCloudRequests } = await import('../dial/cloud-requests.ts');
  const requests = openCloudRequests(route, { signal, hopTimeoutMs, clock: systemClock, onHop });
  let isProcessing = false;
  try {
    const answer = await requests.ask(target, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'user-agent': 'claimstead-agent' },
      body: JSON.stringify(request),
      timeoutMs: usualPatience.deadlineMs,
      // 102 is an interim answer: the Cloud is at work and may or may not come to an end in time.
      onInterim: (status) => (isProcessing ||= status === 102),
    });
    onHop({ hop: 'put', ms: answer.ms });
    return answer.status === 204 ? 'accepted' : readRefusal(answer, request);
  } catch (error) {
    if (isProcessing && signal.aborted) return claimOutcomes.ErrProcessingClaim;
    if (error instanceof DialError)
      return { exitCode: doctorRow(error.code).exitCode, words: error.message, retryable: error.retryable };
    return unreachable('The Cloud was not reached, by a fault of this program; try again.', true);
  } finally {
    requests.close();
  }
}

/** Reads what the Cloud says about a claim that it did not accept. Its own text is not shown: it may be anything. */
function readRefusal({ status, body }: CloudAnswer, { token, rooms }: ClaimRequest): ClaimOutcome {
  const fields = readFields(body.toString('utf8'));
  const refusal = readClaimRefusal(status, fields.key);
  const isMistyped = refusal === claimOutcomes.ErrForbidden && isMistypedClaimToken(token);
  const room = refusal.exitCode === claimOutcomes.ErrInvalidRoomID.exitCode ? rooms[fields.roomIndex] : undefined;
  const facts = [
    room === undefined ? undefined : `room ${room}`,
    `status ${status}`,
    fields.key,
    fields.requestId === undefined ? undefined : `request ${fields.requestId}`,
  ];
  return {
    ...refusal,
    words: `${isMistyped ? mistypedTokenWords : refusal.words} (${facts.filter((fact) => fact !== undefined).join(', ')})`,
  };
}

/** The fields that are safe to show, by their shape; undefined, and -1, for anything that is no JSON object. */
function readFields(text: string): { key: string | undefined; requestId: string | undefined; roomIndex: number } {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    fields = undefined;
  }
  const field = (name: string, shape: RegExp): string | undefined => {
    const value: unknown = typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined;
    return typeof value === 'string' && shape.test(value) ? value : undefined;
  };
  const roomIndex: unknown = typeof fields === 'object' && fields !== null ? Reflect.get(fields, 'errorRoomIndex') : -1;
  return {
    key: field('errorMsgKey', /^Err[A-Za-z]{1,40}$/),
    requestId: field('requestId', /^[\w-]{1,64}$/),
    roomIndex: typeof roomIndex === 'number' ? roomIndex : -1,
  };
}
