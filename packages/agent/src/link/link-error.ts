// What can go wrong on the way to a live link. Every error says in one sentence what happened, and answers itself whether and when to retry.

import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import { DialError, type DialHop } from '../dial/dial-error.ts';
import { printable } from '../dial/printable.ts';

/** Whatever a Cloud asks for: hundreds of attempts in a second would drown its log and this node's. */
const minRetrySeconds = 1;

export class LinkError extends Error {
  /** For programs; undefined for what is not the way's fault. */
  readonly code: DoctorCode | undefined;
  /** Which station of the way failed; undefined when the way was there. */
  readonly hop: DialHop | undefined;
  /** The Cloud said when to come back, milliseconds; undefined = by the agent's own back-off. */
  readonly retryAfterMs: number | undefined;
  /** The Cloud refused this identity; only a new claim helps. */
  readonly refusedForGood: boolean;

  constructor(
    message: string,
    options: {
      code?: DoctorCode;
      hop?: DialHop;
      retryAfterMs?: number;
      refusedForGood?: boolean;
      cause?: DialError;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'LinkError';
    this.code = options.code;
    this.hop = options.hop;
    this.retryAfterMs = options.retryAfterMs;
    this.refusedForGood = options.refusedForGood ?? false;
  }

  /** From whatever was thrown while `what` was asked for; `code` when the error itself has none. */
  static from(what: string, cause: unknown, code?: DoctorCode): LinkError {
    if (cause instanceof LinkError) return cause;
    const words = cause instanceof Error && cause.message !== '' ? cause.message : 'it failed for an unknown reason';
    if (cause instanceof DialError)
      return new LinkError(`${what}: ${words}`, { code: cause.code, hop: cause.hop, cause });
    return new LinkError(`${what}: ${words}`, code === undefined ? {} : { code });
  }

  /** From an answer with an error status; `value` is its JSON, if it was any. */
  static fromAnswer(what: string, status: number, value: unknown): LinkError {
    const body = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const { errorMsgKey, errorMessage, errorNonRetryable, errorRetryDelaySeconds } = body;
    const key = typeof errorMsgKey === 'string' && /^\w{1,64}$/.test(errorMsgKey) ? errorMsgKey : undefined;
    const text = typeof errorMessage === 'string' ? `: ${printable(errorMessage, 300)}` : '';
    const delay =
      typeof errorRetryDelaySeconds === 'number' && errorRetryDelaySeconds > 0
        ? Math.min(Math.max(errorRetryDelaySeconds, minRetrySeconds), 3600) * 1000
        : undefined;
    const code = codeOf(status, key);
    const before =
      code === 'node-removed' || code === 'claim-unknown' ? 'this node is no longer claimed in the Cloud; ' : '';
    return new LinkError(`${before}${what}: the Cloud answered ${status}${key === undefined ? '' : ` ${key}`}${text}`, {
      code,
      ...(delay === undefined ? {} : { retryAfterMs: delay }),
      refusedForGood: errorNonRetryable === true,
    });
  }
}

const byKey: Readonly<Record<string, DoctorCode>> = {
  ErrUnknownClaim: 'claim-unknown',
  ErrNodeRemoved: 'node-removed',
  ErrIncorrectResponse: 'key-mismatch',
  ErrIdentityContested: 'identity-contested',
  ErrWaitsForAdmission: 'waits-for-admission',
  ErrServiceUnavailable: 'cloud-busy',
  ErrInternalServerError: 'cloud-fault',
};

function codeOf(status: number, key: string | undefined): DoctorCode {
  const known = key !== undefined && Object.hasOwn(byKey, key) ? byKey[key] : undefined;
  if (known !== undefined) return known;
  if (status === 429 || status === 503) return 'cloud-busy';
  return status >= 500 ? 'cloud-fault' : 'not-a-cloud';
}
