// What is taken away is gone within a second, also where it was in use at that moment: tokens, sessions, roles, rooms, nodes. A hundred times
// each, against an agent that is asked something and never answers. [trust T1, T22]

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimPath } from '@claimstead/wire/claim/claim-request';
import { makeKeyPair } from '@claimstead/agent/claim/key-pair';
import type { Cloud } from '../harness/cloud.ts';
import { createCloudClient, fetchCloud, type Answer, type CloudClient, type Events } from '../harness/cloud-client.ts';
import { eventually } from '../harness/programs.ts';
import { connectRawAgent, claimRawMachine, startRawAgent, type RawAgent } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

const times = 100;
const withinMs = 1000;

let world: World;
let cloud: Cloud;
let ada: CloudClient;
let bob: CloudClient;
let bobId: string;
let silent: RawAgent;
let nodeId: string;
let space: string;
let spaceId: string;
let roomId: string;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
  ada = await cloud.client();
  const { spaces } = (await ada.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  spaceId = spaces[0]?.id ?? '';
  space = `/spaces/${spaceId}`;
  silent = await startRawAgent(cloud, { hostname: 'silent' });
  nodeId = await idOf('silent');
  roomId = (await ada.send('POST', `${space}/rooms`, { name: 'Lab' })).json<{ id: string }>().id;
  const invited = { email: 'bob@example.net', role: 'member', roomIds: [roomId] };
  const { link } = (await ada.send('POST', `${space}/invitations`, invited)).json<{ link: string }>();
  const account = { name: 'Bob', password: 'four words in a row' };
  const body = JSON.stringify({ secret: link.split('#')[1], account });
  const headers = { 'content-type': 'application/json', origin: cloud.url };
  await fetchCloud(cloud, 'POST', '/api/cloud/v1/invitations/accept', { body, headers });
  bob = await bobSignsIn();
  bobId = (await bob.send('GET', '/account')).json<{ id: string }>().id;
});
afterAll(() => world?.end());

const bobSignsIn = (): Promise<CloudClient> =>
  createCloudClient({ ...cloud, email: 'bob@example.net', password: 'four words in a row' });
const idOf = (hostname: string): Promise<string> =>
  eventually(
    async () => (await cloud.nodes()).find((node) => node.hostname === hostname && node.state === 'live')?.nodeId,
  );
/** Asks the silent agent; resolves to what the Cloud says at last. It is on its way to the agent when this returns. */
async function askSilent(
  headers: Record<string, string>,
  agent = silent,
  id = nodeId,
): Promise<{ said: Promise<Answer> }> {
  const before = agent.requests.length;
  const said = fetchCloud(cloud, 'GET', `/api/cloud/v1/nodes/${id}/agent/api/v1/charts`, { headers });
  await Promise.race([eventually(async () => (agent.requests.length > before ? true : undefined)), said]);
  if (agent.requests.length === before) throw new Error(`answered at once: ${(await said).body.toString()}`);
  return { said };
}
/** The slowest of all times, each from the answer that says it is taken away. */
async function slowest(deed: (n: number) => Promise<{ takeAway: () => Promise<Answer>; gone: () => Promise<void> }>) {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const { takeAway, gone } = await deed(n);
    const answer = await takeAway();
    expect(answer.status).toBeLessThan(300);
    const since = performance.now();
    await gone();
    took.push(performance.now() - since);
  }
  expect(took).toHaveLength(times);
  return Math.max(...took);
}
const removedFor = ({ until }: Events, since: number, events: Events): Promise<unknown> =>
  until('node-removed', (message) => message.nodeId === nodeId && events.messages.indexOf(message) >= since);

test('a revoked claiming token is refused, also by a claim that has begun', async () => {
  const { publicPem } = await makeKeyPair();
  // From a machine of its own each: somebody who is refused often is not heard for a while.
  const claim = (token: string, localAddress: string): { finish: () => Promise<number> } => {
    const id = randomUUID();
    const node = { id, hostname: 'late' };
    const text = JSON.stringify({ node, token, rooms: [], publicKey: publicPem, mGUID: id });
    const outgoing = request(new URL(claimPath(id), cloud.url), {
      method: 'PUT',
      ca: cloud.caPem,
      localAddress,
      headers: { 'content-type': 'application/json', 'content-length': text.length },
    });
    outgoing.write(text.slice(0, text.length - 1));
    return {
      async finish() {
        outgoing.end(text.slice(-1));
        const [incoming] = (await once(outgoing, 'response')) as [{ statusCode: number; resume(): void }];
        incoming.resume();
        return incoming.statusCode;
      },
    };
  };
  const before = (await cloud.nodes()).length;
  const took = await slowest(async (n) => {
    const wanted = { name: `Token ${n}`, lifetimeMs: 3_600_000, usesLeft: null, roomIds: [], sourceNetworks: [] };
    const made = (await ada.send('POST', `${space}/claim-tokens`, { ...wanted, admitsByHand: false })).json<{
      token: { id: string };
      command: { token: string };
    }>();
    const address = `127.0.2.${n + 1}`;
    const begun = claim(made.command.token, address);
    return {
      takeAway: () => ada.send('DELETE', `${space}/claim-tokens/${made.token.id}`),
      gone: async () =>
        expect([await begun.finish(), await claim(made.command.token, address).finish()]).toEqual([403, 403]),
    };
  });
  expect(took).toBeLessThan(withinMs);
  expect((await cloud.nodes()).length).toBe(before);
});

