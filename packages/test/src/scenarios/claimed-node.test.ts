// The later life of a claimed node: restarts on both ends, removal, a new claim, the end of claim.d.

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import type { Cloud } from '../harness/cloud.ts';
import { eventually } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;
let agent: Agent;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
  agent = await world.agent(cloud, { hostname: 'ada-laptop' });
  await world.claimed(cloud, agent);
});
afterAll(() => world.end());

const nodeOf = async (one: Agent) => {
  const { uid } = await one.info();
  return (await cloud.nodes()).find(({ machineGuid }) => machineGuid === uid);
};
const facts = async (one: Agent): Promise<string> => {
  const info = await one.info();
  return (['cloud-enabled', 'cloud-available', 'agent-claimed', 'aclk-available'] as const)
    .map((key) => (info[key] ? 'T' : 'F'))
    .join('');
};

describe('a claimed node', () => {
  test('is the same node after a restart of its agent, and offline in between', async () => {
    const before = await nodeOf(agent);
    await agent.process.stop();
    // The farewell: offline at once, not after a minute and a half of silence.
    expect((await cloud.nodes())[0]?.state).toBe('offline');
    agent = await world.agent(cloud, { name: 'agent-1', port: agent.port, hostname: 'ada-laptop' });
    const after = await eventually(async () => {
      const found = await nodeOf(agent);
      return found?.state === 'live' ? found : undefined;
    });
    expect(after.nodeId).toBe(before?.nodeId);
    expect(await cloud.nodes()).toHaveLength(1);
  });

  test('survives the Cloud: killed and started again, the node is live without anybody’s help', async () => {
    await cloud.process.stop('SIGKILL');
    expect((await agent.info())['agent-claimed']).toBe(true);
    cloud = await world.cloud({ port: cloud.port });
    expect((await cloud.nodes())[0]).toMatchObject({
      hostname: 'ada-laptop',
      state: expect.stringMatching(/offline|live/),
    });
    await eventually(async () => ((await nodeOf(agent))?.state === 'live' ? true : undefined));
  });

  test('that an administrator removed is cut off and knows why', async () => {
    const client = await cloud.client();
    const node = await nodeOf(agent);
    expect((await client.send('DELETE', `/nodes/${node?.nodeId}`)).status).toBe(204);
    expect(await cloud.nodes()).toEqual([]);
    const error = await eventually(async () => {
      const state = JSON.parse((await agent.cli('aclk-state', 'json')).stdout) as {
        'last-error': string | null;
        'banned-by-cloud': boolean;
      };
      return state['banned-by-cloud'] ? state['last-error'] : undefined;
    });
    expect(error).toMatch(/removed/);
    expect(await facts(agent)).toBe('TTTF');
  });

  test('can be claimed again', async () => {
    const { code } = await agent.claim(`-token=${await cloud.token()}`, `-url=${cloud.url}`, '-rooms=');
    expect(code).toBe(0);
    await eventually(async () => ((await nodeOf(agent))?.state === 'live' ? true : undefined));
  });

  test('ends with its claim.d: the daemon goes on, the link closes, the Cloud has the node no more', async () => {
    await rm(agent.claimFolder, { recursive: true });
    expect(await facts(agent)).toBe('TTTT');
    expect((await agent.cli('reload-claiming-state')).code).toBe(0);
    expect(await facts(agent)).toBe('TTFF');
    await eventually(async () => ((await nodeOf(agent)) === undefined ? true : undefined));
  });
});
