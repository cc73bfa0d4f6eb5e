// GET and POST /spaces, PATCH and DELETE /spaces/:spaceId. Why everybody may make one: docs/decisions/0021-everybody-may-make-a-space.md.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { lowerRole } from '@claimstead/wire/cloud-api/roles';
import { SpaceCreate, SpaceDelete, SpaceList, SpaceRename, SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, RoomId, SpaceId } from '@claimstead/wire/ids';
import { roleAtMost, type SignedIn } from '../account/session.ts';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { RateLimit } from '../limit/rate-limit.ts';
import type { SpaceOfAccount, SpaceStore } from './space.ts';

/** Spaces that one account makes: more than a person needs in a day, too few to fill a disk with. */
export const newSpacesLimit = { tries: 20, windowMs: 24 * 3600_000, maxKeys: 10_000 };

export interface SpaceRoutesParts {
  spaces: SpaceStore;
  newSpaces: RateLimit;
  now: () => number;
  newId: () => string;
  bus: Bus;
  events: Events;
}

export function spaceRoutes({ spaces, newSpaces, now, newId, bus, events }: SpaceRoutesParts): RouteEntry[] {
  /** As its member sees it. */
  const seenBy = async (accountId: AccountId, spaceId: SpaceId): Promise<SpaceView> => {
    const space = (await spaces.ofAccount(accountId)).find((one) => one.spaceId === spaceId);
    if (space === undefined) throw new CloudError('not-found');
    return toSpaceView(space);
  };

  return [
    route({
      method: 'GET',
      path: `${apiBase}/spaces`,
      permission: 'signed-in',
      summary: 'The Spaces of the account.',
      responses: { 200: SpaceList },
      handle: async ({ who }) => ({
        status: 200,
        body: { spaces: reachedBy(who, await spaces.ofAccount(who.accountId)).map(toSpaceView) },
      }),
    }),
    route({
      method: 'POST',
      path: `${apiBase}/spaces`,
      permission: 'own-session',
      summary: 'Makes a Space, whose administrator is whoever asks.',
      body: SpaceCreate,
      responses: { 201: SpaceView },
      handle: async ({ who: { accountId }, body, sourceNetwork }) => {
        if (!newSpaces.take(accountId)) throw new CloudError('too-many-requests');
        const spaceId = newId() as SpaceId;
        const roomId = newId() as RoomId;
        const made = {
          spaceId,
          roomId,
          name: body.name,
          administratorId: accountId,
          createdAtMs: now(),
          sourceNetwork,
        };
        await spaces.create(made);
        bus.publish('access-changed', { spaceId, accountId });
        events.spaceMade({ spaceId, accountId });
        return { status: 201, body: await seenBy(accountId, spaceId) };
      },
    }),
    route({
      method: 'PATCH',
      path: `${apiBase}/spaces/:spaceId`,
      permission: 'manage-space',
      summary: 'Names the Space; the first name ends the first-run steps.',
      body: SpaceRename,
      responses: { 200: SpaceView },
      handle: async ({ who: { spaceId, accountId, narrowedTo }, body, sourceNetwork }) => {
        const isOfOneSpace = narrowedTo !== undefined;
        await spaces.rename(spaceId, body.name, { accountId, atMs: now(), sourceNetwork, isOfOneSpace });
        // Everybody in it has the name before them.
        bus.publish('access-changed', { spaceId, accountId: null });
        events.spaceNamed({ spaceId, accountId });
        return { status: 200, body: await seenBy(accountId, spaceId) };
      },
    }),
    route({
      method: 'DELETE',
      path: `${apiBase}/spaces/:spaceId`,
      permission: 'manage-space',
      summary:
        'Deletes the Space named in the body: its claims end, its links are cut, its tokens and invitations are gone.',
      body: SpaceDelete,
      handle: async ({ who, body, sourceNetwork }) => {
        const { spaceId, accountId } = who;
        const by = { accountId, atMs: now(), sourceNetwork, atMost: roleAtMost(who) };
        const deleted = await spaces.remove(spaceId, body.name, by);
        if (deleted === undefined) throw new CloudError('not-found');
        for (const node of deleted.nodes) bus.publish('node-removed', { ...node, spaceId });
        for (const memberId of deleted.members) bus.publish('access-changed', { spaceId, accountId: memberId });
        events.spaceDeleted({ spaceId, accountId, nodes: deleted.nodes.length });
        return { status: 204 };
      },
    }),
  ];
}

/** Of an API token its Space alone, with the role that it has there. */
function reachedBy({ narrowedTo }: SignedIn, all: SpaceOfAccount[]): SpaceOfAccount[] {
  if (narrowedTo === undefined) return all;
  return all
    .filter(({ spaceId }) => spaceId === narrowedTo.spaceId)
    .map((space) => ({ ...space, role: lowerRole(space.role, narrowedTo.role) }));
}

function toSpaceView({ spaceId, name, namedAtMs, role, nodeCount }: SpaceOfAccount): SpaceView {
  return { id: spaceId, name, namedAt: namedAtMs === null ? null : new Date(namedAtMs).toISOString(), role, nodeCount };
}
