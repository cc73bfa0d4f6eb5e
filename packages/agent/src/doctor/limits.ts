// How patient a check is.

/** For each hop, in ms: somebody sits there and waits. */
export const hopTimeoutMs = 10_000;
