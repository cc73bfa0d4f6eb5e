// `GET /api/v1/info`, which agents of every age answer, as far as it tells what a node is. Texts come from an agent.

import { z } from 'zod';
import { CollectorInfo, NodeInfo } from '../gen/link/v1/node_info.ts';

const text = z.string().catch('');
const labels = z.record(z.string(), z.unknown()).catch({});

const Answer = z.object({
  version: z.string(),
  os_name: text,
  os_version: text,
  kernel_name: text,
  kernel_version: text,
  architecture: text,
  virtualization: text,
  container: text,
  cores_total: z.coerce.number().int().min(0).max(1_000_000).catch(0),
  cpu_freq: text,
  ram_total: text,
  total_disk_space: text,
  release_channel: text,
  'release-channel': text,
  host_labels: labels,
  collectors: z.array(z.object({ plugin: text, module: text })).catch([]),
});

/** What `UpdateNodeInfo` and `UpdateNodeCollectors` would tell; undefined for what is no such answer. */
export function readInfo(value: unknown): { info: NodeInfo; collectors: CollectorInfo[] } | undefined {
  const parsed = Answer.safeParse(value);
  if (!parsed.success) return undefined;
  const answer = parsed.data;
  const hostLabels = Object.fromEntries(
    Object.entries(answer.host_labels).flatMap(([name, label]) => (typeof label === 'string' ? [[name, label]] : [])),
  );
  return {
    info: NodeInfo.create({
      version: answer.version,
      osName: answer.os_name,
      osVersion: answer.os_version,
      kernelName: answer.kernel_name,
      kernelVersion: answer.kernel_version,
      architecture: answer.architecture,
      virtualizationType: answer.virtualization,
      containerType: answer.container,
      cpus: answer.cores_total,
      cpuFrequency: answer.cpu_freq,
      memory: answer.ram_total,
      diskSpace: answer.total_disk_space,
      releaseChannel: answer.release_channel === '' ? answer['release-channel'] : answer.release_channel,
      timezone: hostLabels['_timezone'] ?? '',
      hostLabels,
    }),
    collectors: answer.collectors.map((collector) => CollectorInfo.create(collector)),
  };
}
