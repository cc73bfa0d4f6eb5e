// What is known of a node, in sections of names and values. What was not told is left out. Pure.

import type { NodeFacts, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { formatNumber, formatWithUnit } from '../charts/units.ts';
import { plainText } from '../ui/plain-text.ts';
import { measuredWords, momentWords } from '../ui/time-words.ts';
import { informationWords as says } from './information-words.ts';

export interface InformationSection {
  title: string;
  /** Name and value; values come from agents and are plain text already. */
  rows: [name: string, value: string][];
}

/** What agents write where they do not know. */
const isUnknown = (value: string): boolean => /^(unknown|none|n\/a|null|-)?$/i.test(value.trim());

const told = (...parts: (string | undefined)[]): string =>
  parts.filter((part): part is string => part !== undefined && !isUnknown(part)).join(' ');

const hertz = (hz: number): string =>
  hz >= 1e9 ? `${formatNumber(hz / 1e9)} GHz` : hz >= 1e6 ? `${formatNumber(hz / 1e6)} MHz` : `${formatNumber(hz)} Hz`;

const positive = (value: number | null | undefined, write: (value: number) => string): string =>
  value !== null && value !== undefined && value > 0 ? write(value) : '';

/** `facts` is null while they are not known; sections without a row are left out. */
export function informationOf(node: NodeView, facts: NodeFacts | null): InformationSection[] {
  const { info } = node;
  const labels = new Map(Object.entries(facts?.labels ?? {}));
  const sections: InformationSection[] = [
    {
      title: says.system,
      rows: [
        [says.hostname, node.hostname],
        [says.os, told(info?.osName, info?.osVersion)],
        [says.kernel, told(info?.kernelName, info?.kernelVersion)],
        [says.architecture, told(info?.architecture)],
        [says.timezone, told(facts?.timezone || labels.get('_timezone'))],
        [says.virtualization, told(info?.virtualization)],
        [says.container, told(info?.container)],
      ],
    },
    {
      title: says.hardware,
      rows: [
        [says.cpus, positive(info?.cpus, String)],
        [says.cpuFrequency, positive(facts?.cpuFrequencyHz, hertz)],
        [says.memory, positive(info?.memoryBytes, (bytes) => formatWithUnit(bytes, 'B'))],
        [says.disk, positive(info?.diskBytes, (bytes) => formatWithUnit(bytes, 'B'))],
      ],
    },
    {
      title: says.cloud,
      rows: [
        [says.provider, told(labels.get('_cloud_provider_type'))],
        [says.instance, told(labels.get('_cloud_instance_type'))],
        [says.region, told(labels.get('_cloud_instance_region'))],
      ],
    },
    {
      title: says.agent,
      rows: [
        [says.version, told(info?.agentVersion)],
        [says.channel, told(facts?.releaseChannel)],
        [says.metricsApi, node.metricsApi],
        [says.contexts, positive(facts?.contextCount, (count) => count.toLocaleString('en'))],
      ],
    },
    { title: says.cloudSide, rows: cloudSideOf(node) },
  ];
  return sections
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter(([, value]) => value !== '').map(([name, value]): [string, string] => [name, plainText(value)]),
    }))
    .filter(({ rows }) => rows.length > 0);
}

/** A node that a parent streams has no claim, so nothing of one is said. */
function cloudSideOf(node: NodeView): [string, string][] {
  const measured = (ms: number | null): string => (ms === null ? '' : measuredWords(ms));
  return [
    [says.rooms, node.rooms.map(({ name }) => name).join(', ')],
    [node.claimId === null ? says.firstTold : says.claimed, momentWords(node.claimedAt)],
    [says.live, node.claimId === null ? '' : measured(node.claimToLiveMs)],
    [says.firstSample, node.claimId === null ? '' : measured(node.claimToFirstSampleMs)],
    [says.error, node.lastLinkError ?? ''],
    [says.nodeId, node.nodeId],
    [says.machineGuid, node.machineGuid],
    [says.claimId, node.claimId ?? ''],
  ];
}

/** Labels that say something, by name: those that people gave first, then those that the agent found (they begin with `_`). */
export const labelsInOrder = (labels: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(labels)
    .filter(([, value]) => value.trim() !== '')
    .sort(([a], [b]) => Number(a.startsWith('_')) - Number(b.startsWith('_')) || (a < b ? -1 : a > b ? 1 : 0));

/** Collectors by plugin: `proc.plugin` and its modules, each once, in order. */
export function collectorsByPlugin(collectors: NodeFacts['collectors']): [plugin: string, modules: string[]][] {
  const byPlugin = new Map<string, Set<string>>();
  for (const { plugin, module } of collectors) {
    const modules = byPlugin.get(plugin) ?? new Set();
    if (module !== '' && module !== plugin) modules.add(module);
    byPlugin.set(plugin, modules);
  }
  return [...byPlugin]
    .map(([plugin, modules]): [string, string[]] => [plugin, [...modules].sort()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
