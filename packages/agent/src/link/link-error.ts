// What can go wrong on the way to a live link. Every error says in one sentence what happened, and answers itself whether and when to retry.

export class LinkError extends Error {
  /** The Cloud said when to come back, milliseconds; undefined = by the agent's own back-off. */
  readonly retryAfterMs: number | undefined;
  /** The Cloud refused this identity; only a new claim helps. */
  readonly refusedForGood: boolean;

  constructor(message: string, options: { retryAfterMs?: number; refusedForGood?: boolean } = {}) {
    super(message);
    this.name = 'LinkError';
    this.retryAfterMs = options.retryAfterMs;
    this.refusedForGood = options.refusedForGood ?? false;
  }

  /** From whatever a socket, TLS or a parser threw while `what` was asked for. */
  static from(what: string, cause: unknown): LinkError {
    if (cause instanceof LinkError) return cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    return new LinkError(`${what}: ${(code === undefined ? undefined : words[code]) ?? (message === '' ? (code ?? 'failed') : message)}`);
  }

  /** From an answer with an error status; `value` is its JSON, if it was any. */
  static fromAnswer(what: string, status: number, value: unknown): LinkError {
    const body = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const { errorMsgKey, errorMessage, errorNonRetryable, errorRetryDelaySeconds } = body;
    const key = typeof errorMsgKey === 'string' && /^\w{1,64}$/.test(errorMsgKey) ? ` ${errorMsgKey}` : '';
    const text = typeof errorMessage === 'string' ? `: ${errorMessage.slice(0, 200)}` : '';
    const delay = typeof errorRetryDelaySeconds === 'number' && errorRetryDelaySeconds > 0 ? Math.min(errorRetryDelaySeconds, 3600) * 1000 : undefined;
    return new LinkError(`${what}: the Cloud answered ${status}${key}${text}`, {
      ...(delay === undefined ? {} : { retryAfterMs: delay }),
      refusedForGood: errorNonRetryable === true,
    });
  }
}

const words: Record<string, string> = {
  ENOTFOUND: "the Cloud's host name cannot be resolved; check the URL and this machine's DNS",
  EAI_AGAIN: "this machine's DNS does not answer",
  ECONNREFUSED: 'nothing listens at the Cloud\'s address, or a firewall refuses',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'the connection timed out; check the firewall, or set a proxy',
  EHOSTUNREACH: 'there is no route to the Cloud',
  ENETUNREACH: 'this machine has no network',
  ABORT_ERR: 'stopped',
  SELF_SIGNED_CERT_IN_CHAIN: "the Cloud's certificate is from an authority that this machine does not trust; put its chain into claim.d/cloud_fullchain.pem",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the Cloud's certificate is from an authority that this machine does not trust; put its chain into claim.d/cloud_fullchain.pem",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the Cloud's certificate is from an authority that this machine does not trust; put its chain into claim.d/cloud_fullchain.pem",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the Cloud's certificate is self-signed; put it into claim.d/cloud_fullchain.pem",
  ERR_TLS_CERT_ALTNAME_INVALID: "the Cloud's certificate is for another host name",
  CERT_HAS_EXPIRED: "the Cloud's certificate has expired, or this machine's clock is wrong",
  CERT_NOT_YET_VALID: "the Cloud's certificate is not valid yet; check this machine's clock",
};
