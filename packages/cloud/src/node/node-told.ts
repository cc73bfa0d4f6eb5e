// What agents tell of nodes: system, labels, collectors, abilities. In memory only, texts of strangers, each bounded.

import type { Capability } from '@claimstead/wire/gen/link/v1/capability';
import type { CollectorInfo, NodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import type { NodeFacts, NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { NodeId } from '@claimstead/wire/ids';
import { beginning } from './beginning.ts';

export interface Told {
  info: NodeView['info'];
  releaseChannel: string;
  timezone: string;
  cpuFrequencyHz: number | null;
  labels: NodeFacts['labels'];
  collectors: NodeFacts['collectors'];
  capabilities: NodeFacts['capabilities'];
}

export interface NodeTold {
  infoTold(nodeId: NodeId, data: NodeInfo): void;
  collectorsTold(nodeId: NodeId, collectors: readonly CollectorInfo[]): void;
  capabilitiesTold(nodeId: NodeId, capabilities: readonly Capability[]): void;
  /** Everything is empty until it was told. */
  of(nodeId: NodeId): Told;
  forgetNode(nodeId: NodeId): void;
}

const maxTextCharacters = 256;
/** Agents tell some dozens of labels, and one collector per module. */
const maxLabels = 300;
const maxCollectors = 1000;
const maxCapabilities = 64;

const nothing: Told = {
  info: null,
  releaseChannel: '',
  timezone: '',
  cpuFrequencyHz: null,
  labels: {},
  collectors: [],
  capabilities: [],
};

const text = (value: string): string => beginning(value, maxTextCharacters);
/** Agents up to v1.36 write large amounts as `2.445e+09`. */
const amount = (value: string): number | null =>
  /^\d{1,18}(\.\d{1,18})?(e\+?\d{1,2})?$/.test(value) ? Math.round(Number(value)) : null;

export function createNodeTold(parts: {
  onChange: (nodeId: NodeId) => void;
  /** Labels, too, were told. */
  onInfo: (nodeId: NodeId) => void;
}): NodeTold {
  const known = new Map<NodeId, Told>();
  const tell = (nodeId: NodeId, news: Partial<Told>): void => {
    known.set(nodeId, { ...(known.get(nodeId) ?? nothing), ...news });
    parts.onChange(nodeId);
  };
  return {
    infoTold(nodeId, data) {
      tell(nodeId, {
        info: {
          agentVersion: text(data.version),
          osName: text(data.osName),
          osVersion: text(data.osVersion),
          kernelName: text(data.kernelName),
          kernelVersion: text(data.kernelVersion),
          architecture: text(data.architecture),
          cpus: data.cpus,
          memoryBytes: amount(data.memory),
          diskBytes: amount(data.diskSpace),
          virtualization: text(data.virtualizationType),
          container: text(data.containerType),
        },
        releaseChannel: text(data.releaseChannel),
        timezone: text(data.timezone),
        cpuFrequencyHz: amount(data.cpuFrequency),
        labels: Object.fromEntries(
          Object.entries(data.hostLabels)
            .slice(0, maxLabels)
            .map(([name, value]) => [text(name), text(value)]),
        ),
      });
      parts.onInfo(nodeId);
    },
    collectorsTold: (nodeId, collectors) =>
      tell(nodeId, {
        collectors: collectors
          .slice(0, maxCollectors)
          .map(({ plugin, module }) => ({ plugin: text(plugin), module: text(module) })),
      }),
    capabilitiesTold: (nodeId, capabilities) =>
      tell(nodeId, {
        capabilities: capabilities
          .slice(0, maxCapabilities)
          .map(({ name, version, enabled }) => ({ name: text(name), version, enabled })),
      }),
    of: (nodeId) => known.get(nodeId) ?? nothing,
    forgetNode: (nodeId) => void known.delete(nodeId),
  };
}
