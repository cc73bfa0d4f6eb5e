// Where charts come from: a node through the Cloud (node/cloud-source.ts) or the agent that serves the page
// (agent-page/agent-source.ts).

import type { Chart, HistoryQuery, Rows } from './agent-answers.ts';

export interface WatchListener {
  /** New rows, oldest first; they may overlap with what was given before. */
  onRows(rows: Rows): void;
  /** This round brought nothing; the watch goes on. */
  onFailed(reason: string): void;
}

export interface ChartSource {
  charts(signal: AbortSignal): Promise<Chart[]>;
  /** Rejects with an Error whose message is fit for a person, or with the signal's reason. */
  history(query: HistoryQuery, signal: AbortSignal): Promise<Rows>;
  /** Newest rows about once a second until the returned function is called. */
  watch(chart: string, listener: WatchListener): () => void;
}
