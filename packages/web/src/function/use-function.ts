// A function that is asked again and again while somebody looks. What it answers stays in this page and goes when it is left.

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { AgentRefusal, askAgent } from '../api/agent.ts';
import { parseFunctionAnswer, type FunctionAnswer } from './function-table.ts';
import { parseFunctionList } from './function-list.ts';

export const functionListQuery = (nodeId: string) =>
  queryOptions({
    queryKey: ['functions', nodeId],
    queryFn: ({ signal }) => askAgent(nodeId, '/api/v1/functions', { parse: parseFunctionList }, signal),
    staleTime: 30_000,
    gcTime: 60_000,
  });

/** The least pause between two questions; an agent may wish for a longer one. */
const leastPauseSeconds = 2;

/** How often an answer is worth asking again, in seconds. */
export const pauseSeconds = (answer: FunctionAnswer | undefined): number =>
  Math.max(
    leastPauseSeconds,
    answer?.kind === 'table' ? Math.ceil(answer.table.updateEverySeconds) : leastPauseSeconds,
  );

/** `call`: name and arguments. Asked again until `isPaused`, while the tab is in front, and until the agent says no for good. */
export function useFunction(
  nodeId: string,
  { call, timeoutSeconds, isPaused }: { call: string; timeoutSeconds: number; isPaused: boolean },
) {
  return useQuery({
    queryKey: ['function', nodeId, call],
    queryFn: async ({ signal }) => {
      const search = `function=${encodeURIComponent(call)}&timeout=${timeoutSeconds}`;
      const answer = await askAgent(nodeId, `/api/v1/function?${search}`, { parse: parseFunctionAnswer }, signal);
      if (answer.kind === 'refused') throw new AgentRefusal(answer.status, answer.reason);
      return answer;
    },
    refetchInterval: ({ state: { data, error } }) =>
      isPaused || (error instanceof AgentRefusal && error.isForGood) || data?.kind === 'other'
        ? false
        : pauseSeconds(data) * 1000,
    // Other options of the same function replace its table when they are there, without a blank in between.
    placeholderData: keepPreviousData,
    // Thousands of rows that mostly changed: comparing them costs more than drawing what is in sight.
    structuralSharing: false,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
}
