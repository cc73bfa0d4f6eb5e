// Every function, and nothing else: adding one means adding it here.

import { setTimeout as wait } from 'node:timers/promises';
import type { MetricStore } from '../metrics/store.ts';
import type { AgentFunction } from './agent-function.ts';
import { machineFiles } from './machine-files.ts';
import { mountPoints } from './mount-points.ts';
import { networkConnections } from './network-connections.ts';
import { processes } from './processes.ts';

/** `root`: where /proc is found: `/`, or another place that a container mounts it at. */
export function machineFunctions(root: string, store: MetricStore): AgentFunction[] {
  const files = machineFiles(root);
  const pause = async (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal });
  const monotonicMs = (): number => performance.now();
  return [processes({ files, monotonicMs, pause }), networkConnections(files), mountPoints(store, files)];
}
