// What an agent must not be able to do to another, and a browser not to an agent, with the bytes of unmodified agents. [trust T6, T11, T13]

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { NodeFacts, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { decodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import type { Cloud } from '../harness/cloud.ts';
import type { CloudClient } from '../harness/cloud-client.ts';
import { eventually, root } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';
import { loadRecording } from '../recording/recording.ts';
import { payloadOf } from '../recording/mqtt-bytes.ts';
import { replayAgent, type ReplayedAgent, type ReplayedLink } from '../recording/replayed-agent.ts';

let world: World;
let cloud: Cloud;
let client: CloudClient;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
  client = await cloud.client();
});
afterAll(() => world.end());

const agentOf = async (version: string): Promise<ReplayedAgent> => {
  const file = join(root, `packages/wire/vectors/${version}-claim-and-reconnect.jsonl.gz`);
  const agent = replayAgent(await loadRecording(file), cloud);
  expect(await agent.claim(await cloud.token())).toBe(204);
  return agent;
};
const view = async (nodeId: string): Promise<NodeView> =>
  (await client.send('GET', `/nodes/${nodeId}`)).json<NodeView>();
/** What is shown of a node; of the ways to it, the one that is gone. */
const everythingOf = async (nodeId: string): Promise<[NodeView, NodeFacts, unknown]> => {
  const ask = async <T>(what: string): Promise<T> => (await client.send('GET', `/nodes/${nodeId}${what}`)).json<T>();
  const facts = await ask<NodeFacts>('/facts');
  return [await view(nodeId), { ...facts, paths: facts.paths.slice(0, 1) }, await ask('/alerts')];
};
async function settled(agent: ReplayedAgent): Promise<{ link: ReplayedLink; nodeId: string }> {
  const link = await agent.connect(0);
  await link.said;
  const node = await eventually(async () => {
    const found = (await cloud.nodes()).find(({ machineGuid }) => machineGuid === agent.machineGuid);
    return found === undefined || (await view(found.nodeId)).alerts === null ? undefined : found;
  });
  return { link, nodeId: node.nodeId };
}
/** Questions of the administrator as they came to the agent; the Cloud asks for a first sample by itself, as nobody in particular. */
const questions = (link: ReplayedLink): string[] =>
  link.packets.flatMap((packet) => {
    if (packet.cmd !== 'publish' || !packet.topic.endsWith('/inbound/cmd')) return [];
    const text = payloadOf(packet).toString('latin1');
    return text.includes('live view') ? [] : [text];
  });

describe.each([
  ['v2.9.0', 'v1.44.3'],
  ['v1.44.3', 'v2.9.0'],
])('a recorded %s that speaks for a recorded %s', (liarVersion, victimVersion) => {
  test('under the machine and node of the other changes nothing of it while it is connected, nor what it is asked', async () => {
    const victim = await settled(await agentOf(victimVersion));
    const before = await everythingOf(victim.nodeId);
    const [{ machineGuid }] = before;
    const liar = await agentOf(liarVersion);
    // Its own claim and key, and the other's ids in everything that it says of a node.
    const ids = liar.ids as Map<string, string>;
    const [recordedGuid] = [...ids].find(([, now]) => now === liar.machineGuid) ?? [''];
    if (liar.machineGuid !== liar.claimId) ids.set(recordedGuid, machineGuid);
    const link = await liar.connect(0);
    for (const [guid, node] of link.script.nodeIds) if (guid === recordedGuid) ids.set(node, victim.nodeId);
    await Promise.race([link.said, link.closed]).catch(() => undefined);
    expect(await everythingOf(victim.nodeId)).toEqual(before);
    const asked = questions(victim.link).length;
    const answer = await client.send('GET', `/nodes/${victim.nodeId}/agent/api/v1/info`);
    expect(answer.status).toBe(200);
    expect(questions(victim.link)).toHaveLength(asked + 1);
    link.cut();
    victim.link.cut();
  });
});

describe.each(['v2.9.0', 'v1.44.3'])('a recorded %s', (version) => {
  test('is asked with exactly the headers of the Cloud, each once, and for listed addresses only', async () => {
    const { link, nodeId } = await settled(await agentOf(version));
    const hostile = fc.sample(
      fc.record({
        header: fc.constantFrom(
          'X-Netdata-Role',
          'x-netdata-permissions',
          'X-Netdata-User-Name',
          'X-NETDATA-Account-Id',
          'X-Netdata-Auth',
          'Authorization',
          'X-Transaction-ID',
        ),
        value: fc.constantFrom('admin', '0x7ff', 'Basic CANARY', 'CANARY\tx'),
        target: fc.constantFrom(
          '/api/v1/info',
          '/api/v1/info/../manage/health',
          '/api/v1/%2e%2e/manage',
          '/api/v1//info',
          '//api/v1/info',
          '/api/v1/info%00',
          '/api/v1/info?a=%0d%0aX-Netdata-Role:%20admin',
          '/api/v1/info;x',
          '/api/v1/function?function=config%20tree',
          '/api/v3/settings',
          '/netdata.conf',
        ),
      }),
      { numRuns: 300, seed: 7 },
    );
    const before = questions(link).length;
    let allowed = 0;
    for (const { header, value, target } of hostile) {
      const answer = await client.send('GET', `/nodes/${nodeId}/agent${target}`, undefined, { [header]: value });
      if (target === '/api/v1/info') allowed += 1;
      expect([target, answer.status]).toEqual([target, target === '/api/v1/info' ? 200 : answer.status]);
      if (target !== '/api/v1/info') expect([400, 404]).toContain(answer.status);
    }
    const came = questions(link).slice(before);
    expect(came).toHaveLength(allowed);
    for (const text of came) {
      const { target, headers = {} } = decodeLinkRequest(Buffer.from(text, 'latin1')) ?? {};
      expect(target).toBe('/api/v1/info');
      expect(Object.keys(headers).toSorted()).toEqual([
        'accept-encoding',
        'x-netdata-account-id',
        'x-netdata-permissions',
        'x-netdata-role',
        'x-netdata-user-name',
      ]);
      expect(headers['x-netdata-role']).toBe('admin');
      expect(text).not.toMatch(/CANARY|cookie|authorization/i);
    }
    link.cut();
  });
});
