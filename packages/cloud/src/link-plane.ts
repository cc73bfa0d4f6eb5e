// Everything about links as main sees it: what agents and browsers reach besides the nouns.

import type { ClaimId } from '@claimstead/wire/ids';
import { CloudError } from '@claimstead/wire/errors';
import type { AuthorizeParts } from './http/authorize.ts';
import type { Sessions } from './account/session.ts';
import type { Bus } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import type { RouteEntry } from './http/routes.ts';
import type { UpgradeHandler } from './http/server.ts';
import type { Log } from './log.ts';
import type { NodeStore } from './node/node.ts';
import type { NodeRoomStore } from './node/node-store.ts';
import type { Presence } from './node/presence.ts';
import type { Relay } from './relay/relay.ts';
import type { SpaceStore } from './space/space.ts';

export interface LinkPlaneParts {
  clock: Clock;
  random: (bytes: number) => Buffer;
  nodes: NodeStore & NodeRoomStore;
  spaces: SpaceStore;
  access: AuthorizeParts;
  sessions: Sessions;
  bus: Bus;
  publicUrl: URL;
  ownOrigins: ReadonlySet<string>;
  log: Log;
}

export interface LinkPlane {
  presence: Presence;
  relay: Relay;
  /** Whether an agent is connected under this claim right now. */
  isLinkUp(claimId: ClaimId): boolean;
  /** Environment, challenge, password; relay. */
  routes: readonly RouteEntry[];
  /** By path: `/mqtt` and the events socket. */
  upgrades: Readonly<Record<string, UpgradeHandler>>;
  /** Tells agents and browsers that the Cloud restarts, and lets go of them. */
  stop(): Promise<void>;
}

/** A Cloud without links: every node is unseen, none can be asked. */
export function createLinkPlane(_parts: LinkPlaneParts): LinkPlane {
  return {
    presence: { of: (node) => ({ state: 'unseen', sinceMs: node.claimedAtMs, info: null, lastLinkError: null }) },
    relay: { ask: () => Promise.reject(new CloudError('node-offline')) },
    isLinkUp: () => false,
    routes: [],
    upgrades: {},
    stop: () => Promise.resolve(),
  };
}
