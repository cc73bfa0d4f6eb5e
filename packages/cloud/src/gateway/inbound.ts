// What each message of an agent means. A payload may only speak of its own link's claim and node; anything else has no effect. [trust T6]

import type { NodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import type { Upstream } from '@claimstead/wire/link/upstream';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { isHostname } from '../claim/checked-claim.ts';
import type { LivePresence } from '../node/live-presence.ts';
import type { Link } from './link.ts';

export interface InboundParts {
  presence: LivePresence;
  /** The host name as the agent tells it now. */
  onHostname(link: Link, hostname: string): void;
}

/** `foreign`: the message names what is not this link's. `unclaimed`: the claim was deleted on the node, which is the last that its agent says. */
export type Heard = 'own' | 'foreign' | 'unclaimed';

export function inbound(parts: InboundParts, link: Link, upstream: Upstream): Heard {
  if (isFarewellForEver(link, upstream)) {
    parts.presence.linkDown(link.node.claimId, null);
    return 'unclaimed';
  }
  return hear(parts, link, upstream) ? 'own' : 'foreign';
}

/** Said over the authenticated session itself, of its own claim and this very connection. A will cannot say it. [trust T6, T7] */
function isFarewellForEver(link: Link, upstream: Upstream): boolean {
  if (upstream.name !== 'UpdateAgentConnection') return false;
  const { message } = upstream;
  const isOwn = message.claimId === link.node.claimId && message.sessionId >= link.sessionId;
  return isOwn && message.unclaimed && !message.reachable;
}

/** False when the message names what is not this link's. */
function hear(parts: InboundParts, link: Link, upstream: Upstream): boolean {
  const { presence } = parts;
  const { claimId, nodeId, machineGuid } = link.node;
  switch (upstream.name) {
    case 'UpdateAgentConnection': {
      const { message } = upstream;
      if (message.claimId !== claimId) return false;
      // An update of an older connection that arrives late says nothing about this one. [trust T7]
      if (message.sessionId < link.sessionId) return true;
      link.sessionId = message.sessionId;
      if (!message.reachable) {
        presence.linkDown(claimId, null);
        return true;
      }
      presence.linkUp(claimId, nodeId);
      // The node id is sent unasked, before the agent is told to list its nodes: that saves agents of v2 a round of two seconds.
      link.send('CreateNodeInstanceResult', { nodeId, machineGuid });
      link.send('SendNodeInstances', { claimId, spaceId: link.node.spaceId });
      return true;
    }
    case 'CreateNodeInstance': {
      const { message } = upstream;
      if (message.claimId !== claimId || message.machineGuid !== machineGuid) return false;
      nameHost(link, message.hostname);
      link.send('CreateNodeInstanceResult', { nodeId, machineGuid });
      return true;
    }
    case 'UpdateNodeInstanceConnection': {
      const { message } = upstream;
      if (message.claimId !== claimId || message.nodeId !== nodeId) return false;
      presence.pathReported(claimId, nodeId, {
        live: message.liveness,
        queryable: message.queryable,
        hops: message.hops,
      });
      return true;
    }
    case 'UpdateNodeInfo': {
      const { message } = upstream;
      if (
        message.claimId !== claimId ||
        message.machineGuid !== machineGuid ||
        (message.nodeId !== '' && message.nodeId !== nodeId)
      )
        return false;
      if (message.data === undefined) return true;
      nameHost(link, message.data.name);
      presence.infoTold(nodeId, toInfo(message.data));
      parts.onHostname(link, message.data.name);
      return true;
    }
    case 'UpdateNodeCollectors':
    case 'ContextsSnapshot':
    case 'ContextsUpdated':
    case 'AlarmLogEntry':
    case 'AlarmSnapshot':
    case 'AlarmCheckpoint':
    case 'AlarmLogHealth':
      return (
        upstream.message.claimId === claimId && (upstream.message.nodeId === nodeId || upstream.message.nodeId === '')
      );
    case 'ProvideAlarmConfiguration':
      return true;
  }
}

function nameHost(link: Link, hostname: string): void {
  if (isHostname(hostname)) link.host.hostname = hostname;
}

/** Characters of any text that an agent tells of itself and that is kept in memory. */
const maxInfoCharacters = 256;

function toInfo(data: NodeInfo): NonNullable<NodeView['info']> {
  const text = (value: string): string => value.slice(0, maxInfoCharacters);
  const bytes = (value: string): number | null => (/^\d{1,18}$/.test(value) ? Number(value) : null);
  return {
    agentVersion: text(data.version),
    osName: text(data.osName),
    osVersion: text(data.osVersion),
    kernelName: text(data.kernelName),
    kernelVersion: text(data.kernelVersion),
    architecture: text(data.architecture),
    cpus: data.cpus,
    memoryBytes: bytes(data.memory),
    diskBytes: bytes(data.diskSpace),
    virtualization: text(data.virtualizationType),
    container: text(data.containerType),
  };
}
