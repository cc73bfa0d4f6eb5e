// What is said on one link after it opened: which nodes its agent speaks for, and what each message means. A payload may speak of the
// link's own node, and of machines that its agent streams into the same Space; anything else has no effect. [trust T6, decision 11]

import type { AlarmConfiguration } from '@claimstead/wire/gen/link/v1/alarm';
import type { Capability } from '@claimstead/wire/gen/link/v1/capability';
import type { UpdateNodeInstanceConnection } from '@claimstead/wire/gen/link/v1/node';
import type { NodeInfo, UpdateNodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import type { NodeId } from '@claimstead/wire/ids';
import type { Upstream } from '@claimstead/wire/link/upstream';
import type { LiveAlerts } from '../alert/live-alerts.ts';
import { isHostname } from '../claim/checked-claim.ts';
import type { Clock } from '../clock.ts';
import type { LiveContexts } from '../context/live-contexts.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { LivePresence } from '../node/live-presence.ts';
import type { NodeStore } from '../node/node.ts';
import type { NodeTold } from '../node/node-told.ts';
import { createDefinitions } from './definitions.ts';
import type { Link } from './link.ts';
import { createLinkNodes, linkNode, type LinkNode } from './link-nodes.ts';
import { createMissingInfo } from './missing-info.ts';
import { createStreams } from './streams.ts';

export interface ConversationParts {
  clock: Clock;
  presence: LivePresence;
  told: NodeTold;
  contexts: LiveContexts;
  alerts: LiveAlerts;
  nodes: Pick<NodeStore, 'adopt' | 'byNodeId'>;
  /** The host name of a node as an agent tells it now. */
  onHostname(node: LinkNode, hostname: string): void;
  /** New machines that each claim may bring: each is written to the disk, and its removal, too. */
  newChildren: RateLimit;
  /** A parent has a machine that was not known before. */
  onAdopted(nodeId: NodeId): void;
  /** Ends the claim and its node for good; resolves when that is durable, with what tells everybody. */
  unclaim(link: Link): Promise<() => void>;
  /** A parent lets a machine go that has no claim of its own, and that nobody else can answer for. */
  letGo(link: Link, nodeId: NodeId): Promise<void>;
}

/** Whether a message was about what is the link's own, and what is to be done once it is acknowledged. */
export interface Heard {
  heeded: boolean;
  after?: () => void;
}

export interface Conversation {
  /** A promise where the message must have taken effect before the next one is heard. */
  hear(upstream: Upstream): boolean | Promise<Heard>;
  /** How the alert is defined on the node; undefined where its agent does not answer. */
  definition(configHash: string): Promise<AlarmConfiguration | undefined>;
  /** The node was removed from its Space: nothing more is heard of it under that id. */
  forget(nodeId: NodeId): void;
  close(): void;
}

const heeded: Heard = { heeded: true };
const foreign: Heard = { heeded: false };

export function createConversation(link: Link, parts: ConversationParts): Conversation {
  const { presence, told, contexts, alerts } = parts;
  const { claimId, nodeId: ownNodeId } = link.node;
  const own = linkNode(link.node, true);
  const nodes = createLinkNodes(link, parts);
  const streams = createStreams(link, parts);
  const definitions = createDefinitions(link, parts.clock);
  const missingInfo = createMissingInfo(link, parts);

  /** A parent's word about a machine counts while that machine's own agent is not connected. */
  const mayTell = ({ nodeId, isOwn }: LinkNode): boolean =>
    isOwn || !presence.pathsTo(nodeId).some((path) => path.isOwn);

  const agentConnection = (message: Extract<Upstream, { name: 'UpdateAgentConnection' }>['message']) => {
    // An update of an older connection that arrives late says nothing about this one. [trust T7]
    if (message.sessionId < link.sessionId) return true;
    link.sessionId = message.sessionId;
    if (!message.reachable) {
      presence.linkDown(claimId, null);
      // Said over the authenticated session itself; a will cannot say it. [trust T6]
      return message.unclaimed ? parts.unclaim(link).then((after) => ({ heeded: true, after })) : true;
    }
    streams.agentIs(message.capabilities);
    if (message.capabilities.length > 0) told.capabilitiesTold(ownNodeId, message.capabilities);
    presence.linkUp(claimId, ownNodeId);
    // The node id is sent unasked, before the agent is told to list its nodes: that saves agents of v2 a round of two seconds.
    tellNodeId(own);
    link.send('SendNodeInstances', { claimId, spaceId: link.node.spaceId });
    return true;
  };

  const tellNodeId = ({ nodeId, machineGuid }: LinkNode): void =>
    link.send('CreateNodeInstanceResult', { nodeId, machineGuid });

  const adopt = async (machineGuid: string, hostname: string, use: (node: LinkNode) => void): Promise<Heard> => {
    const child = await nodes.adopt(machineGuid, hostname);
    if (child === 'refused') return foreign;
    if (child === undefined) return heeded;
    parts.onAdopted(child.nodeId);
    tellNodeId(child);
    use(child);
    return heeded;
  };

  const nodeConnection = (
    { liveness, queryable, hops, capabilities }: UpdateNodeInstanceConnection,
    node: LinkNode,
  ): boolean | Promise<Heard> => {
    const { nodeId, isOwn } = node;
    if (!liveness && !queryable) {
      // An agent that takes the machine in again may have forgotten what it was asked to tell of it.
      streams.end(nodeId);
      // Who never answered for a machine has nothing to let go.
      if (!presence.pathGone(claimId, nodeId) || isOwn) return true;
      return parts.letGo(link, nodeId).then(() => heeded);
    }
    presence.pathReported(claimId, nodeId, {
      isOwn,
      live: liveness,
      queryable,
      hops: isOwn ? 0 : Math.max(1, Math.min(hops, 100)),
    });
    tellCapabilities(node, capabilities);
    streams.start(nodeId);
    if (told.of(nodeId).info === null) missingInfo.want(node);
    return true;
  };

  const tellCapabilities = (node: LinkNode, capabilities: readonly Capability[]): void => {
    if (capabilities.length > 0 && mayTell(node)) told.capabilitiesTold(node.nodeId, capabilities);
  };

  const tellInfo = (node: LinkNode, data: NodeInfo, capabilities: readonly Capability[]): void => {
    if (node.isOwn && isHostname(data.name)) link.host.hostname = data.name;
    if (!mayTell(node)) return;
    told.infoTold(node.nodeId, data);
    tellCapabilities(node, capabilities);
    parts.onHostname(node, data.name);
  };

  const nodeInfo = ({ nodeId, machineGuid, data, nodeInstanceInfo }: UpdateNodeInfo): boolean | Promise<Heard> => {
    const known = nodes.byMachine(machineGuid);
    if (nodes.byNodeId(nodeId)?.isOwn === true && known?.isOwn !== true) return false;
    if (data === undefined) return true;
    const use = (node: LinkNode): void => tellInfo(node, data, nodeInstanceInfo?.capabilities ?? []);
    if (known === undefined) return adopt(machineGuid, data.name, use);
    // The agent knows the node id of another Cloud, or of a Space that it was in before.
    if (nodeId !== '' && nodeId.toLowerCase() !== known.nodeId) tellNodeId(known);
    use(known);
    return true;
  };

  /** An agent that knows a node id from an earlier connection begins with this message. */
  const reportedNode = async (message: UpdateNodeInstanceConnection): Promise<Heard> => {
    const found = await nodes.find(message.nodeId);
    if (found === 'refused') return foreign;
    if (found === undefined) return heeded;
    const outcome = await nodeConnection(message, found);
    return typeof outcome === 'boolean' ? { heeded: outcome } : outcome;
  };

  /** Of a node that this link speaks for; '' is the agent's own. */
  const about = (nodeId: string, use: (node: LinkNode) => void): boolean => {
    const node = nodes.byNodeId(nodeId === '' ? ownNodeId : nodeId);
    if (node === undefined) return nodes.isIgnored(nodeId);
    use(node);
    return true;
  };

  return {
    hear(upstream) {
      if (upstream.name === 'ProvideAlarmConfiguration') return definitions.provided(upstream.message);
      if (upstream.message.claimId !== claimId) return false;
      switch (upstream.name) {
        case 'UpdateAgentConnection':
          return agentConnection(upstream.message);
        case 'CreateNodeInstance': {
          const { machineGuid, hostname } = upstream.message;
          const known = nodes.byMachine(machineGuid);
          if (known === undefined) return adopt(machineGuid, hostname, () => undefined);
          if (known.isOwn && isHostname(hostname)) link.host.hostname = hostname;
          tellNodeId(known);
          return true;
        }
        case 'UpdateNodeInstanceConnection': {
          const node = nodes.byNodeId(upstream.message.nodeId);
          return node === undefined ? reportedNode(upstream.message) : nodeConnection(upstream.message, node);
        }
        case 'UpdateNodeInfo':
          return nodeInfo(upstream.message);
        case 'UpdateNodeCollectors': {
          const { nodeId, collectors } = upstream.message;
          return about(nodeId, (node) => {
            if (mayTell(node)) told.collectorsTold(node.nodeId, collectors);
          });
        }
        case 'ContextsSnapshot': {
          const { message } = upstream;
          return about(message.nodeId, ({ nodeId }) => contexts.snapshotTold(claimId, nodeId, message));
        }
        case 'ContextsUpdated': {
          const { message } = upstream;
          return about(message.nodeId, ({ nodeId }) => contexts.updateTold(claimId, nodeId, message));
        }
        case 'AlarmLogEntry': {
          const { message } = upstream;
          return about(message.nodeId, ({ nodeId }) => alerts.entryTold(claimId, nodeId, message));
        }
        case 'AlarmSnapshot': {
          const { message } = upstream;
          return about(message.nodeId, ({ nodeId }) => alerts.snapshotTold(claimId, nodeId, message));
        }
        case 'AlarmCheckpoint': {
          const { message } = upstream;
          return about(message.nodeId, ({ nodeId }) => streams.checksumTold(nodeId, message.checksum));
        }
        case 'AlarmLogHealth': {
          const { nodeId, logEntries } = upstream.message;
          return about(nodeId, (node) => streams.logHealthTold(node.nodeId, logEntries?.lastSequenceId ?? 0n));
        }
      }
    },
    definition: (configHash) => definitions.ask(configHash),
    forget(nodeId) {
      nodes.forget(nodeId);
      streams.end(nodeId);
      missingInfo.forget(nodeId);
    },
    close() {
      streams.close();
      missingInfo.close();
      definitions.close();
    },
  };
}
