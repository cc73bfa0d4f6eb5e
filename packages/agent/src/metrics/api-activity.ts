// How much the API answers: counted by the routes, shown as charts of the agent itself.

export interface ApiActivity {
  /** Answers to the agent's own port. */
  localRequests: number;
  /** Answers to the Cloud. */
  relayedRequests: number;
  failedRequests: number;
  /** Bytes of all answers before compression. */
  answeredBytes: number;
  /** Milliseconds that all answers took together. */
  totalMs: number;
}

export function noActivity(): ApiActivity {
  return { localRequests: 0, relayedRequests: 0, failedRequests: 0, answeredBytes: 0, totalMs: 0 };
}
