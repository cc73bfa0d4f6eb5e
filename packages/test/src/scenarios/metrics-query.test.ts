// From a browser's request to points, through the link.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import type { Cloud } from '../harness/cloud.ts';
import { fetchCloud, openEvents, type Answer, type CloudClient } from '../harness/cloud-client.ts';
import { liveNodeIdOf, startClaimedNode } from '../harness/claimed-node.ts';
import { eventually } from '../harness/programs.ts';
import { startRawAgent } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;
let agent: Agent;
let nodeId: string;
let client: CloudClient;

beforeAll(async () => {
  world = await createWorld();
  ({ cloud, agent, nodeId, client } = await startClaimedNode(world));
});
afterAll(() => world.end());

const relay = (id: string, target: string, headers?: Record<string, string>): Promise<Answer> =>
  client.send('GET', `/nodes/${id}/agent${target}`, undefined, headers);

describe('a relayed query', () => {
  test('answers exactly what the agent answers on its own port', async () => {
    const now = Math.floor(Date.now() / 1000);
    await eventually(() => (Date.now() / 1000 > now + 3 ? true : undefined));
    for (const target of [
      `/api/v1/data?chart=system.cpu&after=${now - 1}&before=${now + 1}`,
      `/api/v1/data?context=system.load&after=${now - 1}&before=${now + 1}&format=csv`,
      '/api/v1/charts',
      '/api/v1/contexts',
    ]) {
      const [relayed, local] = await Promise.all([relay(nodeId, target), agent.get(target)]);
      expect(relayed.status).toBe(200);
      const trim = (text: string): string =>
        target.includes('/data') ? text : text.replace(/"(first|last)_entry":\d+/g, '').replace(/"duration":\d+/g, '');
      expect(trim(relayed.body.toString())).toBe(trim(local.body));
    }
  });

  test('through the private socket prints the body, and a sentence for what cannot be asked', async () => {
    const good = await cloud.admin('query', nodeId, '/api/v1/data?chart=system.cpu&after=-5');
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({ labels: expect.arrayContaining(['time', 'user']) });
    const bad = await cloud.admin('query', nodeId, '/etc/passwd');
    expect(bad).toMatchObject({ code: 1, stdout: '' });
    expect(bad.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('keeps the agent’s own refusal', async () => {
    const answer = await relay(nodeId, '/api/v1/data?chart=no.such.chart');
    expect(answer.status).toBe(404);
    expect((await relay(nodeId, '/api/v1/data?chart=system.cpu&group=magic')).status).toBe(400);
  });

  test('is compressed when the browser takes it, and not otherwise', async () => {
    const plain = await relay(nodeId, '/api/v1/charts');
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zipped = await relay(nodeId, '/api/v1/charts', { 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.body.length).toBeLessThan(plain.body.length / 4);
  });

  test('may be one of fifty at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => relay(nodeId, '/api/v1/data?chart=system.cpu&after=-5')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
  });

  test('needs a session; without one nothing is told', async () => {
    const answer = await fetchCloud(cloud, 'GET', `/api/cloud/v1/nodes/${nodeId}/agent/api/v1/info`);
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ kind: 'sign-in-required' });
  });

  test('of a node that does not exist looks like one of a node that is not ours', async () => {
    const answer = await relay(randomUUID(), '/api/v1/info');
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ kind: 'not-found' });
  });

  test('ends when the browser goes away: the agent is told to stop', async () => {
    const seen: string[] = [];
    const slow = await startRawAgent(cloud, { answer: (request) => seen.push(request.messageId) });
    const id = await liveNodeIdOf(cloud, slow);
    const abort = new AbortController();
    const { request } = await import('node:https');
    const outgoing = request(new URL(`${cloud.url}/api/cloud/v1/nodes/${id}/agent/api/v1/info`), {
      ca: cloud.caPem,
      headers: { cookie: client.cookie },
      signal: abort.signal,
    });
    outgoing.on('error', () => undefined);
    outgoing.end();
    await eventually(() => (seen.length === 1 ? true : undefined));
    const before = slow.session.received;
    abort.abort();
    // The next message of the Cloud on that link is the cancellation.
    await eventually(() => (slow.session.received > before ? true : undefined));
  });
});

describe('live samples', () => {
  test('come once a second over the events socket, only to who watches', async () => {
    const events = await client.events();
    await events.until('node', ({ node }) => node.nodeId === nodeId);
    events.send({ type: 'watch', watchId: 'w', nodeIds: [nodeId], chart: 'system.cpu', historySeconds: 2 });
    await eventually(() => (events.messages.filter(({ type }) => type === 'samples').length >= 3 ? true : undefined));
    const times = events.messages.flatMap((message) =>
      message.type === 'samples' ? message.rows.map(([time]) => time as number) : [],
    );
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    events.close();
  });

  test('need the session’s cookie and a page of the Cloud’s own', async () => {
    await expect(openEvents(cloud, '')).rejects.toThrow(/401/);
    for (const origin of [
      'null',
      'https://evil.example',
      `${cloud.url}.evil.example`,
      cloud.url.replace('https', 'http'),
      `${cloud.url}0`,
    ]) {
      await expect(openEvents(cloud, client.cookie, origin)).rejects.toThrow(/403/);
    }
  });

  test('end with the session', async () => {
    const other = await cloud.client();
    const events = await other.events();
    const closed = new Promise((resolve) => events.socket.once('close', resolve));
    expect((await other.send('DELETE', '/session')).status).toBe(204);
    await closed;
  });
});