test('a revoked API token is refused, and what it asked is cut', async () => {
  const took = await slowest(async (n) => {
    const wanted = { name: `Program ${n}`, spaceId, role: 'admin', days: 1 };
    const made = (await ada.send('POST', '/account/tokens', wanted)).json<{ token: string; view: { id: string } }>();
    const headers = { authorization: `Bearer ${made.token}` };
    const { said } = await askSilent(headers);
    return {
      takeAway: () => ada.send('DELETE', `/account/tokens/${made.view.id}`),
      gone: async () => {
        const next = await fetchCloud(cloud, 'GET', `/api/cloud/v1${space}/nodes`, { headers });
        expect([(await said).status, next.status]).toEqual([401, 401]);
      },
    };
  });
  expect(took).toBeLessThan(withinMs);
});

test('a member whose role is lowered loses the nodes that it showed, on what is open, too', async () => {
  const events = await bob.events();
  const took = await slowest(async () => {
    expect((await ada.send('PATCH', `${space}/members/${bobId}`, { role: 'troubleshooter' })).status).toBe(200);
    const since = events.messages.length;
    const { said } = await askSilent({ cookie: bob.cookie });
    return {
      takeAway: () => ada.send('PATCH', `${space}/members/${bobId}`, { role: 'member' }),
      gone: async () => {
        const [answer] = await Promise.all([said, removedFor(events, since, events)]);
        const next = await bob.send('GET', `/nodes/${nodeId}`);
        expect([answer.status, next.status]).toEqual([404, 404]);
      },
    };
  });
  expect(took).toBeLessThan(withinMs);
  events.close();
});

test('a manager whose role is lowered changes nothing by a request that has begun', async () => {
  const took = await slowest(async (n) => {
    expect((await ada.send('PATCH', `${space}/members/${bobId}`, { role: 'manager' })).status).toBe(200);
    const text = JSON.stringify({ name: `Late ${n}` });
    const begun = request(new URL(`/api/cloud/v1${space}/rooms`, cloud.url), {
      method: 'POST',
      ca: cloud.caPem,
      headers: { cookie: bob.cookie, 'content-type': 'application/json', 'content-length': text.length },
    });
    begun.write(text.slice(0, -1));
    return {
      takeAway: () => ada.send('PATCH', `${space}/members/${bobId}`, { role: 'member' }),
      gone: async () => {
        begun.end(text.slice(-1));
        const [incoming] = (await once(begun, 'response')) as [{ statusCode: number; resume(): void }];
        incoming.resume();
        expect(incoming.statusCode).toBe(403);
      },
    };
  });
  expect(took).toBeLessThan(withinMs);
});

test('a node that leaves a room is gone for those who see that room alone', async () => {
  const events = await bob.events();
  const took = await slowest(async () => {
    expect((await ada.send('PUT', `/nodes/${nodeId}/rooms`, { roomIds: [roomId] })).status).toBeLessThan(300);
    const since = events.messages.length;
    const { said } = await askSilent({ cookie: bob.cookie });
    return {
      takeAway: () => ada.send('PUT', `/nodes/${nodeId}/rooms`, { roomIds: [] }),
      gone: async () => {
        const [answer] = await Promise.all([said, removedFor(events, since, events)]);
        expect([answer.status, (await bob.send('GET', `/nodes/${nodeId}`)).status]).toEqual([404, 404]);
      },
    };
  });
  expect(took).toBeLessThan(withinMs);
  events.close();
});

test('a session that is ended somewhere else is ended where it is open', async () => {
  await ada.send('PATCH', `${space}/members/${bobId}`, { role: 'troubleshooter' });
  const took = await slowest(async () => {
    const other = await bobSignsIn();
    const events = await other.events();
    const { said } = await askSilent({ cookie: other.cookie });
    const sessions = (await other.send('GET', '/account/sessions')).json<{
      sessions: { id: string; isCurrent: boolean }[];
    }>();
    const mine = sessions.sessions.find(({ isCurrent }) => isCurrent)?.id ?? '';
    return {
      takeAway: () => bob.send('DELETE', `/account/sessions/${mine}`),
      gone: async () => {
        if (events.socket.readyState !== events.socket.CLOSED) await once(events.socket, 'close');
        const next = await other.send('GET', '/spaces');
        expect([(await said).status, next.status]).toEqual([401, 401]);
      },
    };
  });
  expect(took).toBeLessThan(withinMs);
});

test(
  'a removed node is cut, what it was asked is answered, and it is not let in again',
  { timeout: 300_000 },
  async () => {
    const events = await ada.events();
    const token = await cloud.token();
    const took = await slowest(async (n) => {
      const hostname = `gone-${n}`;
      const machine = await claimRawMachine(cloud, hostname, undefined, token);
      const agent = await connectRawAgent(...machine);
      const { node } = await events.until(
        'node',
        (told) => told.node.hostname === hostname && told.node.state === 'live',
      );
      const id = node.nodeId;
      const { said } = await askSilent({ cookie: ada.cookie }, agent, id);
      return {
        takeAway: () => ada.send('DELETE', `/nodes/${id}`),
        gone: async () => {
          const [answer] = await Promise.all([
            said,
            agent.lost,
            events.until('node-removed', (message) => message.nodeId === id),
          ]);
          // The link went first: whoever asked is told that nobody answers there any more.
          expect(answer.status).toBe(503);
          await expect(connectRawAgent(...machine)).rejects.toThrow();
        },
      };
    });
    expect(took).toBeLessThan(withinMs);
    events.close();
  },
);
