// Charts of the agent that serves this page: its own API, one question per second for each chart in sight.

import { dataSearch, parseCharts, parseData, type Rows } from '../charts/agent-answers.ts';
import { agentErrorWords } from './agent-words.ts';
import type { HistoryQuery } from '../charts/agent-answers.ts';
import type { ChartSource } from '../charts/source.ts';

const everyMs = 1_000;
/** Rows asked for each second: some more than one, so that a late answer leaves no hole. */
const newestSeconds = 8;

async function ask(path: string, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { signal, headers: { accept: 'application/json' } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error(agentErrorWords.unreachable, { cause: error });
  }
  if (!response.ok) throw new Error(agentErrorWords.status(response.status));
  return response.json();
}

async function rowsOf(query: HistoryQuery, signal: AbortSignal): Promise<Rows> {
  return parseData(await ask(`api/v1/data?${dataSearch(query)}`, signal));
}

export const agentSource: ChartSource = {
  charts: async (signal) => parseCharts(await ask('api/v1/charts', signal)),
  history: rowsOf,
  watch(chart, listener) {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        listener.onRows(
          await rowsOf(
            { chart, spanSeconds: newestSeconds, beforeSeconds: null, points: newestSeconds },
            ending.signal,
          ),
        );
      } catch (error) {
        if (ending.signal.aborted) return;
        listener.onFailed(error instanceof Error ? error.message : String(error));
      }
      // After the answer, not beside it: a slow agent is not asked twice at once.
      if (!ending.signal.aborted) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  },
};

export const askInfo = (signal: AbortSignal): Promise<unknown> => ask('api/v1/info', signal);
