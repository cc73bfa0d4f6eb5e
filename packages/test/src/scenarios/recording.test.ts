// A session is recorded in front of the Cloud, and played again to another Cloud as if the agent were there.

import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { farAhead, longAgo, makeCa } from '@claimstead/agent/claim/testing/certificates';
import { decodeRecording, encodeRecording, type Recording } from '../recording/recording.ts';
import { startRecorder } from '../recording/recorder.ts';
import { replayAgent } from '../recording/replayed-agent.ts';
import { administrator } from '../harness/cloud.ts';
import { createCloudClient } from '../harness/cloud-client.ts';
import { eventually, freePort } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let recording: Recording;
let token: string;
const question = '/api/v1/charts';
let answer: string;

beforeAll(async () => {
  world = await createWorld();
  const folder = join(world.folder, 'authority');
  mkdirSync(folder);
  const ca = makeCa(folder);
  const [port, recorderPort] = [await freePort(), await freePort()];
  const publicUrl = `https://localhost:${recorderPort}`;
  const cloud = await world.cloud({ name: 'recorded', port, args: ['--public-url', publicUrl] });
  const recorder = await startRecorder({
    port: recorderPort,
    certificate: ca.issue('recorder', 'DNS:localhost', longAgo, farAhead),
    cloud: { host: '127.0.0.1', port, servername: 'localhost', ca: cloud.caPem },
    now: () => performance.now(),
  });
  token = await cloud.token();
  const agent = await world.agent(undefined, { hostname: 'recorded-agent', caPem: ca.ca });
  const { code, stdout, stderr } = await agent.claim(`-token=${token}`, `-url=${publicUrl}`);
  if (code !== 0) throw new Error(stdout + stderr);
  const node = await eventually(async () => (await cloud.nodes()).find(({ state }) => state === 'live'));
  // Past the recorder: what a browser says is none of an agent's session.
  const direct = { url: `https://localhost:${port}`, caPem: cloud.caPem };
  const browser = await createCloudClient({ ...direct, email: administrator, password: cloud.password });
  const asked = await browser.send('GET', `/nodes/${node.nodeId}/agent${question}`);
  answer = asked.body.toString();
  await agent.process.stop();
  await eventually(async () => (await cloud.nodes()).find(({ state }) => state === 'offline'));
  recording = recorder.take({ agent: 'claimstead', what: 'claim, first link, stop', recorded: '2026-01-01' });
  await recorder.close();
});
afterAll(() => world.end());

test('a recording is text that reads back as it was written', () => {
  const text = encodeRecording(recording);
  expect(decodeRecording(text)).toEqual(recording);
  expect(text.split('\n').length).toBeGreaterThan(20);
});

test('no secret of the session is in it', () => {
  const all = Buffer.concat(recording.events.map((event) => ('bytes' in event ? event.bytes : Buffer.alloc(0))));
  expect(all.includes(token)).toBe(false);
  const pem = /"publicKey":"([^"]+)"/.exec(all.toString('latin1'))?.[1]?.replaceAll('\\n', '\n') ?? '';
  // Made up, and of the length of a real one.
  expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  expect(() => createPublicKey(pem)).toThrow();
});

test('played to another Cloud, it is claimed, live, and answers as it did', async () => {
  const cloud = await world.cloud({ name: 'other' });
  const replayed = replayAgent(recording, cloud);
  expect(await replayed.claim(await cloud.token())).toBe(204);
  const link = await replayed.connect();
  await link.said;
  const node = await eventually(async () => (await cloud.nodes()).find(({ state }) => state === 'live'));
  expect(node).toMatchObject({
    claimId: replayed.claimId,
    machineGuid: replayed.machineGuid,
    hostname: 'recorded-agent',
  });
  const client = await cloud.client();
  const asked = await client.send('GET', `/nodes/${node.nodeId}/agent${question}`);
  expect(asked.status).toBe(200);
  expect(asked.body.toString()).toBe(answer);
  expect(link.unanswered).toEqual([]);
  await link.leave();
  await eventually(async () => (await cloud.nodes()).find(({ state }) => state === 'offline'));
});
