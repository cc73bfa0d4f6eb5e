// One row per route of the API: who may, and what is sent. A route without a row fails the test, as does a row without a route. What stands
// here is written down anew on purpose, not read from the table that the Cloud decides by: a slip there shows here.
// Reading order of this folder: rows.ts, world.ts, people.ts (the people in it), scenarios/authorization-matrix.test.ts.

import type { Role } from '@claimstead/wire/cloud-api/roles';
import type { Ids, MatrixWorld } from './world.ts';

export interface Row {
  /** Roles that may; `anybody`: without a session. `signed-in`: any account. `agents`: answered in the words of agents, by proofs of their own. */
  who: readonly Role[] | 'anybody' | 'signed-in' | 'agents';
  /** Of what any account may, also its programs by their tokens; otherwise they are refused. */
  programs?: true;
  /** Status of an allowed request for something own; 2xx unless said. */
  own?: readonly number[];
  body?: (world: MatrixWorld, ids: Ids) => object;
  /** Ids of something made for this one request, because it uses it up. */
  fresh?: (world: MatrixWorld) => Promise<Ids>;
  /** Id-typed fields of the body: a foreign or unknown id in there must be answered alike. */
  nested?: (ids: Ids) => object;
  query?: string;
  /** Not sent by those who may: it would end the world of the other rows. */
  onlyRefusals?: true;
}

/** A node that is nowhere: what is on trial is another id. */
const nobody = '7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11';

const admins = ['admin'] as const;
const managers = ['admin', 'manager'] as const;
const everybody = ['admin', 'manager', 'troubleshooter', 'observer', 'member'] as const;

const wrongPassword = [401, 429] as const;
const notTheirPassword = (): object => ({ password: 'not this one' });

let names = 0;
const name = (): string => `Matrix ${(names += 1)}`;

const newWebhook = { url: 'https://nobody.invalid/hook', kinds: ['node-claimed'] };

const newStandingToken = (): object => ({
  name: name(),
  usesLeft: null,
  roomIds: [],
  sourceNetworks: [],
  admitsByHand: false,
});
const newToken = (): object => ({ ...newStandingToken(), lifetimeMs: 24 * 3600 * 1000 });

