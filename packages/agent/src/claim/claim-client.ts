// The one HTTPS request of a claim, and what its answer or its absence means.

import type { ClientRequest, IncomingMessage } from 'node:http';
import { claimOutcomes, readClaimRefusal, type ClaimOutcome } from '@claimstead/wire/claim/claim-errors';
import type { ClaimRequest } from '@claimstead/wire/claim/claim-request';
import type { CloudUrl } from '../config/cloud-url.ts';
import type { Proxy } from '../config/proxy.ts';
import { agentFor } from './dial-agent.ts';
import { explainDialFailure } from './dial-failure.ts';
import type { Trust } from './trust.ts';

export interface ClaimEndpoint {
  url: CloudUrl;
  proxy: Proxy;
  trust: Trust;
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
/** An answer is empty or an error of some hundred bytes; the rest is somebody else's page and is not read. */
const maxAnswerBytes = 64 * 1024;
/** Time for one of several addresses of a host, in ms; the default of 250 is too short for a slow line. */
const addressTimeoutMs = 2_500;

/** Exit code for everything that kept the request from being answered. */
const unreachable = (words: string, retryable: boolean): ClaimOutcome => ({ exitCode: 4, words, retryable });

/**
 * Sends the claim, again after a moment when that may help. A repeat is safe: the Cloud accepts the same claim with the same key twice,
 * which is what makes a lost answer harmless. Never throws.
 */
export async function putClaim(
  request: ClaimRequest,
  endpoint: ClaimEndpoint,
  patience: ClaimPatience,
): Promise<ClaimAnswer> {
  const target = new URL(`/api/v1/spaces/nodes/${request.node.id}`, endpoint.url);
  // The type cannot say it, and the token must not travel in the clear whatever a caller does.
  if (target.protocol !== 'https:')
    return { accepted: false, ...unreachable('The URL of the Cloud is not https.', false) };
  const deadline = new AbortController();
  const seconds = patience.deadlineMs / 1000;
  const timer = setTimeout(() => deadline.abort(), patience.deadlineMs);
  let last: ClaimOutcome = unreachable(
    `The Cloud at ${target.host} did not answer within ${seconds} s; try again later.`,
    true,
  );
  try {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const outcome = await attemptClaim(target, JSON.stringify(request), endpoint, deadline.signal);
      if (outcome === 'accepted') return { accepted: true };
      // Cut off by the deadline: what an earlier attempt ran into says more.
      if (outcome === 'cut off') break;
      last = outcome;
      if (!outcome.retryable || attempt === maxAttempts) break;
      await Promise.race([patience.pause(gapMs(patience.random())), aborted(deadline.signal)]);
      if (deadline.signal.aborted) break;
    }
    return { accepted: false, ...last };
  } finally {
    clearTimeout(timer);
    // Whatever is still half open is not needed any more.
    deadline.abort();
  }
}

async function attemptClaim(
  target: URL,
  body: string,
  { proxy, trust }: ClaimEndpoint,
  signal: AbortSignal,
): Promise<ClaimOutcome | 'accepted' | 'cut off'> {
  const [{ request }, agent] = await Promise.all([import('node:https'), agentFor(proxy, signal)]);
  // Brackets of an IPv6 address belong to the URL, not to the name in a certificate.
  const host = target.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    let isProcessing = false;
    const options = {
      method: 'PUT',
      agent,
      ...trust.tlsOptions(host),
      autoSelectFamilyAttemptTimeout: addressTimeoutMs,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'claimstead-agent',
      },
    };
    const outgoing: ClientRequest = request(target, options);
    // The request may not have a socket yet, and then destroying it tells nobody; so the deadline is listened to here.
    const onDeadline = (): void => {
      resolve(isProcessing ? claimOutcomes.ErrProcessingClaim : 'cut off');
      outgoing.destroy();
    };
    signal.addEventListener('abort', onDeadline, { once: true });
    if (signal.aborted) onDeadline();
    // 102 is an interim answer: the Cloud is at work and may or may not come to an end in time.
    outgoing.on('information', ({ statusCode }: { statusCode: number }) => {
      isProcessing ||= statusCode === 102;
    });
    outgoing.on('error', (error) => {
      const { words, retryable } = explainDialFailure(error, { host: target.host, proxy });
      resolve(unreachable(words, retryable));
    });
    outgoing.on('response', (answer) => {
      if (answer.statusCode === 204) {
        answer.resume();
        resolve('accepted');
      } else {
        readRefusal(answer).then(resolve, () => resolve(readClaimRefusal(answer.statusCode ?? 0, undefined)));
      }
    });
    outgoing.end(body);
  });
}

/** Reads what the Cloud says about a claim that it did not accept. Its own text is not shown: it may be anything. */
async function readRefusal(answer: IncomingMessage): Promise<ClaimOutcome> {
  const status = answer.statusCode ?? 0;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) {
      answer.destroy();
      break;
    }
    chunks.push(chunk);
  }
  const fields = readFields(Buffer.concat(chunks).toString('utf8'));
  const refusal = readClaimRefusal(status, fields.key);
  const facts = [
    `status ${status}`,
    fields.key,
    fields.requestId === undefined ? undefined : `request ${fields.requestId}`,
  ];
  return { ...refusal, words: `${refusal.words} (${facts.filter((fact) => fact !== undefined).join(', ')})` };
}

/** The two fields that are safe to show, by their shape; both undefined for anything that is no JSON object. */
function readFields(text: string): { key: string | undefined; requestId: string | undefined } {
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
  return { key: field('errorMsgKey', /^Err[A-Za-z]{1,40}$/), requestId: field('requestId', /^[\w-]{1,64}$/) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
