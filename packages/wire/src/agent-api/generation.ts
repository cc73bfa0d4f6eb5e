// Which questions an agent understands, by what it announced; never by its version. Reading order of this folder: generation.ts, then
// one file per way of asking. [docs/link-protocol.md, Several nodes in one question]

import type { Capability } from '../gen/link/v1/capability.ts';

/** Level at which an ability is spoken; 0 = not at all. */
export const capabilityLevel = (capabilities: readonly Capability[], name: string): number =>
  capabilities.find((one) => one.name === name && one.enabled)?.version ?? 0;

/** The newest generation of the metrics API: v1 up to v1.38, v2 (several nodes in one question) up to v1.47, v3 from v2.0 on. */
export type MetricsApi = 'v1' | 'v2' | 'v3';

export function metricsApiOf(capabilities: readonly Capability[]): MetricsApi {
  const level = capabilityLevel(capabilities, 'http_api_v2');
  if (level >= 7) return 'v3';
  // Levels 1 and 2 are of releases between which the answers still changed.
  return level >= 3 ? 'v2' : 'v1';
}
