// What the private socket answers, one function per `claimstead admin` command. Spaces, rooms and tokens: space-commands.ts,
// token-commands.ts; accounts: account-commands.ts; the audit: audit-commands.ts.

import { CloudError } from '@claimstead/wire/errors';
import { parseNodeId } from '@claimstead/wire/ids';
import type { AccountStore } from '../account/account.ts';
import type { OneUseCodes } from '../account/one-use-codes.ts';
import type { Node, NodeStore } from '../node/node.ts';
import type { NodeRoomStore } from '../node/node-store.ts';
import type { Presence } from '../node/presence.ts';
import type { Relay, RelayAnswer } from '../relay/relay.ts';
import { createAccountCommands, type AccountCommands, type AccountCommandsParts } from './account-commands.ts';
import { createAuditCommands, type AuditCommands, type AuditCommandsParts } from './audit-commands.ts';
import { createOperationCommands, type OperationCommands, type OperationCommandsParts } from './operation-commands.ts';
import { createSpaceCommands, type SpaceCommands, type SpaceCommandsParts } from './space-commands.ts';
import { createTokenCommands, type TokenCommands, type TokenCommandsParts } from './token-commands.ts';

/** A node as `admin nodes --json` prints it. */
export interface AdminNode {
  nodeId: string;
  /** Null: a parent streams it, it was never claimed itself. */
  claimId: string | null;
  machineGuid: string;
  hostname: string;
  state: 'unseen' | 'live' | 'stale' | 'offline';
  spaceId: string;
  /** The name of its Space. */
  space: string;
  /** Names. */
  rooms: string[];
  /** When the state began, ISO 8601. */
  since: string;
  /** Machines that use its identity, the connected one first; null = one alone does. */
  contested: { hosts: { hostname: string; address: string }[]; sinceMs: number } | null;
}

export interface ControlCommands
  extends SpaceCommands, TokenCommands, AccountCommands, AuditCommands, OperationCommands {
  nodes(): Promise<AdminNode[]>;
  ca(): string;
  doctorScript(): string;
  /** `node` is a node id, or a host name that only one node has. */
  query(node: string, target: string, signal: AbortSignal): Promise<RelayAnswer>;
  signIn(): Promise<{ code: string }>;
}

export interface ControlCommandsParts
  extends SpaceCommandsParts, TokenCommandsParts, AccountCommandsParts, AuditCommandsParts, OperationCommandsParts {
  accounts: AccountStore;
  nodes: NodeStore & NodeRoomStore;
  codes: OneUseCodes;
  presence: Presence;
  relay: Relay;
  caPem: string | null;
  /** What GET /doctor.sh serves. */
  doctorScript: string;
}

export function createControlCommands(parts: ControlCommandsParts): ControlCommands {
  return {
    ...createSpaceCommands(parts),
    ...createTokenCommands(parts),
    ...createAccountCommands(parts),
    ...createAuditCommands(parts),
    ...createOperationCommands(parts),
    async nodes() {
      const names = new Map((await parts.spaces.all()).map(({ spaceId, name }) => [spaceId, name]));
      const list = await parts.nodes.all();
      return Promise.all(
        list.map(async (node) => {
          const { state, sinceMs, contested: contest } = parts.presence.of(node);
          const hosts = contest?.hosts.map(({ hostname: name, address }) => ({ hostname: name, address })) ?? [];
          const contested = contest === null ? null : { hosts, sinceMs: contest.sinceMs };
          const rooms = (await parts.nodes.roomsOf(node)).map((room) => room.name);
          const { nodeId, claimId, machineGuid, hostname, spaceId } = node;
          const space = names.get(spaceId) ?? spaceId;
          const since = new Date(sinceMs).toISOString();
          return { nodeId, claimId, machineGuid, hostname, state, spaceId, space, rooms, since, contested };
        }),
      );
    },
    ca() {
      if (parts.caPem === null) {
        throw new CloudError('not-found', {
          detail: 'This Cloud serves a certificate that was given to it; it has no authority of its own.',
        });
      }
      return parts.caPem;
    },
    doctorScript: () => parts.doctorScript,
    async query(node, target, signal) {
      const found = await findNode(parts.nodes, node);
      const account = await parts.accounts.first();
      if (account === undefined) throw new CloudError('not-found', { detail: 'This Cloud has no administrator.' });
      return parts.relay.ask({
        nodeId: found.nodeId,
        target,
        asker: { accountId: account.accountId, name: account.email, role: 'admin' },
        signal,
      });
    },
    async signIn() {
      const account = await parts.accounts.first();
      if (account === undefined) throw new CloudError('not-found', { detail: 'This Cloud has no administrator.' });
      return { code: parts.codes.issue(account.accountId).secret };
    },
  };
}

async function findNode(nodes: NodeStore, text: string): Promise<Node> {
  const nodeId = parseNodeId(text);
  const byId = nodeId === undefined ? undefined : await nodes.byNodeId(nodeId);
  if (byId !== undefined) return byId;
  const [first, second] = (await nodes.all()).filter((node) => node.hostname.toLowerCase() === text.toLowerCase());
  if (first === undefined)
    throw new CloudError('not-found', { detail: 'No node has that id or host name; see claimstead admin nodes.' });
  if (second !== undefined)
    throw new CloudError('not-found', {
      detail: 'Several nodes have that host name; give the node id from claimstead admin nodes.',
    });
  return first;
}
