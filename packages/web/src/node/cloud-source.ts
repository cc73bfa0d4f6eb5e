// Charts of one node through the Cloud: history by relayed requests, newest rows by a watch on the live connection.

import { askAgent } from '../api/agent.ts';
import { wordsOf } from '../api/error-words.ts';
import { dataSearch, parseCharts, parseData } from '../charts/agent-answers.ts';
import type { ChartSource } from '../charts/source.ts';
import type { LiveConnection } from '../events/live-connection.ts';
import { plainText } from '../ui/plain-text.ts';

/** Rows before the watch began that are asked with it, so that nothing is missing behind the history. */
const overlapSeconds = 10;

export function cloudSource(nodeId: string, connection: LiveConnection): ChartSource {
  const ask = async <Answer>(
    path: string,
    parse: (answer: unknown) => Answer,
    signal: AbortSignal,
  ): Promise<Answer> => {
    try {
      return await askAgent(nodeId, `/api/v1${path}`, { parse }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw new Error(wordsOf(error), { cause: error });
    }
  };
  return {
    charts: (signal) => ask('/charts', parseCharts, signal),
    history: (query, signal) => ask(`/data?${dataSearch(query)}`, parseData, signal),
    watch: (chart, listener) =>
      connection.watch(
        { nodeIds: [nodeId], chart, historySeconds: overlapSeconds },
        {
          // By the same names as the history that they continue.
          onSamples: ({ dimensions, rows }) => listener.onRows({ dimensions: dimensions.map(plainText), rows }),
          onFailed: ({ message }) => listener.onFailed(message),
        },
      ),
  };
}
