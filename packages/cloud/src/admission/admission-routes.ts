// GET and PUT /spaces/:spaceId/admission, POST /nodes/:nodeId/admit. Administrators only.

import { AdmissionChange, AdmissionView } from '@claimstead/wire/cloud-api/admission';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { Bus } from '../bus/bus.ts';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { AdmissionStore } from './admission.ts';

export interface AdmissionRoutesParts {
  admissions: AdmissionStore;
  now: () => number;
  bus: Bus;
  events: Events;
}

export function admissionRoutes({ admissions, now, bus, events }: AdmissionRoutesParts): RouteEntry[] {
  const ofSpace = `${apiBase}/spaces/:spaceId/admission`;
  return [
    route({
      method: 'GET',
      path: ofSpace,
      permission: 'admit-nodes',
      summary: 'Whether nodes that are claimed wait until an administrator admits them.',
      responses: { 200: AdmissionView },
      handle: async ({ who }) => ({ status: 200, body: { isOn: await admissions.isOn(who.spaceId) } }),
    }),
    route({
      method: 'PUT',
      path: ofSpace,
      permission: 'admit-nodes',
      summary: 'Lets nodes that are claimed from now on wait for admission, or not; those that wait go on waiting.',
      body: AdmissionChange,
      responses: { 200: AdmissionView },
      handle: async ({ who: { spaceId, accountId }, body, sourceNetwork }) => {
        await admissions.turn(spaceId, body.isOn, { atMs: now(), accountId, sourceNetwork });
        events.admissionTurned({ spaceId, accountId, isOn: body.isOn });
        return { status: 200, body };
      },
    }),
    route({
      method: 'POST',
      path: `${apiBase}/nodes/:nodeId/admit`,
      permission: 'admit-nodes',
      summary: 'Admits a node that waits: its agent is let in when it asks the next time, within half a minute.',
      handle: async ({ who: { node, spaceId, accountId }, sourceNetwork }) => {
        if (node === undefined) throw new CloudError('not-found');
        const { nodeId } = node;
        // Admitted twice is admitted.
        if (await admissions.admit(nodeId, { atMs: now(), accountId, sourceNetwork })) {
          bus.publish('node-changed', { nodeId });
          bus.publish('node-described', { nodeId });
          events.nodeAdmitted({ nodeId, spaceId, accountId });
        }
        return { status: 204 };
      },
    }),
  ];
}
