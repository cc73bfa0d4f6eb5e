// The nodes that the agent of one link speaks for: its own, and the machines that it streams as a parent. Those are learned from what it
// says, and only within its Space. [decision 11]

import { parseMachineGuid, parseNodeId, type MachineGuid, type NodeId } from '@claimstead/wire/ids';
import { isHostname } from '../claim/checked-claim.ts';
import type { Clock } from '../clock.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { Child, Node, NodeStore } from '../node/node.ts';
import { plainAnswer, takesGzip } from '../relay/plain-answer.ts';
import type { Link } from './link.ts';
import { readNodeInstances } from './node-instances.ts';

export interface LinkNode {
  nodeId: NodeId;
  machineGuid: MachineGuid;
  /** The machine that the agent itself runs on. */
  isOwn: boolean;
  /** As it is stored. */
  hostname: string;
}

/** `refused`: it is no business of this link. Undefined: an administrator removed the machine, or nobody knows it under that id. */
export type Looked = LinkNode | 'refused' | undefined;

export interface LinkNodes {
  byNodeId(nodeId: string): LinkNode | undefined;
  byMachine(machineGuid: string): LinkNode | undefined;
  /** The node of a machine that the agent streams, made where there is none. */
  adopt(machineGuid: string, hostname: string): Promise<Looked>;
  /** A node id that the agent knows from an earlier connection, perhaps with another Cloud. */
  find(nodeId: string): Promise<Looked>;
  /** A removed node, or one of another Cloud: what is said of it under that id is neither foreign nor taken. */
  isIgnored(nodeId: string): boolean;
  forget(nodeId: NodeId): void;
}

/** Machines that one parent streams: the largest that people tell of have some thousands. 10,000 × 0.3 KB = 3 MB. */
export const maxChildren = 10_000;
const askTimeoutMs = 10_000;
/** 10,000 machines × 300 B. */
const maxListBytes = 4 * 1024 * 1024;
/** New machines of one claim in a day: a restored parent brings all of its children at once. */
export const newChildrenLimit = { tries: maxChildren, windowMs: 24 * 3600 * 1000, maxKeys: 20_000 };

export const linkNode = ({ nodeId, machineGuid, hostname }: Node, isOwn: boolean): LinkNode => ({
  nodeId,
  machineGuid,
  isOwn,
  hostname,
});

export function createLinkNodes(
  link: Link,
  parts: {
    clock: Clock;
    nodes: Pick<NodeStore, 'adopt' | 'byNodeId'>;
    newChildren: RateLimit;
    onAdopted(nodeId: NodeId): void;
  },
): LinkNodes {
  const { nodes, clock } = parts;
  const own = linkNode(link.node, true);
  const byId = new Map<string, LinkNode>([[own.nodeId, own]]);
  const byGuid = new Map<string, LinkNode>([[own.machineGuid, own]]);
  const ignored = new Set<string>();
  /** Machines that an administrator removed while this agent streamed them. */
  const dismissed = new Set<string>();
  let asked = false;

  // Machines that come and go for months on one link: the oldest is the first that nobody speaks of any more.
  const ignore = (nodeId: NodeId): void => {
    ignored.add(nodeId);
    const [oldest] = ignored;
    if (ignored.size > maxChildren && oldest !== undefined) ignored.delete(oldest);
  };

  const keep = (node: Node): LinkNode => {
    const child = linkNode(node, false);
    byId.set(child.nodeId, child);
    byGuid.set(child.machineGuid, child);
    return child;
  };

  const adoptAll = async (children: readonly Child[]): Promise<(LinkNode | undefined)[]> => {
    const atMs = clock.nowMs();
    const adopted = await nodes.adopt(link.node, children, atMs);
    return adopted.map((node, index) => {
      if (node === undefined) dismissed.add(children[index]?.machineGuid ?? '');
      else if (node.claimId === null && node.claimedAtMs === atMs) parts.newChildren.take(link.node.claimId);
      return node === undefined ? undefined : keep(node);
    });
  };

  /** The agent alone can tell which machines its node ids mean; they are told the ones of this Cloud. */
  const askWhoTheyAre = async (): Promise<void> => {
    const question = { target: '/api/v1/aclk', headers: takesGzip, timeoutMs: askTimeoutMs, signal: undefined };
    const { body } = await plainAnswer(await link.ask(question), maxListBytes);
    const children = readNodeInstances(body).filter(({ machineGuid }) => !byGuid.has(machineGuid));
    const adopted = await adoptAll(children.slice(0, maxChildren - byId.size));
    for (const child of adopted) {
      if (child === undefined) continue;
      parts.onAdopted(child.nodeId);
      link.send('CreateNodeInstanceResult', { nodeId: child.nodeId, machineGuid: child.machineGuid });
    }
  };

  return {
    byNodeId: (nodeId) => byId.get(nodeId.toLowerCase()),
    byMachine: (machineGuid) => byGuid.get(machineGuid.toLowerCase()),
    async adopt(text, hostname) {
      const machineGuid = parseMachineGuid(text);
      if (machineGuid === undefined || !isHostname(hostname)) return 'refused';
      const known = byGuid.get(machineGuid);
      if (known !== undefined) return known;
      if (dismissed.has(machineGuid)) return undefined;
      if (byId.size > maxChildren || !parts.newChildren.hasLeft(link.node.claimId)) return 'refused';
      return (await adoptAll([{ machineGuid, hostname }]))[0];
    },
    async find(text) {
      const nodeId = parseNodeId(text);
      if (nodeId === undefined || byId.size > maxChildren) return 'refused';
      if (ignored.has(nodeId)) return undefined;
      const node = await nodes.byNodeId(nodeId);
      if (node !== undefined && node.spaceId !== link.node.spaceId) return 'refused';
      if (node !== undefined) return keep(node);
      // The answer comes on this link and is heard beside what is being heard now.
      if (!asked) void askWhoTheyAre().catch(() => undefined);
      asked = true;
      ignore(nodeId);
      return undefined;
    },
    isIgnored: (nodeId) => ignored.has(nodeId.toLowerCase()),
    forget(nodeId) {
      const child = byId.get(nodeId);
      if (child === undefined || child.isOwn) return;
      byId.delete(nodeId);
      byGuid.delete(child.machineGuid);
      ignore(nodeId);
    },
  };
}
