// Everything by which a node becomes one of a Space, put together: claiming tokens, the commands that hold them, claims, admission, copies.

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
import type { RouteEntry } from './http/routes.ts';
import type { RateLimit, RateLimitOptions } from './limit/rate-limit.ts';
import type { LinkPlane } from './link-plane.ts';
import type { Log } from './log.ts';
import type { NodeRoomStore } from './node/node-store.ts';
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
  rooms: Pick<RoomStore, 'inSpace'>;
  nodes: Pick<NodeRoomStore, 'roomsOf'>;
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
  /** Writes what waits. */
  close(): Promise<void>;
}

export function createClaimPlane(parts: ClaimPlaneParts): ClaimPlane {
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
  return {
    routes: [
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
    close: () => refusedElsewhere.close(),
  };
}
