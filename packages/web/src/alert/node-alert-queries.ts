// What is asked of a node's agent about its alerts. Nothing of it is kept anywhere but in this page.

import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { askAgent } from '../api/agent.ts';
import { keys } from '../api/queries.ts';
import { parseAgentAlerts, parseAlertLog } from './agent-alerts.ts';

/** Values move on without a change of any alert. */
const valuesEveryMs = 10_000;

/** Every alert of the node with its present value; asked again every ten seconds while the tab is in front. */
export const agentAlertsQuery = (nodeId: string) =>
  queryOptions({
    queryKey: keys.agentAlerts(nodeId),
    queryFn: ({ signal }) => askAgent(nodeId, '/api/v1/alarms?all', { parse: parseAgentAlerts }, signal),
    refetchInterval: valuesEveryMs,
    staleTime: valuesEveryMs / 2,
    gcTime: 60_000,
  });

const ChartName = z.object({ id: z.string().min(1).max(1000) });

/** Logs name charts by their ids; of a quiet alert only the chart's other name is known, so the agent is asked for the id. */
async function chartIdOf(nodeId: string, chart: string, signal: AbortSignal): Promise<string> {
  try {
    return (await askAgent(nodeId, `/api/v1/chart?chart=${encodeURIComponent(chart)}`, ChartName, signal)).id;
  } catch (error) {
    if (signal.aborted) throw error;
    return chart;
  }
}

/** Changes of one alert, the newest first. `isChartId`: whether `chart` is the id already. */
export const alertLogQuery = (
  nodeId: string,
  { name, chart, chartName, isChartId }: { name: string; chart: string; chartName: string; isChartId: boolean },
) =>
  queryOptions({
    queryKey: [...keys.agentAlerts(nodeId), 'log', name, chart],
    queryFn: async ({ signal }) => {
      const id = isChartId ? chart : await chartIdOf(nodeId, chart, signal);
      const log = await askAgent(
        nodeId,
        `/api/v1/alarm_log?chart=${encodeURIComponent(id)}`,
        { parse: parseAlertLog },
        signal,
      );
      const charts = new Set([id, chart, chartName]);
      return log.filter((change) => change.name === name && charts.has(change.chart));
    },
    staleTime: 10_000,
    gcTime: 60_000,
  });
