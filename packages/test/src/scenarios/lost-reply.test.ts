// The Cloud accepted a claim and its answer was lost: the same claim again is success, and there is one node.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cloud } from '../harness/cloud.ts';
import { fetchCloud } from '../harness/cloud-client.ts';
import { startFaultProxy } from '../harness/fault-proxy.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
});
afterAll(() => world.end());

// A connection and a full handshake for each claim: the proxy tells a handshake from a request by its length.
const agent = new Agent({ keepAlive: false, maxCachedSessions: 0 });
const put = (port: number, claimId: string, body: object) =>
  fetchCloud({ url: `https://localhost:${port}`, caPem: cloud.caPem }, 'PUT', `/api/v1/spaces/nodes/${claimId}`, {
    agent,
    body: JSON.stringify({ ...body, node: { id: claimId, hostname: 'h' } }),
  });

test('50 lost answers, each asked again under another claim id: 204, exactly one node each, never 409', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = await cloud.token();
  const proxy = await startFaultProxy(cloud.port, 'swallow');
  let lost = 0;
  for (let i = 0; i < 50; i++) {
    const body = {
      token,
      rooms: [],
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
      mGUID: randomUUID(),
    };
    await put(proxy.port, randomUUID(), body).catch(() => lost++);
    expect((await put(cloud.port, randomUUID(), body)).status).toBe(204);
  }
  await proxy.close();
  expect(lost).toBe(50);
  const nodes = await cloud.nodes();
  expect(nodes).toHaveLength(50);
  expect(new Set(nodes.map(({ machineGuid }) => machineGuid)).size).toBe(50);
});
