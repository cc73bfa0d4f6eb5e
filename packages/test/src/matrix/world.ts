// The world of the authorization matrix: a real Cloud with two Spaces, a person of every role, and objects of every kind in four standings:
// own, foreign (of the other Space), deleted, random.

import SqliteDatabase from 'better-sqlite3';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { cloudFolder } from '@claimstead/cloud/config/data-folder';
import { roles, type Role } from '@claimstead/wire/cloud-api/roles';
import { claimBody, startRunningCloud, type HttpAnswer, type RunningCloud } from '@claimstead/cloud/main-in-tests';
import { createPeople } from './people.ts';

/** API tokens: the administrator's own, with all that they may and with less; and one that is at home in the other Space. */
const programs = ['program-admin', 'program-observer', 'program-outsider'] as const;
type Program = (typeof programs)[number];
export type Principal = Role | Program | 'stranger' | 'outsider' | 'former' | 'claim-token' | 'garbage';
export const principals: readonly Principal[] = [
  ...roles,
  ...programs,
  'stranger',
  'outsider',
  'former',
  'claim-token',
  'garbage',
];
export const isProgram = (principal: Principal): principal is Program =>
  (programs as readonly string[]).includes(principal);
/** In the own Space. */
export const roleOf = (principal: Principal): Role | undefined => {
  const name = principal.replace(/^program-/, '');
  return roles.find((role) => role === name);
};

/** Names of the ids that addresses hold. */
export type Ids = Record<string, string>;

export interface MatrixWorld {
  running: RunningCloud;
  own: Ids;
  foreign: Ids;
  deleted: Ids;
  random(): Ids;
  /** As a principal; what is sent is never changed by who sends it. */
  ask(principal: Principal, asked: { method: string; path: string; body?: object | undefined }): Promise<HttpAnswer>;
  /** Something new in the own Space, for rows that use it up. */
  newNode(): Promise<Ids>;
  newRoom(): Promise<Ids>;
  newInvitation(): Promise<Ids>;
  newToken(): Promise<Ids>;
  newWebhook(): Promise<Ids>;
  /** Somebody new in the own Space. */
  newMember(role: Role): Promise<Ids>;
  accountOf(principal: Principal): string;
  close(): Promise<void>;
}

