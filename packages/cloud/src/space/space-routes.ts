// GET /spaces, PATCH /spaces/:spaceId.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { lowerRole } from '@claimstead/wire/cloud-api/roles';
import { SpaceList, SpaceRename, SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import type { SignedIn } from '../account/session.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { SpaceOfAccount, SpaceStore } from './space.ts';

export interface SpaceRoutesParts {
  spaces: SpaceStore;
  now: () => number;
  events: Events;
}

export function spaceRoutes({ spaces, now, events }: SpaceRoutesParts): RouteEntry[] {
  return [
    route({
      method: 'GET',
      path: `${apiBase}/spaces`,
      permission: 'signed-in',
      summary: 'The Spaces of the account.',
      responses: { 200: SpaceList },
      handle: async ({ who }) => ({
        status: 200,
        body: { spaces: seenBy(who, await spaces.ofAccount(who.accountId)).map(toSpaceView) },
      }),
    }),
    route({
      method: 'PATCH',
      path: `${apiBase}/spaces/:spaceId`,
      permission: 'manage-space',
      summary: 'Names the Space; the first name ends the first-run steps.',
      body: SpaceRename,
      responses: { 200: SpaceView },
      handle: async ({ who, body }) => {
        await spaces.rename(who.spaceId, body.name, now());
        events.spaceNamed({ spaceId: who.spaceId, accountId: who.accountId });
        const renamed = (await spaces.ofAccount(who.accountId)).find((space) => space.spaceId === who.spaceId);
        if (renamed === undefined) throw new CloudError('not-found');
        return { status: 200, body: toSpaceView(renamed) };
      },
    }),
  ];
}

/** Of an API token its Space alone, with the role that it has there. */
function seenBy({ narrowedTo }: SignedIn, all: SpaceOfAccount[]): SpaceOfAccount[] {
  if (narrowedTo === undefined) return all;
  return all
    .filter(({ spaceId }) => spaceId === narrowedTo.spaceId)
    .map((space) => ({ ...space, role: lowerRole(space.role, narrowedTo.role) }));
}

function toSpaceView({ spaceId, name, namedAtMs, role, nodeCount }: SpaceOfAccount): SpaceView {
  return { id: spaceId, name, namedAt: namedAtMs === null ? null : new Date(namedAtMs).toISOString(), role, nodeCount };
}
