// From a file in health.d to what the Cloud is answered.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import type { Cloud } from '../harness/cloud.ts';
import { eventually } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;
let agent: Agent;
let nodeId: string;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
  const folder = join(world.folder, 'watched', 'etc', 'health.d');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'mine.conf'),
    `
alarm: up_for_a_while
   on: system.uptime
 calc: $uptime
units: seconds
every: 1s
 warn: $this > 0

alarm: broken
   on: system.uptime
 calc: $uptime +
`,
  );
  agent = await world.agent(cloud, { name: 'watched' });
  nodeId = await world.claimed(cloud, agent);
});
afterAll(() => world.end());

type Answer = Record<string, Record<string, Record<string, unknown>>>;

test('an alert of a file is raised, asked for here and through the Cloud, and counted', async () => {
  const raised = await eventually(async () => {
    const { code, stdout } = await cloud.admin('query', nodeId, '/api/v1/alarms');
    return code === 0 ? (JSON.parse(stdout) as Answer)['alarms']?.['system.uptime.up_for_a_while'] : undefined;
  });
  expect(raised).toMatchObject({ status: 'WARNING', chart: 'system.uptime', silenced: false });
  const all = JSON.parse((await agent.get('/api/v1/alarms?all')).body) as Answer;
  expect(Object.keys(all['alarms'] ?? {})).toContain('system.ram.ram_in_use');
  const log = JSON.parse((await agent.get('/api/v1/alarm_log')).body) as { name: string; status: string }[];
  expect(log).toContainEqual(expect.objectContaining({ name: 'up_for_a_while', status: 'WARNING' }));
  const { alarms } = (await agent.info()) as unknown as { alarms: { warning: number } };
  expect(alarms.warning).toBeGreaterThan(0);
});

test('a part of a file that cannot be used is one sentence in the log, with its place', async () => {
  const lines = (await agent.errorLog()).split('\n').filter((line) => line.includes('mine.conf'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(
    'mine.conf:9: alarm broken is left out, because its "calc" line has a mistake: it ends too early.',
  );
});
