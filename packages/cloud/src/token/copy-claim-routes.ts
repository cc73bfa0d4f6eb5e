// POST /nodes/:nodeId/copy-claims: a token for one claim, and the commands around it, for a machine that uses the identity of a node. The Cloud
// cannot reach into the copy, nor give it another key: somebody has to run them there. [docs/decisions/0026]

import { copyCommands } from '@claimstead/wire/claim/copy-commands';
import { CopyClaimCreate, CopyClaimView } from '@claimstead/wire/cloud-api/copy-claims';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { AuditStore } from '../audit/audit.ts';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { Room } from '../room/room.ts';
import { commandUrl } from './claim-command.ts';
import { commandTokenLifetimeMs, newClaimToken, type ClaimTokenStore } from './claim-token.ts';

interface Host {
  hostname: string;
  address: string;
}

export interface CopyClaimRoutesParts {
  tokens: ClaimTokenStore;
  audit: AuditStore;
  roomsInSpace: (spaceId: SpaceId) => Promise<Room[]>;
  roomsOf: (node: { nodeId: NodeId; spaceId: SpaceId }) => Promise<{ id: RoomId }[]>;
  contests: {
    of(claimId: ClaimId): { hosts: readonly Host[] } | null;
    settle(claimId: ClaimId, settling: Host & { tokenId: string; atMs: number }): boolean;
  };
  publicUrl: () => URL;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  newId: () => string;
  bus: Bus;
  events: Events;
}

/** Its end tells nobody anything any more; the address is what people look for. */
const tokenName = ({ address }: Host): string => `Copy at ${address}`.slice(0, 64);

export function copyClaimRoutes(parts: CopyClaimRoutesParts): RouteEntry[] {
  return [
    route({
      method: 'POST',
      path: `${apiBase}/nodes/:nodeId/copy-claims`,
      permission: 'manage-tokens',
      summary: 'Makes what a machine needs that uses the identity of this node to become a node of its own.',
      body: CopyClaimCreate,
      responses: { 201: CopyClaimView },
      handle: async ({ who, body: host, sourceNetwork }) => {
        const { node, spaceId, accountId } = who;
        if (node === undefined) throw new CloudError('not-found');
        const { claimId, nodeId } = node;
        const contest = claimId === null ? null : parts.contests.of(claimId);
        const isKnown = contest?.hosts.some((one) => one.hostname === host.hostname && one.address === host.address);
        if (claimId === null || isKnown !== true)
          throw new CloudError('invalid-request', {
            detail: 'That machine does not use the identity of this node now.',
          });
        const rooms = await parts.roomsInSpace(spaceId);
        const inRooms = new Set<string>((await parts.roomsOf(node)).map(({ id }) => id));
        const joined = rooms.filter(({ roomId, holdsAllNodes }) => !holdsAllNodes && inRooms.has(roomId));
        const { token, kept } = newClaimToken(
          {
            spaceId,
            name: tokenName(host),
            kind: 'command',
            madeByAccountId: accountId,
            roomIds: joined.map(({ roomId }) => roomId),
            lifetimeMs: commandTokenLifetimeMs,
            usesLeft: 1,
          },
          parts,
        );
        await parts.tokens.add(kept, { accountId, sourceNetwork });
        const { tokenId } = kept;
        const atMs = parts.now();
        parts.contests.settle(claimId, { ...host, tokenId, atMs });
        const by = { accountId, sourceNetwork };
        await parts.audit.add({
          kind: 'identity-settling',
          atMs,
          spaceId,
          nodeId,
          claimId,
          tokenId,
          ...by,
          details: { ...host },
        });
        parts.bus.publish('node-changed', { nodeId });
        parts.events.claimTokenMade({ tokenId, spaceId });
        const commands = copyCommands({
          token,
          roomSlugs: joined.map(({ slug }) => slug),
          url: commandUrl(parts.publicUrl()),
        });
        const expiresAt = new Date(kept.createdAtMs + commandTokenLifetimeMs).toISOString();
        return { status: 201, body: { tokenId, token, expiresAt, ...commands } };
      },
    }),
  ];
}
