// From the command line to a live node in a room.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

describe('a node is claimed', () => {
  test('an unclaimed agent knows that it is, and speaks to nobody', async () => {
    expect(await facts(agent)).toBe('TTFF');
    expect(await cloud.nodes()).toEqual([]);
  });

  test('a wrong token is refused with its own exit code, and nothing is created', async () => {
    const { code, stdout, stderr } = await agent.claim('-token=cst_wrong', `-url=${cloud.url}`);
    expect({ code, stdout }).toEqual({ code: 12, stdout: '' });
    expect(stderr).toMatch(/claiming token/);
    expect(stderr).not.toMatch(/cst_wrong/);
    expect(await cloud.nodes()).toEqual([]);
    expect(await facts(agent)).toBe('TTFF');
  });

  test('an unknown room is refused, and nothing is created', async () => {
    const { code } = await agent.claim(`-token=${await cloud.token()}`, `-url=${cloud.url}`, '-rooms=no-such-room');
    expect(code).toBe(10);
    expect(await cloud.nodes()).toEqual([]);
  });

  test('with the token in claim.d it says exactly the promised words, and the node becomes live in its rooms', async () => {
    const client = await cloud.client();
    const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
    const spaceId = spaces[0]?.id ?? '';
    expect((await client.send('POST', `/spaces/${spaceId}/rooms`, { name: 'Data base' })).status).toBe(201);
    await writeFile(join(agent.claimFolder, 'token'), `${await cloud.token()}\n`, { mode: 0o600 });
    await writeFile(join(agent.claimFolder, 'rooms'), 'data-base\n');

    const { code, stdout } = await agent.claim(`-url=${cloud.url}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Agent was successfully claimed.\n' });
    // True before the words are printed, not some time later.
    expect((await agent.info())['agent-claimed']).toBe(true);

    const node = await eventually(async () => {
      const found = await nodeOf(agent);
      return found?.state === 'live' ? found : undefined;
    });
    expect(node).toMatchObject({ hostname: 'ada-laptop', rooms: expect.arrayContaining(['All nodes', 'Data base']) });
    expect(await facts(agent)).toBe('TTTT');
  });

  test('claim.d holds what it must, for its owner only, and no token', async () => {
    const files = (await readdir(agent.claimFolder)).toSorted();
    expect(files).toEqual(['claimed_id', 'cloud.conf', 'cloud_fullchain.pem', 'private.pem', 'public.pem', 'rooms']);
    expect((await stat(join(agent.claimFolder, 'private.pem'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(agent.claimFolder, 'claimed_id'), 'utf8')).length).toBe(36);
  });

  test('the same command again is success and still one node', async () => {
    const { code } = await agent.claim(`-token=${await cloud.token()}`, `-url=${cloud.url}`);
    expect(code).toBe(0);
    expect(await cloud.nodes()).toHaveLength(1);
    await eventually(async () => ((await facts(agent)) === 'TTTT' ? true : undefined));
  });

  test('both ends tell what they did in lines that a person finds, without a secret', async () => {
    const log = await agent.errorLog();
    expect(log.split('\n').filter((line) => /ACLK/i.test(line)).length).toBeGreaterThan(0);
    expect(log).toMatch(/claim : claim state read/);
    for (const text of [log, cloud.process.stderr()]) {
      expect(text).not.toMatch(/cst_/);
      expect(text).not.toContain(cloud.password);
      expect(text).not.toMatch(/PRIVATE KEY/);
    }
  });

  test('netdatacli tells about the link', async () => {
    const { code, stdout } = await agent.cli('aclk-state', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      online: true,
      'agent-claimed': true,
      'cloud-url': cloud.url,
      'last-error': null,
      'next-retry-in-s': null,
      proxy: 'none',
    });
  });
});
