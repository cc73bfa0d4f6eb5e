// /api/v1/contexts: what can be asked, by context.

import { listContexts } from '../metrics/contexts.ts';
import type { MetricStore } from '../metrics/store.ts';
import { hostLabels, type HostInfo } from './host-info.ts';
import { jsonReply } from './reply.ts';
import type { Route } from './route.ts';

interface ContextsParts {
  store: MetricStore;
  hostInfo: HostInfo;
  machineGuid: string;
  hostname: string;
}

export function contextsRoutes({ store, hostInfo, machineGuid, hostname }: ContextsParts): Route[] {
  const answer: Route['answer'] = () => {
    const contexts = listContexts(store).map((context) => {
      const described = {
        version: context.version,
        family: context.family,
        priority: context.priority,
        title: context.title,
        units: context.units,
        chart_type: context.chartType,
        first_time_t: context.firstSecond,
        last_time_t: context.lastSecond,
        collected: context.collected,
        charts: context.charts.filter(({ obsolete }) => !obsolete).map(({ shape }) => shape.id),
      };
      return [context.id, described];
    });
    const host = { hostname, machine_guid: machineGuid, host_labels: hostLabels(hostInfo) };
    return jsonReply(JSON.stringify({ ...host, contexts: Object.fromEntries(contexts) }));
  };
  return [{ path: '/api/v1/contexts', permission: 'anonymous-data', mayBeRelayed: true, answer }];
}
