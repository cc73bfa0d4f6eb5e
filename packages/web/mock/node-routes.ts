// What the mock answers about one node: its facts, its alerts, and what is relayed to its agent.

import type { NodeFacts, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { alarmLogAnswer, alarmsAnswer, alertDefinition, raisedAlerts } from './alerts.ts';
import { functionAnswer, functionsAnswer } from './functions.ts';
import { chartsAnswer, dataAnswer } from './metrics.ts';
import { mockCharts } from './mock-charts.ts';

/** Status and body of an answer. */
export interface MockAnswer {
  status: number;
  body: unknown;
}

export const alertsOf = (node: NodeView) => (node.alerts ? raisedAlerts(node.nodeId, node.alerts) : []);

export { alertDefinition };

export const factsOf = (node: NodeView): NodeFacts => ({
  releaseChannel: 'stable',
  timezone: 'Europe/Berlin',
  cpuFrequencyHz: 2.4e9,
  labels: {
    role: 'web',
    site: 'bremen',
    owner: '<b>räuber</b>',
    _os: 'linux',
    _timezone: 'Europe/Berlin',
    _is_k8s_node: 'false',
    _cloud_provider_type: node.nodeId.endsWith('0') ? 'GCP' : 'unknown',
    _cloud_instance_type: node.nodeId.endsWith('0') ? 'e2-standard-4' : 'unknown',
    _cloud_instance_region: node.nodeId.endsWith('0') ? 'europe-north1' : 'unknown',
    _install_type: 'oci',
    _streams_to: node.via ? `${node.via.hostname}:19999` : '',
  },
  collectors: [
    ...['/proc/stat', '/proc/meminfo', '/proc/net/dev', '/proc/diskstats', '/proc/loadavg'].map((module) => ({
      plugin: 'proc.plugin',
      module,
    })),
    { plugin: 'apps.plugin', module: 'apps' },
    { plugin: 'go.d.plugin', module: 'nginx' },
    { plugin: 'go.d.plugin', module: 'postgres' },
  ],
  capabilities: [
    { name: 'proto', version: 1, enabled: true },
    { name: 'ml', version: 1, enabled: true },
    { name: 'ctx', version: 1, enabled: true },
    { name: 'funcs', version: 1, enabled: node.hasFunctions },
    { name: 'http_api_v2', version: 13, enabled: node.metricsApi !== 'v1' },
    { name: 'health', version: 2, enabled: true },
    { name: 'dyncfg', version: 0, enabled: false },
  ],
  contextCount: 214,
  paths: [
    ...(node.via ? [{ ...node.via, live: true, queryable: true }] : []),
    {
      nodeId: node.nodeId,
      hostname: node.hostname,
      hops: 0,
      live: node.state === 'live' && !node.via,
      queryable: node.state === 'live' && !node.via,
    },
  ],
});

/** GET of the agent's API; null = there is no such address. `newest` and `start`: seconds since 1970 of the stored rows. */
export function agentAnswer(
  node: Pick<NodeView, 'nodeId' | 'alerts' | 'metricsApi'>,
  what: string,
  query: URLSearchParams,
  { newest, start }: { newest: number; start: number },
): MockAnswer | null {
  const raised = node.alerts ? raisedAlerts(node.nodeId, node.alerts) : [];
  const found = (body: unknown): MockAnswer => ({ status: 200, body });
  switch (what) {
    case 'charts':
      return found(chartsAnswer(start, newest));
    case 'chart': {
      const chart = mockCharts.find(({ id, name }) => [id, name].includes(query.get('chart') ?? ''));
      return chart ? found({ id: chart.id }) : null;
    }
    case 'data': {
      const answer = dataAnswer(node.nodeId, query, newest, start);
      return answer && found(answer);
    }
    case 'alarms':
      return found(alarmsAnswer(raised));
    case 'alarm_log':
      return found(alarmLogAnswer(raised, query.get('chart') ?? ''));
    case 'functions':
      return found(functionsAnswer(node.metricsApi === 'v1'));
    case 'function':
      return functionAnswer(query.get('function') ?? '');
    default:
      return null;
  }
}
