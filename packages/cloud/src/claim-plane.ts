// Everything by which a node becomes one of a Space, put together: claiming tokens, the commands that hold them, claims, admission, copies, rules by
// which it joins rooms; and how it leaves by itself.

import type { AccountId, NodeId, SpaceId } from '@claimstead/wire/ids';
import { admissionRoutes } from './admission/admission-routes.ts';
import { createAdmissionStore } from './admission/admission-store.ts';
import type { AuditStore } from './audit/audit.ts';
import type { Bus } from './bus/bus.ts';
import { claimCheckRoutes, claimChecksLimit } from './claim/claim-check-routes.ts';
import { claimRoutes, refusedClaimsLimit } from './claim/claim-routes.ts';
import { createClaimStore } from './claim/claim-store.ts';
import { createElsewhereAudit, elsewhereAuditLimit } from './claim/elsewhere-audit.ts';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import { createEphemeralStore } from './ephemeral/ephemeral-store.ts';
import { ephemeralRoutes, toEphemeralView } from './ephemeral/ephemeral-routes.ts';
import { createEphemeralWatch } from './ephemeral/ephemeral-watch.ts';
import type { RouteEntry } from './http/routes.ts';
import type { RateLimit, RateLimitOptions } from './limit/rate-limit.ts';
import type { LinkPlane } from './link-plane.ts';
import type { Log } from './log.ts';
import type { ClaimedNodesRoutesParts } from './node/claimed-nodes-routes.ts';
import type { NodeStore } from './node/node.ts';
import type { NodeRoomStore } from './node/node-store.ts';
import { createRoomRuleKeeper } from './room-rule/room-rule-keeper.ts';
import { roomRuleRoutes } from './room-rule/room-rule-routes.ts';
import { createRoomRuleStore } from './room-rule/room-rule-store.ts';
import type { LabelsOf } from './room-rule/room-rule.ts';
import type { RoomStore } from './room/room.ts';
import type { Seal } from './seal/seal.ts';
import type { Storage } from './storage/storage.ts';
import { claimCommandRoutes } from './token/claim-command-routes.ts';
import { claimTokenRoutes } from './token/claim-token-routes.ts';
import { createTokenViews, type TokenMaker } from './token/claim-token-view.ts';
import type { ClaimTokenStore, TokensRestored } from './token/claim-token.ts';
import { copyClaimRoutes } from './token/copy-claim-routes.ts';
import { createSealedTokens } from './token/sealed-token.ts';
import { standingTokenRoutes } from './token/standing-token-routes.ts';

export interface ClaimPlaneParts {
  clock: Clock;
  storage: Storage;
  tokens: ClaimTokenStore;
  seal: Seal;
  rooms: Pick<RoomStore, 'inSpace' | 'byId'>;
  nodes: Pick<NodeRoomStore, 'roomsOf'> & Pick<NodeStore, 'inSpace'>;
  audit: AuditStore;
  tokenMaker: (spaceId: SpaceId, accountId: AccountId) => Promise<TokenMaker>;
  /** When this database came out of a backup; undefined = never. */
  restored: TokensRestored | undefined;
  links: LinkPlane;
  publicUrl: URL;
  /** Null where agents trust the certificate without it. */
  caPem: string | null;
  limit: (options: Omit<RateLimitOptions, 'now'>) => RateLimit;
  random: (bytes: number) => Buffer;
  newId: () => string;
  bus: Bus;
  events: Events;
  log: Log;
}

export interface ClaimPlane {
  routes: readonly RouteEntry[];
  /** Whether, and when, a node leaves by itself. */
  ephemeralOf: ClaimedNodesRoutesParts['ephemeralOf'];
  /** Writes what waits. */
  close(): Promise<void>;
}

export async function createClaimPlane(parts: ClaimPlaneParts): Promise<ClaimPlane> {
  const { clock, storage, tokens, audit, links, caPem, limit, random, newId, bus, events, log } = parts;
  const now = (): number => clock.nowMs();
  const publicUrl = (): URL => parts.publicUrl;
  const roomsInSpace = parts.rooms.inSpace;
  const claims = createClaimStore({ storage, now, newNodeId: () => newId() as NodeId });
  const refusedElsewhere = createElsewhereAudit({
    clock,
    add: audit.add,
    limit: limit(elsewhereAuditLimit),
    onError: (error) => log.error('a refused claim could not be written to the audit', { error }),
  });
  const made = { tokens, roomsInSpace, publicUrl, now, random, newId, events };
  const kept = {
    ...made,
    views: createTokenViews({
      maker: parts.tokenMaker,
      restored: parts.restored,
      regeneratedSince: tokens.regeneratedSince,
      publicUrl,
      caPem,
      now,
    }),
    sealed: createSealedTokens(parts.seal),
  };
  const labelsOf: LabelsOf = (nodeId) => links.presence.labelsOf(nodeId);
  const rules = createRoomRuleStore(storage, newId);
  const keeper = createRoomRuleKeeper({
    clock,
    store: rules,
    labelsOf,
    bus,
    events,
    onError: (error) => log.error('room rules could not act', { error }),
  });
  const ephemerals = createEphemeralStore(storage);
  const watch = await createEphemeralWatch({
    clock,
    store: ephemerals,
    isThere: links.isThere,
    claimsTo: links.claimsTo,
    bus,
    events,
    onError: (error) => log.error('ephemeral nodes could not be looked at', { error }),
  });
  return {
    ephemeralOf: (node) => toEphemeralView(watch.of(node.nodeId), node, now()),
    routes: [
      ...ephemeralRoutes({ store: ephemerals, watch, now }),
      ...roomRuleRoutes({ rules, keeper, rooms: parts.rooms, nodesInSpace: parts.nodes.inSpace, labelsOf, now }),
      ...claimCommandRoutes({ ...made, caPem }),
      ...claimTokenRoutes(kept),
      ...standingTokenRoutes(kept),
      ...copyClaimRoutes({ ...made, audit, roomsOf: parts.nodes.roomsOf, contests: links.contests, bus }),
      ...admissionRoutes({ admissions: createAdmissionStore(storage), now, bus, events }),
      ...claimRoutes({
        store: claims,
        links,
        bus,
        events,
        refusals: limit(refusedClaimsLimit),
        onRefused: links.claimRefused,
        refusedElsewhere,
      }),
      ...claimCheckRoutes({
        store: claims,
        links,
        publicUrl: parts.publicUrl,
        events,
        checks: limit(claimChecksLimit),
      }),
    ],
    async close() {
      await keeper.close();
      await watch.close();
      await refusedElsewhere.close();
    },
  };
}
