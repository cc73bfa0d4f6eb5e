// A copied machine becomes a node of its own: somebody clicks, the copy is claimed with what that made, and the contest is over.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyCommands } from '@claimstead/wire/claim/copy-commands';
import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { CopyClaimView } from '@claimstead/wire/cloud-api/copy-claims';
import type { AdminAuditRow } from '../control/audit-commands.ts';
import type { AdminNode } from '../control/control-commands.ts';
import { claimIdentity, link, newIdentity } from '../gateway/testing/linked-agent.ts';
import { startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';

let running: RunningCloud;
let cookie: string;
beforeEach(async () => {
  running = await startRunningCloud();
  cookie = await running.signIn();
});
afterEach(() => running.close());

const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
  running.ask({ method, path, cookie, ...(body && { body }) });
const nodes = (): Promise<AdminNode[]> => running.admin<AdminNode[]>('nodes');

it('gets one claim, in the rooms of the original, and the contest ends with it', async () => {
  const identity = newIdentity();
  await claimIdentity(running, identity);
  const [{ nodeId, spaceId } = { nodeId: '', spaceId: '' }] = await nodes();
  const made = await ask('POST', `spaces/${spaceId}/rooms`, { name: 'Web' });
  await ask('PUT', `nodes/${nodeId}/rooms`, { roomIds: [made.json()['id']] });
  const contest = async (): Promise<ClaimedNodeView['contest']> => {
    const answer = await ask('GET', `spaces/${spaceId}/claimed-nodes`);
    const { nodes: list } = answer.json<{ nodes: ClaimedNodeView[] }>();
    return list.find((one) => one.nodeId === nodeId)?.contest ?? null;
  };
  const copy = { hostname: 'copy', address: '127.0.0.1' };
  const settle = (host = copy): Promise<HttpAnswer> => ask('POST', `nodes/${nodeId}/copy-claims`, host);
  expect((await settle()).json()['kind']).toBe('invalid-request');

  for (let turn = 0; turn < 5; turn++)
    await link(running, identity, { hostname: turn % 2 === 0 ? 'original' : 'copy', body: '' });
  while ((await contest()) === null);
  expect(await contest()).toMatchObject({
    hosts: [
      { hostname: 'original', isConnected: true },
      { hostname: 'copy', isConnected: false },
    ],
    settling: null,
  });
  expect((await settle({ ...copy, hostname: 'nobody' })).json()['kind']).toBe('invalid-request');
  const answer = await settle();
  expect(answer.status).toBe(201);
  const { token, claim, forget, tokenId } = answer.json<CopyClaimView>();
  expect(claim).toBe(`netdata-claim.sh -token=${token} -rooms=web -url=${running.cloud.url.origin}`);
  expect(forget.split('\n')[0]).toBe('systemctl stop netdata');
  expect((await contest())?.settling).toMatchObject(copy);

  const anew = newIdentity();
  expect((await claimIdentity(running, anew, { token, hostname: 'copy' })).status).toBe(204);
  expect((await claimIdentity(running, newIdentity(), { token })).status).toBe(403);
  while ((await contest()) !== null);
  expect((await nodes()).find(({ claimId }) => claimId === anew.claimId)?.rooms).toContain('Web');
  const rows = await running.admin<AdminAuditRow[]>('audit', { space: null });
  expect(rows.find(({ kind }) => kind === 'identity-settling')).toMatchObject({ nodeId, tokenId, details: copy });
  expect(rows.map(({ kind }) => kind)).toContain('identity-settled');
});

it('forgets who it was in every place where an agent keeps it, and what it trusts stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-copy-'));
  const place = (path: string): string => join(folder, path);
  const identities = [
    'lib/cloud.d/claimed_id',
    'lib/cloud.d/private.pem',
    'etc/claim.d/private.pem',
    'lib/registry/netdata.public.unique.id',
    'lib/status-netdata.json',
    'cache/status-netdata.json',
  ];
  const kept = ['lib/cloud.d/cloud_fullchain.pem', 'etc/claim.d/cloud_fullchain.pem', 'lib/netdata.api.key'];
  for (const path of [...identities, ...kept]) {
    mkdirSync(join(place(path), '..'), { recursive: true });
    writeFileSync(place(path), 'x');
  }
  mkdirSync(place('bin'));
  writeFileSync(place('bin/systemctl'), `#!/bin/sh\necho "$@" >> ${place('systemctl.log')}\n`, { mode: 0o755 });
  // What lies in the places that every machine has is not this test's.
  const { forget } = copyCommands({ token: 'cst_x', roomSlugs: [], url: 'https://localhost' });
  const script = forget.replace(' /tmp /run /var/run', '');
  expect(script).not.toBe(forget);
  const ran = spawnSync('/bin/sh', ['-ec', script], {
    encoding: 'utf8',
    env: {
      PATH: `${place('bin')}:/usr/bin:/bin`,
      NETDATA_LIB_DIR: place('lib'),
      NETDATA_USER_CONFIG_DIR: place('etc'),
      NETDATA_CACHE_DIR: place('cache'),
    },
  });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(identities.filter((path) => existsSync(place(path)))).toEqual([]);
  expect(kept.filter((path) => !existsSync(place(path)))).toEqual([]);
  rmSync(folder, { recursive: true });
});
