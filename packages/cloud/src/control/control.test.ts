import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cloudFolder } from '../config/data-folder.ts';
import { CloudError } from '@claimstead/wire/errors';
import { silentLog } from '../log.ts';
import { claimBody, startRunningCloud } from '../main-in-tests.ts';
import { askCloud } from './control-client.ts';
import type { AdminNode, ControlCommands } from './control-commands.ts';
import { startControl, type ControlServer } from './control-server.ts';

let root = '';
let control: ControlServer | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'claimstead-control-'));
});
afterEach(async () => {
  await control?.close();
  control = undefined;
  rmSync(root, { recursive: true });
});

const commands: ControlCommands = {
  token: async ({ rooms, uses }) => ({ token: `token for ${rooms.join('+')} ${uses}`, tokenId: '', expiresAt: '' }),
  tokenList: async () => [],
  tokenRevoke: async (wanted) => wanted,
  spaceCreate: async () => ({ spaceId: '' }),
  spaceList: async () => [],
  roomCreate: async () => ({ roomId: '' }),
  roomList: async () => [],
  audit: async () => [],
  accountList: async () => [],
  afterRestore: async () => null,
  nodes: async () => [],
  ca: () => 'PEM',
  doctorScript: () => '#!/bin/sh',
  query: async (node, target) => {
    if (node === 'gone') throw new CloudError('node-offline');
    return {
      status: node === 'teapot' ? 418 : 200,
      contentType: 'text/plain',
      body: Buffer.from(target),
      gzipped: undefined,
    };
  },
  resetPassword: async ({ email }) => ({ link: `https://cloud/${email}`, expiresAt: '' }),
  changeEmail: async ({ newEmail }) => ({ email: newEmail }),
  signIn: async () => {
    throw new Error('CANARY');
  },
};
const start = async (folder: string): Promise<string> => {
  const { controlSocket, folder: cloud } = cloudFolder(folder);
  mkdirSync(cloud, { recursive: true, mode: 0o700 });
  control = await startControl({ socketFile: controlSocket, commands, log: silentLog });
  return controlSocket;
};
const text = async (folder: string, command: string, body: object): Promise<[number, string]> => {
  const answer = await askCloud(folder, command, body);
  return [answer.status, answer.body.toString()];
};

it('answers its owner alone, through a path of any length, and takes the place of a socket that a killed Cloud left', async () => {
  const deep = join(root, ...Array.from({ length: 8 }, () => 'a-folder-with-a-long-name'));
  mkdirSync(cloudFolder(deep).folder, { recursive: true });
  writeFileSync(cloudFolder(deep).controlSocket, 'left behind');
  const socketFile = await start(deep);
  expect(Buffer.byteLength(socketFile)).toBeGreaterThan(200);
  expect(statSync(socketFile).mode & 0o777).toBe(0o600);
  expect(statSync(socketFile).isSocket()).toBe(true);
  const wanted = { space: null, rooms: ['a', 'b'], lifetimeMs: null, uses: 2 };
  expect(await text(deep, 'token', wanted)).toEqual([200, expect.stringContaining('{"token":"token for a+b 2"')]);
  await control?.close();
  control = undefined;
  expect(existsSync(socketFile)).toBe(false);
});

it('hands on what a node answered, and refusals as Problems without their causes', async () => {
  await start(root);
  expect(await text(root, 'query', { node: 'n', target: '/api/v1/info?x=1' })).toEqual([200, '/api/v1/info?x=1']);
  expect(await text(root, 'query', { node: 'teapot', target: '/x' })).toEqual([418, '/x']);
  for (const [command, body, status, kind] of [
    ['query', { node: 'gone', target: '/x' }, 503, 'node-offline'],
    ['query', { node: 'n' }, 400, 'invalid-request'],
    ['token', { space: null, rooms: 'a', lifetimeMs: null, uses: null }, 400, 'invalid-request'],
    ['token', { space: null, rooms: [], lifetimeMs: null, uses: 0 }, 400, 'invalid-request'],
    ['token', { space: null, rooms: [], lifetimeMs: 999, uses: null }, 400, 'invalid-request'],
    ['nothing', {}, 404, 'not-found'],
    ['sign-in', {}, 500, 'internal'],
  ] as const) {
    const [answered, problem] = await text(root, command, body);
    expect([answered, (JSON.parse(problem) as { kind: string }).kind]).toEqual([status, kind]);
    expect(problem).not.toContain('CANARY');
  }
});

it('says in one sentence that no Cloud is running', async () => {
  const sentence = /^No Cloud is running on .*; start one with claimstead serve --data/;
  await expect(askCloud(join(root, 'nothing'), 'nodes', {})).rejects.toThrow(sentence);
  mkdirSync(cloudFolder(root).folder, { recursive: true });
  await expect(askCloud(root, 'nodes', {})).rejects.toThrow(sentence);
  await start(root);
  await control?.close();
  control = undefined;
  await expect(askCloud(root, 'nodes', {})).rejects.toThrow(sentence);
});

it('finds nodes by id and by a host name that only one has', async () => {
  const running = await startRunningCloud();
  const token = await running.claimToken();
  for (const hostname of ['alpha', 'twin', 'twin']) {
    const body = claimBody({ token, hostname });
    await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
  }
  const nodes = JSON.parse((await text(running.folder, 'nodes', {}))[1]) as AdminNode[];
  expect(
    nodes
      .map(({ hostname, state, rooms }) => [hostname, state, ...rooms].join(' '))
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(['alpha unseen All nodes', 'twin unseen All nodes', 'twin unseen All nodes']);
  const ask = async (node: string): Promise<string> =>
    (await text(running.folder, 'query', { node, target: '/api/v1/info' }))[1];
  for (const node of ['ALPHA', nodes[0]?.nodeId ?? '']) expect(await ask(node)).toContain('"kind":"node-offline"');
  expect(await ask('twin')).toContain('Several nodes have that host name');
  for (const node of [randomUUID(), 'nobody']) expect(await ask(node)).toContain('No node has that id or host name');
  const nowhere = { space: null, rooms: ['nowhere'], lifetimeMs: null, uses: null };
  expect(await text(running.folder, 'token', nowhere)).toMatchObject([404, expect.stringContaining('--rooms')]);
  await running.close();
});
