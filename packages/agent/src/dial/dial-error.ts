// What can go wrong between this node and TLS with the Cloud. `code` is for programs, the words are for people.

import type { DoctorCode } from '@claimstead/wire/doctor/codes';

/**
 * The stations on the way, in the order of the way: `proxy` is finding, reaching and asking a proxy, instead of `tcp`; `answer` is the
 * answer to a request, once there is a connection.
 */
export type DialHop = 'dns' | 'tcp' | 'proxy' | 'tls' | 'answer';

export interface DialFault {
  hop: DialHop;
  code: DoctorCode;
  /** What is wrong, a sentence without its full stop. Holds no credentials. */
  cause: string;
  /** What to do about it, likewise. */
  remedy: string;
  /** Whether the same attempt may succeed in a moment; not for certificates and refusals. */
  retryable: boolean;
}

export class DialError extends Error implements DialFault {
  readonly hop: DialHop;
  readonly code: DoctorCode;
  /** Shadows the standard property on purpose: here it is the sentence for people. */
  override readonly cause: string;
  readonly remedy: string;
  readonly retryable: boolean;

  /** `message` is cause and remedy in one sentence. */
  constructor({ hop, code, cause, remedy, retryable }: DialFault) {
    super(`${cause}; ${remedy}.`);
    this.name = 'DialError';
    this.hop = hop;
    this.code = code;
    this.cause = cause;
    this.remedy = remedy;
    this.retryable = retryable;
  }
}
