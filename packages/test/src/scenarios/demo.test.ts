// `npm run demo`, as a newcomer runs it.

import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCloudClient } from '../harness/cloud-client.ts';
import { freePort, root, run, start } from '../harness/programs.ts';

let folder: string;
let port: number;
let agentPort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claimstead-demo-'));
  port = await freePort();
  agentPort = await freePort();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const demo = (...more: string[]): [string, string[]] => [
  process.execPath,
  [
    join(root, 'scripts/demo.mjs'),
    '--data',
    folder,
    '--port',
    String(port),
    '--agent-port',
    String(agentPort),
    ...more,
  ],
];
const admin = async (...words: string[]): Promise<string> => {
  const [command = '', ...rest] = words;
  return (await run('claimstead', ['admin', command, '--data', folder, ...rest])).stdout;
};

test('once: claims this machine, compares what the Cloud relays with what the agent answers, and ends with 0', async () => {
  const { code, stdout, stderr } = await run(...demo('--once'));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/^Agent was successfully claimed\.$/m);
  expect(stdout).toMatch(/^claim → live in \d+ ms: key pair .*DNS .*PUT .*; link: .*environment .*MQTT /m);
  expect(stdout).toMatch(/First live sample \d+ ms/);
  expect(stdout).toMatch(/difference/i);
  expect(stdout.match(/[Pp]assword: \S{20,}/)).not.toBeNull();
  expect((await readdir(folder)).toSorted()).toEqual(expect.arrayContaining(['agent', 'cloud']));
  expect((await readdir(join(folder, 'agent'))).toSorted()).toEqual(['etc', 'lib', 'log', 'run']);
});

test('again: the same data, the same node, no second claim and no second password; Ctrl-C ends both orderly', async () => {
  const [program, args] = demo();
  const running = start(program, args);
  await running.printed(/https:\/\/localhost:\d+/);
  expect(running.stdout()).not.toMatch(/[Pp]assword: /);
  const [node, ...others] = JSON.parse(await admin('nodes', '--json')) as { nodeId: string; state: string }[];
  expect(others).toEqual([]);
  expect(node?.state).toBe('live');
  // The code of the private socket signs in once and no more.
  const target = {
    url: `https://localhost:${port}`,
    caPem: await admin('ca'),
    oneUseCode: (await admin('sign-in')).trim(),
  };
  const client = await createCloudClient(target);
  expect((await client.send('GET', `/nodes/${node?.nodeId}/agent/api/v1/info`)).status).toBe(200);
  await expect(createCloudClient(target)).rejects.toThrow(/401/);

  const { code } = await running.stop('SIGINT');
  expect(code).toBe(0);
  await expect(fetch(`http://127.0.0.1:${agentPort}/api/v1/info`)).rejects.toThrow();
});

test('a taken port is one sentence that names it, before anything is started', async () => {
  for (const [taken, name] of [
    [port, '--port'],
    [agentPort, '--agent-port'],
  ] as const) {
    const other = createServer().listen(taken, '127.0.0.1');
    await once(other, 'listening');
    const { code, stderr } = await run(...demo('--once'));
    expect(code).not.toBe(0);
    expect(stderr).toContain(String(taken));
    expect(stderr).toContain(name);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    other.close();
  }
});