export async function createMatrixWorld(): Promise<MatrixWorld> {
  const running = await startRunningCloud();
  const admin = await running.signIn();
  const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
  const people = await createPeople(running, database);
  const [{ spaces }] = [(await running.ask({ path: 'spaces', cookie: admin })).json<{ spaces: { id: string }[] }>()];
  const spaceId = spaces[0]?.id ?? '';
  await running.admin('space-create', { name: 'Elsewhere' });
  const foreignSpaceId = await otherSpace(running, admin, spaceId);

  const cookies = new Map<Principal, string>();
  const accounts = new Map<Principal, string>();
  for (const role of roles) {
    const { accountId, cookie } = await people.signedIn(`${role}@matrix`);
    people.join(accountId, spaceId, role);
    cookies.set(role, cookie);
    accounts.set(role, accountId);
  }
  const outsider = await people.signedIn('outsider@matrix');
  people.join(outsider.accountId, foreignSpaceId, 'admin');
  cookies.set('outsider', outsider.cookie);
  accounts.set('outsider', outsider.accountId);
  const former = await people.signedIn('former@matrix');
  people.join(former.accountId, spaceId, 'manager');
  people.leave(former.accountId, spaceId);
  cookies.set('former', former.cookie);
  accounts.set('former', former.accountId);
  cookies.set('garbage', `__Host-claimstead=${'A'.repeat(43)}`);
  const bearers = new Map<Principal, string>([['claim-token', await running.claimToken({ space: spaceId })]]);
  for (const [program, space, role] of [
    ['program-admin', spaceId, 'admin'],
    ['program-observer', spaceId, 'observer'],
    ['program-outsider', foreignSpaceId, 'admin'],
  ] as const) {
    const made = await running.ask({
      method: 'POST',
      path: 'account/tokens',
      cookie: cookies.get(program === 'program-outsider' ? 'outsider' : 'admin') ?? '',
      body: { name: program, spaceId: space, role, days: 1 },
    });
    bearers.set(program, made.json<{ token: string }>().token);
  }

  const newNode = async (space = spaceId): Promise<Ids> => {
    const claim = claimBody({ token: await running.claimToken({ space }), publicKey: newPublicKey() });
    const answer = await running.ask({
      method: 'PUT',
      path: `/api/v1/spaces/nodes/${claim.node.id}`,
      body: JSON.stringify(claim),
    });
    if (answer.status !== 204) throw new Error(`the claim of the matrix was refused: ${answer.text}`);
    const row = database.prepare('select node_id from node where claim_id = ?').get(claim.node.id) as {
      node_id: string;
    };
    return { nodeId: row.node_id, claimId: claim.node.id };
  };
  const newRoom = async (space = spaceId, cookie = admin): Promise<Ids> => {
    const made = await running.ask({
      method: 'POST',
      path: `spaces/${space}/rooms`,
      cookie,
      body: { name: `Room ${randomUUID()}` },
    });
    return { roomId: made.json<{ id: string }>().id };
  };
  const newInvitation = async (space = spaceId, cookie = admin): Promise<Ids> => {
    const made = await running.ask({
      method: 'POST',
      path: `spaces/${space}/invitations`,
      cookie,
      body: { email: `${randomUUID()}@matrix`, role: 'member' },
    });
    return made.json<{ invitation: { invitationId: string } }>().invitation;
  };
  const newToken = async (space = spaceId, cookie = admin): Promise<Ids> => {
    await running.ask({ method: 'POST', path: `spaces/${space}/claim-commands`, cookie, body: { roomIds: [] } });
    const row = database
      .prepare('select token_id from claim_token where space_id = ? order by created_at_ms desc, rowid desc limit 1')
      .get(space) as { token_id: string };
    return { tokenId: row.token_id };
  };
  const newWebhook = async (space = spaceId, cookie = admin): Promise<Ids> => {
    const body = { url: 'https://nobody.invalid/hook', kinds: ['node-claimed'] };
    const made = await running.ask({ method: 'POST', path: `spaces/${space}/webhooks`, cookie, body });
    return { webhookId: made.json<{ webhook: { id: string } }>().webhook.id };
  };
  const newMember = async (role: Role): Promise<Ids> => {
    const accountId = people.make(`${randomUUID()}@matrix`);
    people.join(accountId, spaceId, role);
    return { accountId };
  };

  const own = {
    spaceId,
    ...(await newNode()),
    ...(await newRoom()),
    ...(await newInvitation()),
    ...(await newToken()),
    ...(await newWebhook()),
    ...(await newMember('member')),
  };
  const foreign = {
    spaceId: foreignSpaceId,
    ...(await newNode(foreignSpaceId)),
    ...(await newRoom(foreignSpaceId, outsider.cookie)),
    ...(await newInvitation(foreignSpaceId, outsider.cookie)),
    ...(await newToken(foreignSpaceId, outsider.cookie)),
    ...(await newWebhook(foreignSpaceId, outsider.cookie)),
    accountId: outsider.accountId,
  };
  const gone = { ...(await newNode()), ...(await newRoom()), ...(await newInvitation()) };
  await running.ask({ method: 'DELETE', path: `nodes/${gone['nodeId']}`, cookie: admin });
  await running.ask({ method: 'DELETE', path: `spaces/${spaceId}/rooms/${gone['roomId']}`, cookie: admin });
  await running.ask({
    method: 'DELETE',
    path: `spaces/${spaceId}/invitations/${gone['invitationId']}`,
    cookie: admin,
  });
  // Whoever sees only some rooms sees the ones of the matrix.
  for (const role of ['observer', 'member'] as const) people.joinAllNodes(accounts.get(role) ?? '', spaceId);

  const random = (): Ids => ({
    spaceId: randomUUID(),
    nodeId: randomUUID(),
    roomId: randomUUID(),
    accountId: randomUUID(),
    invitationId: randomUUID(),
    tokenId: randomUUID(),
    webhookId: randomUUID(),
    claimId: randomUUID(),
  });
  return {
    running,
    own,
    foreign,
    deleted: { ...random(), ...gone, accountId: former.accountId },
    random,
    ask(principal, { method, path, body }) {
      const cookie = cookies.get(principal);
      return running.ask({
        method,
        path,
        ...(body !== undefined && { body }),
        ...(cookie !== undefined && { cookie }),
        headers: {
          ...(bearers.has(principal) && { authorization: `Bearer ${bearers.get(principal)}` }),
          'sec-fetch-site': 'same-origin',
          origin: running.cloud.url.origin,
        },
      });
    },
    newNode: () => newNode(),
    newRoom: () => newRoom(),
    newInvitation: () => newInvitation(),
    newToken: () => newToken(),
    newWebhook: () => newWebhook(),
    newMember,
    accountOf: (principal) => accounts.get(principal) ?? '',
    async close() {
      database.close();
      await running.close();
    },
  };
}

/** One key belongs to one Space. */
const newPublicKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

async function otherSpace(running: RunningCloud, cookie: string, ownSpaceId: string): Promise<string> {
  const list = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces;
  const other = list.find(({ id }) => id !== ownSpaceId);
  if (other === undefined) throw new Error('the second Space of the matrix is missing');
  return other.id;
}