export const rows: Readonly<Record<string, Row>> = {
  'GET /healthz': { who: 'anybody' },
  'GET /readyz': { who: 'anybody' },
  // By a token of its own, where the operator gave one.
  'GET /metrics': { who: 'anybody' },
  'GET /doctor.sh': { who: 'anybody' },
  'GET /api/cloud/v1/openapi.json': { who: 'anybody' },

  'PUT /api/v1/spaces/nodes/{id}': { who: 'agents' },
  'POST /api/v1/claim-check': { who: 'agents' },
  'GET /api/v1/env': { who: 'agents' },
  'GET /api/v1/auth/node/{claimId}/challenge': { who: 'agents' },
  'POST /api/v1/auth/node/{claimId}/password': { who: 'agents' },

  'POST /api/cloud/v1/session': { who: 'anybody', own: [401], body: () => ({ email: 'nobody@matrix', password: 'x' }) },
  'GET /api/cloud/v1/session': { who: 'signed-in' },
  'DELETE /api/cloud/v1/session': { who: 'signed-in', onlyRefusals: true },
  'GET /api/cloud/v1/account': { who: 'signed-in' },
  'PATCH /api/cloud/v1/account': { who: 'signed-in', body: () => ({ name: name() }) },
  'GET /api/cloud/v1/account/sessions': { who: 'signed-in' },
  'DELETE /api/cloud/v1/account/sessions': { who: 'signed-in', onlyRefusals: true },
  // A session of somebody else, or of nobody: the id is made up.
  'DELETE /api/cloud/v1/account/sessions/{sessionId}': { who: 'signed-in', own: [404] },
  'GET /api/cloud/v1/session/ways': { who: 'anybody' },
  'POST /api/cloud/v1/session/second-factor': { who: 'anybody' },
  'POST /api/cloud/v1/session/passkey-options': { who: 'anybody' },
  'POST /api/cloud/v1/session/passkey': { who: 'anybody' },
  'POST /api/cloud/v1/password-resets': { who: 'anybody' },
  'POST /api/cloud/v1/password-resets/redeem': { who: 'anybody' },
  // What changes how somebody signs in asks for the password again; the world's people give a wrong one, and run out of guesses.
  'POST /api/cloud/v1/account/two-step': { who: 'signed-in', own: wrongPassword, body: notTheirPassword },
  'POST /api/cloud/v1/account/two-step/confirm': {
    who: 'signed-in',
    own: [404],
    body: () => ({ code: '123456' }),
  },
  'POST /api/cloud/v1/account/two-step/off': { who: 'signed-in', own: wrongPassword, body: notTheirPassword },
  'POST /api/cloud/v1/account/recovery-codes': { who: 'signed-in', own: wrongPassword, body: notTheirPassword },
  'GET /api/cloud/v1/account/passkeys': { who: 'signed-in' },
  'POST /api/cloud/v1/account/passkeys/options': { who: 'signed-in', own: wrongPassword, body: notTheirPassword },
  'POST /api/cloud/v1/account/passkeys': { who: 'signed-in', own: [400] },
  'DELETE /api/cloud/v1/account/passkeys/{passkeyId}': { who: 'signed-in', own: [404] },
  'GET /api/cloud/v1/account/tokens': { who: 'signed-in' },
  'POST /api/cloud/v1/account/tokens': {
    who: 'signed-in',
    own: [201, 403, 404],
    body: (_world, { spaceId }) => ({ name: name(), spaceId, role: 'observer', days: 1 }),
    nested: ({ spaceId }) => ({ name: 'Nested', spaceId, role: 'observer', days: 1 }),
  },
  'DELETE /api/cloud/v1/account/tokens/{tokenId}': { who: 'signed-in', own: [404] },
  'PUT /api/cloud/v1/account/password': {
    who: 'signed-in',
    own: wrongPassword,
    body: () => ({ currentPassword: 'not this one', newPassword: 'long enough for it' }),
  },

  'GET /api/cloud/v1/spaces': { who: 'signed-in', programs: true },
  'POST /api/cloud/v1/spaces': { who: 'signed-in', body: () => ({ name: name() }) },
  'DELETE /api/cloud/v1/spaces/{spaceId}': { who: admins, body: () => ({ name: 'no such name' }), own: [422] },
  'PATCH /api/cloud/v1/spaces/{spaceId}': { who: admins, body: () => ({ name: name() }) },

  'GET /api/cloud/v1/spaces/{spaceId}/rooms': { who: everybody },
  'POST /api/cloud/v1/spaces/{spaceId}/rooms': { who: managers, body: () => ({ name: name() }) },
  'PATCH /api/cloud/v1/spaces/{spaceId}/rooms/{roomId}': { who: managers, body: () => ({ name: name() }) },
  'DELETE /api/cloud/v1/spaces/{spaceId}/rooms/{roomId}': { who: managers, fresh: (world) => world.newRoom() },

  'GET /api/cloud/v1/spaces/{spaceId}/rooms/{roomId}/rules': { who: managers },
  'PUT /api/cloud/v1/spaces/{spaceId}/rooms/{roomId}/rules': {
    who: managers,
    body: () => ({ rules: [{ by: 'host-name', pattern: name() }] }),
  },
  'POST /api/cloud/v1/spaces/{spaceId}/rooms/{roomId}/rules/preview': {
    who: managers,
    body: () => ({ rules: [{ by: 'label', key: 'role', pattern: '*' }] }),
  },

  'GET /api/cloud/v1/spaces/{spaceId}/members': { who: ['admin', 'manager', 'troubleshooter'] },
  'PATCH /api/cloud/v1/spaces/{spaceId}/members/{accountId}': {
    who: managers,
    body: () => ({ role: 'observer' }),
    nested: ({ roomId }) => ({ roomIds: [roomId] }),
  },
  'DELETE /api/cloud/v1/spaces/{spaceId}/members/{accountId}': {
    who: managers,
    fresh: (world) => world.newMember('member'),
  },
  // Everybody may leave; the people of this world are needed for the rows below.
  'DELETE /api/cloud/v1/spaces/{spaceId}/membership': { who: everybody, onlyRefusals: true },

  'GET /api/cloud/v1/spaces/{spaceId}/invitations': { who: managers },
  'POST /api/cloud/v1/spaces/{spaceId}/invitations': {
    who: managers,
    body: () => ({ email: `${name().replace(' ', '-')}@matrix`, role: 'member' }),
    nested: ({ roomId }) => ({ email: `${name().replace(' ', '-')}@matrix`, role: 'member', roomIds: [roomId] }),
  },
  'DELETE /api/cloud/v1/spaces/{spaceId}/invitations/{invitationId}': {
    who: managers,
    fresh: (world) => world.newInvitation(),
  },
  'POST /api/cloud/v1/invitations/look': { who: 'anybody' },
  'POST /api/cloud/v1/invitations/accept': { who: 'anybody' },

  'POST /api/cloud/v1/spaces/{spaceId}/claim-commands': {
    who: admins,
    body: () => ({ roomIds: [] }),
    nested: ({ roomId }) => ({ roomIds: [roomId] }),
  },

  'GET /api/cloud/v1/spaces/{spaceId}/claim-tokens': { who: admins },
  'POST /api/cloud/v1/spaces/{spaceId}/claim-tokens': {
    who: admins,
    body: () => newToken(),
    nested: ({ roomId }) => ({ ...newToken(), roomIds: [roomId] }),
  },
  'PATCH /api/cloud/v1/spaces/{spaceId}/claim-tokens/{tokenId}': {
    who: admins,
    body: () => ({ name: name() }),
    nested: ({ roomId }) => ({ roomIds: [roomId] }),
  },
  'POST /api/cloud/v1/spaces/{spaceId}/claim-tokens/{tokenId}/regenerate': { who: admins },
  'DELETE /api/cloud/v1/spaces/{spaceId}/claim-tokens/{tokenId}': {
    who: admins,
    fresh: (world) => world.newToken(),
  },

  // The first makes it, the others are told that there is one.
  'POST /api/cloud/v1/spaces/{spaceId}/standing-token': {
    who: admins,
    own: [201, 409],
    body: () => newStandingToken(),
    nested: ({ roomId }) => ({ ...newStandingToken(), roomIds: [roomId] }),
  },
  // Others than the standing one cannot be read again.
  'POST /api/cloud/v1/spaces/{spaceId}/claim-tokens/{tokenId}/view': { who: admins, own: [404] },
  'POST /api/cloud/v1/nodes/{nodeId}/copy-claims': { who: admins, own: [400] },
  'GET /api/cloud/v1/spaces/{spaceId}/admission': { who: admins },
  'PUT /api/cloud/v1/spaces/{spaceId}/admission': { who: admins, body: () => ({ isOn: false }) },
  // Admitted already is admitted.
  'POST /api/cloud/v1/nodes/{nodeId}/admit': { who: admins },

  'GET /api/cloud/v1/spaces/{spaceId}/webhooks': { who: admins },
  'POST /api/cloud/v1/spaces/{spaceId}/webhooks': { who: admins, body: () => newWebhook },
  'PATCH /api/cloud/v1/spaces/{spaceId}/webhooks/{webhookId}': { who: admins, body: () => newWebhook },
  'POST /api/cloud/v1/spaces/{spaceId}/webhooks/{webhookId}/secret': { who: admins },
  // Nobody has that name: the test says so, and that is its answer.
  'POST /api/cloud/v1/spaces/{spaceId}/webhooks/{webhookId}/test': { who: admins },
  'DELETE /api/cloud/v1/spaces/{spaceId}/webhooks/{webhookId}': {
    who: admins,
    fresh: (world) => world.newWebhook(),
  },

  'GET /api/cloud/v1/spaces/{spaceId}/audit': { who: admins },
  'GET /api/cloud/v1/spaces/{spaceId}/audit/choices': { who: admins },
  'GET /api/cloud/v1/spaces/{spaceId}/audit/export': { who: admins, query: '?format=csv' },

  'GET /api/cloud/v1/spaces/{spaceId}/nodes': { who: everybody, query: '?limit=2' },
  'GET /api/cloud/v1/spaces/{spaceId}/claimed-nodes': { who: managers, query: '?limit=2' },
  'POST /api/cloud/v1/spaces/{spaceId}/node-removals': {
    who: managers,
    fresh: (world) => world.newNode(),
    body: (_world, { nodeId }) => ({ nodeIds: [nodeId] }),
  },
  'POST /api/cloud/v1/spaces/{spaceId}/node-moves': {
    who: managers,
    body: (_world, { nodeId }) => ({ nodeIds: [nodeId], join: [], leave: [] }),
    nested: ({ roomId }) => ({ nodeIds: [nobody], join: [roomId], leave: [] }),
  },
  'GET /api/cloud/v1/nodes/{nodeId}': { who: everybody },
  'GET /api/cloud/v1/nodes/{nodeId}/facts': { who: everybody },
  'DELETE /api/cloud/v1/nodes/{nodeId}': { who: managers, fresh: (world) => world.newNode() },
  'PUT /api/cloud/v1/nodes/{nodeId}/rooms': {
    who: managers,
    body: () => ({ roomIds: [] }),
    nested: ({ roomId }) => ({ roomIds: [roomId] }),
  },
  'PUT /api/cloud/v1/nodes/{nodeId}/ephemeral': { who: managers, body: () => ({ afterMs: 24 * 3600 * 1000 }) },
  // Nobody's agent is connected here: who may ask is told that, who may not learns nothing.
  'GET /api/cloud/v1/nodes/{nodeId}/agent/{*}': { who: everybody, own: [503] },

  'GET /api/cloud/v1/spaces/{spaceId}/alerts': { who: everybody },
  'GET /api/cloud/v1/nodes/{nodeId}/alerts': { who: everybody },
  'GET /api/cloud/v1/nodes/{nodeId}/alert-definitions/{configHash}': { who: everybody, own: [503] },
};
