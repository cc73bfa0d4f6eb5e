// What the private socket answers, one function per `claimstead admin` command.

import { CloudError } from '@claimstead/wire/errors';
import { parseNodeId, type SpaceId } from '@claimstead/wire/ids';
import type { AccountStore } from '../account/account.ts';
import type { OneUseCodes } from '../account/one-use-codes.ts';
import type { Events } from '../events.ts';
import type { ClaimedNode, NodeStore } from '../node/node.ts';
import type { NodeRoomStore } from '../node/node-store.ts';
import type { Presence } from '../node/presence.ts';
import type { Relay, RelayAnswer } from '../relay/relay.ts';
import { findRoom, type Room, type RoomStore } from '../room/room.ts';
import type { SpaceStore } from '../space/space.ts';
import { adminTokenLifetimeMs, newClaimToken, type ClaimTokenStore } from '../token/claim-token.ts';

/** A node as `admin nodes --json` prints it. */
export interface AdminNode {
  nodeId: string;
  claimId: string;
  machineGuid: string;
  hostname: string;
  state: 'unseen' | 'live' | 'stale' | 'offline';
  /** Names. */
  rooms: string[];
  /** When the state began, ISO 8601. */
  since: string;
}

export interface ControlCommands {
  /** A new claiming token; `rooms` are ids or slugs, `uses` null = any number. */
  token(wanted: { rooms: readonly string[]; uses: number | null }): Promise<{ token: string }>;
  nodes(): Promise<AdminNode[]>;
  ca(): string;
  /** `node` is a node id, or a host name that only one node has. */
  query(node: string, target: string, signal: AbortSignal): Promise<RelayAnswer>;
  signIn(): Promise<{ code: string }>;
}

export interface ControlCommandsParts {
  accounts: AccountStore;
  spaces: SpaceStore;
  rooms: RoomStore;
  tokens: ClaimTokenStore;
  nodes: NodeStore & NodeRoomStore;
  codes: OneUseCodes;
  presence: Presence;
  relay: Relay;
  caPem: string | null;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  events: Events;
}

export function createControlCommands(parts: ControlCommandsParts): ControlCommands {
  const firstSpace = async (): Promise<{ spaceId: SpaceId }> => {
    const space = await parts.spaces.first();
    if (space === undefined) throw new CloudError('not-found', { detail: 'This Cloud has no Space.' });
    return space;
  };

  return {
    async token({ rooms: asked, uses }) {
      const { spaceId } = await firstSpace();
      const rooms = await parts.rooms.inSpace(spaceId);
      const chosen = asked.map((text) => namedRoom(rooms, text));
      const wanted = {
        spaceId,
        roomIds: chosen.map((room) => room.roomId),
        lifetimeMs: adminTokenLifetimeMs,
        usesLeft: uses,
      };
      const { token, kept } = newClaimToken(wanted, parts);
      await parts.tokens.add(kept);
      parts.events.claimTokenMade({ tokenId: kept.tokenId, spaceId });
      return { token };
    },
    async nodes() {
      const list = await parts.nodes.all();
      return Promise.all(
        list.map(async (node) => {
          const { state, sinceMs } = parts.presence.of(node);
          const rooms = (await parts.nodes.roomsOf(node)).map((room) => room.name);
          const { nodeId, claimId, machineGuid, hostname } = node;
          return { nodeId, claimId, machineGuid, hostname, state, rooms, since: new Date(sinceMs).toISOString() };
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
      return { code: parts.codes.issue(account.accountId) };
    },
  };
}

function namedRoom(rooms: readonly Room[], text: string): Room {
  const room = findRoom(rooms, text) ?? rooms.find((other) => other.name.toLowerCase() === text.trim().toLowerCase());
  if (room === undefined)
    throw new CloudError('not-found', { detail: 'One of --rooms is no room of the Space; give ids, slugs or names.' });
  return room;
}

async function findNode(nodes: NodeStore, text: string): Promise<ClaimedNode> {
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
