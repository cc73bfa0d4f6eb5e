import { keyWords } from '@claimstead/wire/claim/key-words';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askPassword, claimIdentity, link, newIdentity } from '../gateway/testing/linked-agent.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';

let running: RunningCloud;
let cookie: string;
let spaceId: string;
beforeEach(async () => {
  running = await startRunningCloud();
  cookie = await running.signIn();
  spaceId = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
});
afterEach(() => running.close());

const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
  running.ask({ method, path, cookie, ...(body && { body }) });
const turn = (isOn: boolean): Promise<HttpAnswer> => ask('PUT', `spaces/${spaceId}/admission`, { isOn });
const only = async (): Promise<NodeView | undefined> =>
  (await ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: NodeView[] }>().nodes[0];
const kinds = async (): Promise<string[]> =>
  (await running.admin<{ kind: string }[]>('audit', { space: null })).map(({ kind }) => kind);

it('lets a claimed node wait until somebody admits it: its agent is told to come back, and not that it is over', async () => {
  expect((await turn(true)).json()).toEqual({ isOn: true });
  const identity = newIdentity();
  expect((await claimIdentity(running, identity)).status).toBe(204);
  const waiting = await only();
  expect(waiting?.admission).toMatchObject({ keyWords: keyWords(identity.publicKey) });

  const refused = await askPassword(running, identity);
  expect(refused.status).toBe(409);
  expect(refused.json()).toMatchObject({ errorMsgKey: 'ErrWaitsForAdmission', errorRetryDelaySeconds: 30 });
  expect(refused.json()).not.toHaveProperty('errorNonRetryable');
  // Who does not hold the key learns nothing of it.
  const stranger = await askPassword(running, { ...newIdentity(), claimId: identity.claimId }).catch(() => undefined);
  expect(stranger?.text ?? '').not.toContain('Admission');

  expect((await ask('POST', `nodes/${waiting?.nodeId ?? ''}/admit`)).status).toBe(204);
  expect((await only())?.admission).toBeNull();
  const agent = await link(running, identity);
  expect(agent.closed).toBe(false);
  agent.socket.terminate();
  expect(await kinds()).toEqual(expect.arrayContaining(['admission-turned-on', 'claim-accepted', 'node-admitted']));

  // Known by its key, it is not asked again.
  expect((await claimIdentity(running, identity)).status).toBe(204);
  expect((await only())?.admission).toBeNull();
});

it('lets a node go on waiting that is claimed once more, and one wait anew that comes with another key', async () => {
  await turn(true);
  const identity = newIdentity();
  await claimIdentity(running, identity);
  const since = (await only())?.admission?.waitsSince;
  await turn(false);
  running.clock.advance(5);
  await claimIdentity(running, identity);
  expect((await only())?.admission?.waitsSince).toBe(since);
  await ask('POST', `nodes/${(await only())?.nodeId ?? ''}/admit`);

  await turn(true);
  const other = { ...newIdentity(), claimId: identity.claimId, machineGuid: identity.machineGuid };
  expect((await claimIdentity(running, other)).status).toBe(204);
  expect((await only())?.admission).toMatchObject({ keyWords: keyWords(other.publicKey) });
});

it('is asked for by a token, too, in a Space that asks for none', async () => {
  const wanted = { name: 'Careful', lifetimeMs: 60_000, usesLeft: null, roomIds: [], sourceNetworks: [] };
  const made = await ask('POST', `spaces/${spaceId}/claim-tokens`, { ...wanted, admitsByHand: true });
  const { token } = made.json<{ command: { token: string } }>().command;
  const [careful, plain] = [newIdentity(), newIdentity()];
  await claimIdentity(running, careful, { token });
  await claimIdentity(running, plain);
  expect((await askPassword(running, careful)).status).toBe(409);
  expect((await askPassword(running, plain)).status).toBe(201);
});

it('ends with the node where an administrator removes it', async () => {
  await turn(true);
  const identity = newIdentity();
  await claimIdentity(running, identity);
  await ask('DELETE', `nodes/${(await only())?.nodeId ?? ''}`);
  const refused = await askPassword(running, identity);
  expect(refused.json()).toMatchObject({ errorMsgKey: 'ErrNodeRemoved', errorNonRetryable: true });
});
