// A node with a few samples, to ask.

import { rolePermissions } from '@claimstead/wire/link/permissions';
import type { AgentFunction } from '../functions/agent-function.ts';
import { defaultAlerts } from '../health/default-alerts.ts';
import { Health } from '../health/health.ts';
import { noActivity, type ApiActivity } from '../metrics/api-activity.ts';
import { MetricStore, type ChartShape } from '../metrics/store.ts';
import type { HostInfo } from './host-info.ts';
import { localPermissions, type AgentReply, type Route } from './route.ts';
import { answer, createRoutes } from './routes.ts';

/** The second of the newest sample. */
export const nowSecond = 1_795_000_000;

const unknownOs = {
  name: 'Debian',
  id: 'debian',
  idLike: '',
  version: '12 "x"',
  versionId: '12',
  detection: '/etc/os-release',
};

export const hostInfo: HostInfo = {
  os: unknownOs,
  containerOs: undefined,
  kernelName: 'Linux',
  kernelVersion: '6.1.0',
  architecture: 'x86_64',
  cores: 2,
  cpuFrequencyHz: 2_000_000_000,
  ramBytes: 4096,
  diskBytes: 8192,
  virtualization: 'kvm',
  virtualizationDetection: 'dmi',
  container: 'none',
  containerDetection: 'none',
  timezone: 'UTC',
};

function chart(
  store: MetricStore,
  shape: Pick<ChartShape, 'id' | 'context' | 'family' | 'units'>,
  names: readonly string[],
): void {
  const rest = {
    title: 'A title',
    chartType: 'line',
    priority: 100,
    module: '/proc/stat',
    updateEverySeconds: 1,
  } as const;
  const stored = store.openChart({ ...shape, ...rest });
  for (const [i, name] of names.entries()) {
    const dimension = store.openDimension(stored, name, name, name === 'idle');
    for (let second = nowSecond - 59; second <= nowSecond; second++)
      dimension?.ring.write(second, i + (second % 10) / 10);
  }
  store.touch(stored, nowSecond);
}

const usual = { local: localPermissions, link: rolePermissions.member };

export interface TestNode {
  store: MetricStore;
  health: Health;
  activity: ApiActivity;
  errors: string[];
  routes: Route[];
  /** What this node answers to a GET of path and query; over the link a member asks unless told otherwise. */
  get(target: string, source?: 'local' | 'link', permissions?: number): Promise<AgentReply>;
}

/** A node with `system.cpu` (idle hidden), two disks in one context, and one chart with a name that needs escaping. */
export function testNode(
  extra: readonly Route[] = [],
  functions: readonly AgentFunction[] = [],
  definitions = defaultAlerts,
): TestNode {
  const store = new MetricStore({ retentionSeconds: 3600, maxDimensions: 100, onBoundHit: () => undefined });
  store.beginTick(nowSecond);
  chart(store, { id: 'system.cpu', context: 'system.cpu', family: 'cpu', units: 'percentage' }, [
    'user',
    'system',
    'idle',
  ]);
  chart(store, { id: 'disk.sda', context: 'disk.io', family: 'sda', units: 'KiB/s' }, ['reads', 'writes']);
  chart(store, { id: 'disk.sdb', context: 'disk.io', family: 'sdb', units: 'KiB/s' }, ['reads', 'writes']);
  chart(store, { id: 'net.a"b\\c', context: 'net.net', family: 'a"b\\c', units: 'kilobits/s' }, ['line\nbreak']);
  store.endTick(nowSecond);
  const health = new Health({
    store,
    definitions,
    cores: hostInfo.cores,
    startMs: nowSecond * 1000,
    newId: () => 'b0c6b6c0-0000-4000-8000-000000000002',
    onBoundHit: () => undefined,
  });
  health.run(nowSecond);
  const activity = noActivity();
  const errors: string[] = [];
  const facts = { 'cloud-enabled': true, 'cloud-available': true, 'agent-claimed': false, 'aclk-available': false };
  const routes = createRoutes({
    store,
    health,
    nowMs: () => nowSecond * 1000,
    hostInfo,
    version: 'v0.1.0',
    machineGuid: 'b0c6b6c0-0000-4000-8000-000000000001',
    hostname: 'node"1',
    cloudFacts: () => facts,
    functions,
    activity,
    log: { info: () => undefined, error: (_, text) => errors.push(text) },
    extra,
  });
  const get: TestNode['get'] = async (target, source = 'local', permissions = usual[source]) => {
    const [path = '', query = ''] = target.split('?');
    const { signal } = new AbortController();
    return answer(routes, { method: 'GET', path, query: new URLSearchParams(query), source, permissions, signal });
  };
  return { store, health, activity, errors, routes, get };
}
