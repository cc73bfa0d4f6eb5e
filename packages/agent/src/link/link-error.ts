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

  /** From whatever was thrown while `what` was asked for. */
  static from(what: string, cause: unknown): LinkError {
    if (cause instanceof LinkError) return cause;
    return new LinkError(
      `${what}: ${cause instanceof Error && cause.message !== '' ? cause.message : 'it failed for an unknown reason'}`,
    );
  }

  /** From an answer with an error status; `value` is its JSON, if it was any. */
  static fromAnswer(what: string, status: number, value: unknown): LinkError {
    const body = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const { errorMsgKey, errorMessage, errorNonRetryable, errorRetryDelaySeconds } = body;
    const key = typeof errorMsgKey === 'string' && /^\w{1,64}$/.test(errorMsgKey) ? ` ${errorMsgKey}` : '';
    const text = typeof errorMessage === 'string' ? `: ${errorMessage.slice(0, 200)}` : '';
    const delay =
      typeof errorRetryDelaySeconds === 'number' && errorRetryDelaySeconds > 0
        ? Math.min(errorRetryDelaySeconds, 3600) * 1000
        : undefined;
    return new LinkError(`${what}: the Cloud answered ${status}${key}${text}`, {
      ...(delay === undefined ? {} : { retryAfterMs: delay }),
      refusedForGood: errorNonRetryable === true,
    });
  }
}
