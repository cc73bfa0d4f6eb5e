// The version of everything in this package that two processes agree on. `wire-lock.test.ts` pins a hash of the
// shapes to it, so that nobody changes the wire without adding a line here.

/** One line per change, newest first. */
export const wireHistory = [
  { version: 2, date: '2026-11-22', change: 'UpdateAgentConnection.unclaimed: the claim was deleted on the node' },
  { version: 1, date: '2026-11-22', change: 'first version' },
] as const;

export const wireVersion = wireHistory[0].version;
