import SqliteDatabase from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ClaimTokenView, NewClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import { createManualClock } from '../clock.ts';
import { cloudFolder } from '../config/data-folder.ts';
import { claimBody, startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import { takeInstanceLock } from '../storage/instance-lock.ts';
import { verifyAuditFile } from '../audit/audit-file.ts';
import { createOrphans } from './orphans.ts';
import type { Manifest } from './backup.ts';
import { restoreBackup, type RestoreOutcome } from './restore.ts';
import { writeBackup } from './write-backup.ts';

let running: RunningCloud;
let work = '';
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'claimstead-backup-'));
  running = await startRunningCloud();
});
afterEach(async () => {
  await running.close();
  rmSync(work, { recursive: true });
});

const backupTo = (file: string): Promise<Manifest> =>
  writeBackup({
    paths: cloudFolder(running.folder),
    out: createWriteStream(file, { mode: 0o600 }),
    nowMs: running.clock.nowMs(),
    version: 'test',
    progress: () => {},
  });
const restoreFrom = (input: Readable, dataFolder: string, force = false): Promise<RestoreOutcome> =>
  restoreBackup({ dataFolder, input, force, nowMs: () => running.clock.nowMs() + 5000, progress: () => {} });
const claim = async (token: string): Promise<string> => {
  const body = claimBody({ token });
  await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
  return body.node.id;
};

it('brings back the whole Cloud under its own authority, with nobody signed in', async () => {
  const cookie = await running.signIn();
  const token = await running.claimToken();
  const kept = await claim(token);
  writeFileSync(join(cloudFolder(running.folder).folder, 'some.key'), 'a key of tomorrow', { mode: 0o600 });
  const file = join(work, 'backup.tar');
  const manifest = await backupTo(file);
  expect(manifest.files.map(({ name }) => name)).toEqual([
    'seal.key',
    'some.key',
    'tls/ca.pem',
    'tls/server.pem',
    'claimstead.db',
  ]);
  expect(readdirSync(cloudFolder(running.folder).folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const lost = await claim(token);

  const data = join(work, 'data');
  const { voided, aside } = await restoreFrom(createReadStream(file), data);
  expect([voided['session'], aside]).toEqual([1, undefined]);
  const paths = cloudFolder(data);
  expect(statSync(paths.folder).mode & 0o777).toBe(0o700);
  for (const name of ['claimstead.db', 'tls/ca.pem', 'some.key'])
    expect(statSync(join(paths.folder, name)).mode & 0o777, name).toBe(0o600);
  expect(readFileSync(join(paths.tlsFolder, 'ca.pem'))).toEqual(
    readFileSync(join(cloudFolder(running.folder).tlsFolder, 'ca.pem')),
  );
  expect(await verifyAuditFile(paths.databaseFile, manifest.auditHead.hash)).toMatchObject({ holds: true });

  const restored = await startRunningCloud({ folder: data });
  expect((await restored.ask({ path: 'session', cookie })).status).toBe(401);
  expect(
    (await restored.ask({ path: 'session', cookie: await restored.signIn(running.email, running.password) })).status,
  ).toBe(200);
  expect((await restored.admin<{ claimId: string }[]>('nodes')).map(({ claimId }) => claimId)).toEqual([kept]);
  const challenge = (id: string) => restored.ask({ path: `/api/v1/auth/node/${id}/challenge` });
  expect((await challenge(kept)).status).toBe(200);
  expect((await challenge(lost)).status).not.toBe(200);
  const left = await restored.admin<{ tokens: object[]; orphans: object[] }>('after-restore');
  expect(left.orphans).toEqual([expect.objectContaining({ claimId: lost, sourceNetwork: '127.0.0.1', attempts: 1 })]);
  expect(left.tokens).toHaveLength(1);
  // The restore stands five seconds ahead of the Cloud's own clock.
  restored.clock.advance(10_000);
  const tokens = await asAdministrator(restored);
  const [back] = await tokens.all();
  expect(back).toMatchObject({ state: 'valid', restoredFrom: manifest.madeAt });
  expect((await tokens.make()).restoredFrom).toBeNull();
  expect((await tokens.regenerate(back?.id ?? '')).restoredFrom).toBeNull();
  expect((await tokens.all()).map(({ restoredFrom }) => restoredFrom)).toEqual([null, null]);
  expect((await restored.admin<{ tokens: object[] }>('after-restore')).tokens).toEqual([]);
  const rows = await restored.admin<{ kind: string }[]>('audit', { space: null });
  expect(rows.map(({ kind }) => kind)).toContain('restored');
  await restored.close();
});

async function asAdministrator(cloud: RunningCloud) {
  const cookie = await cloud.signIn(running.email, running.password);
  const spaces = (await cloud.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces;
  const path = `spaces/${spaces[0]?.id}/claim-tokens`;
  const settings = { lifetimeMs: 3_600_000, usesLeft: null, roomIds: [], sourceNetworks: [], admitsByHand: false };
  const post = async (to: string, body?: object) =>
    (await cloud.ask({ method: 'POST', path: to, cookie, ...(body && { body }) })).json<NewClaimTokenView>().token;
  return {
    all: async () => (await cloud.ask({ path, cookie })).json<{ tokens: ClaimTokenView[] }>().tokens,
    make: () => post(path, { name: 'made since', ...settings }),
    regenerate: (id: string) => post(`${path}/${id}/regenerate`),
  };
}

it('takes no token of a program, invitation or link for a new password of then', async () => {
  const cookie = await running.signIn();
  const post = async <T>(path: string, body: object): Promise<T> =>
    (await running.ask({ method: 'POST', path, cookie, body })).json<T>();
  const { spaces } = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  const spaceId = spaces[0]?.id ?? '';
  const { token } = await post<{ token: string }>('account/tokens', { name: 'x', spaceId, role: 'admin', days: 9 });
  const invited = { email: 'b@example.net', role: 'member', roomIds: [], lifetimeDays: 7 };
  const { link } = await post<{ link: string }>(`spaces/${spaceId}/invitations`, invited);
  const reset = await running.admin<{ link: string }>('reset-password', {
    email: running.email,
    secondFactorOff: false,
  });
  const file = join(work, 'backup.tar');
  await backupTo(file);
  const data = join(work, 'data');
  const { voided } = await restoreFrom(createReadStream(file), data);
  expect(voided).toMatchObject({ session: 1, api_token: 1, invitation: 1, password_reset: 1 });

  const restored = await startRunningCloud({ folder: data });
  const secretOf = (address: string): string => address.split('#')[1] ?? '';
  const headers = { authorization: `Bearer ${token}` };
  expect((await restored.ask({ path: `spaces/${spaceId}/rooms`, headers })).json()['kind']).toBe('api-token-refused');
  const look = { method: 'POST', path: 'invitations/look', body: { secret: secretOf(link) } };
  expect((await restored.ask(look)).json()['kind']).toBe('invitation-refused');
  const body = { secret: secretOf(reset.link), newPassword: 'four words and more' };
  const redeemed = await restored.ask({ method: 'POST', path: 'password-resets/redeem', body });
  expect(redeemed.json()['kind']).toBe('reset-refused');
  await restored.close();
});

it('sends nothing of then to webhooks, which are listed, and takes no recovery code of then', async () => {
  const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile, { timeout: 10_000 });
  const cookie = await running.signIn();
  const { spaces } = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  const url = 'https://hooks.example.net/CANARY-PATH';
  await running.ask({
    method: 'POST',
    path: `spaces/${spaces[0]?.id}/webhooks`,
    body: { url, kinds: ['node-live'] },
    cookie,
  });
  const webhookId = database.prepare('select webhook_id from webhook').pluck().get();
  const [account] = await running.admin<{ accountId: string }[]>('account-list');
  const far = Number.MAX_SAFE_INTEGER;
  database.prepare(`insert into webhook_delivery values ('d', ?, 'node-live', '{}', 1, 1, ?)`).run(webhookId, far);
  database.prepare(`insert into recovery_code values ('hash', ?, 1)`).run(account?.accountId);
  database.close();
  const file = join(work, 'backup.tar');
  await backupTo(file);
  const data = join(work, 'data');
  const { voided } = await restoreFrom(createReadStream(file), data);
  expect(voided).toMatchObject({ webhook_delivery: 1, recovery_code: 1 });
  const restored = await startRunningCloud({ folder: data });
  const left = await restored.admin<{ webhooks: object[]; people: string }>('after-restore');
  expect(left.webhooks).toEqual([expect.objectContaining({ webhookId, host: 'hooks.example.net' })]);
  expect(JSON.stringify(left)).not.toContain('CANARY-PATH');
  expect(left.people).toMatch(/passkeys .* of then.*Recovery codes are void/);
  await restored.close();
});

it('says nothing of orphans where nothing was restored', async () => {
  await running.ask({ path: `/api/v1/auth/node/${randomUUID()}/challenge` });
  expect(await running.admin('after-restore')).toBeNull();
});

it('leaves a folder alone that is used or in which a Cloud runs', async () => {
  const file = join(work, 'backup.tar');
  await backupTo(file);
  const attempt = (data: string, force = false) => restoreFrom(createReadStream(file), data, force);
  await expect(attempt(running.folder, true)).rejects.toThrow(/A Cloud is running/);
  const data = join(work, 'data');
  mkdirSync(cloudFolder(data).folder, { recursive: true });
  writeFileSync(cloudFolder(data).databaseFile, 'something');
  await expect(attempt(data)).rejects.toThrow(/There is a Cloud .* already/);
  expect(readFileSync(cloudFolder(data).databaseFile, 'utf8')).toBe('something');
  expect(existsSync(`${cloudFolder(data).folder}.restoring`)).toBe(false);
  const { aside } = await attempt(data, true);
  expect(readFileSync(join(aside ?? '', 'claimstead.db'), 'utf8')).toBe('something');
  const empty = join(work, 'empty');
  mkdirSync(cloudFolder(empty).tlsFolder, { recursive: true });
  takeInstanceLock(cloudFolder(empty).lockFile)?.release();
  expect((await attempt(empty)).aside).toBeUndefined();
});

it('refuses what is no backup, is damaged, cut short or edited, and writes nothing outside', async () => {
  const file = join(work, 'backup.tar');
  const manifest = await backupTo(file);
  const whole = readFileSync(file);
  const data = join(work, 'data');
  const attempt = (bytes: Buffer) => restoreFrom(Readable.from([bytes]), data);
  await expect(attempt(Buffer.from('hello'))).rejects.toThrow(/no backup of a Claimstead Cloud/);
  await expect(attempt(Buffer.alloc(0))).rejects.toThrow(/no backup/);
  await expect(attempt(whole.subarray(0, whole.length / 2))).rejects.toThrow(/damaged or not complete/);
  const flipped = Buffer.from(whole);
  flipped[whole.length - 10_000] = (flipped[whole.length - 10_000] ?? 0) ^ 1;
  await expect(attempt(flipped)).rejects.toThrow(/damaged/);
  for (const name of ['../evil', '/etc/evil', 'a/../../evil', 'a/b/c', '.hidden', 'tls/..'])
    await expect(attempt(await tarOf(manifest, name)), name).rejects.toThrow(/no backup/);
  const foreign = { ...manifest, files: manifest.files.slice(0, 1) };
  await expect(attempt(await tarOf(foreign, 'evil', false))).rejects.toThrow(/damaged/);
  expect(readdirSync(work).toSorted()).toEqual(['backup.tar', 'data']);
  expect(readdirSync(data)).toEqual([]);
});

it('refuses a database whose audit was edited', async () => {
  // What the start writes is written.
  await running.signIn();
  const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
  database.exec(`update audit set details = '{"name":"edited"}' where seq = 1`);
  database.close();
  const file = join(work, 'backup.tar');
  await backupTo(file);
  await expect(restoreFrom(createReadStream(file), join(work, 'data'))).rejects.toThrow(
    /Row 1 of the audit was edited/,
  );
});

it('keeps orphans within bounds', () => {
  const clock = createManualClock(0);
  let told = 0;
  const orphans = createOrphans({ nowMs: () => clock.nowMs(), onFirst: () => told++ });
  for (let n = 0; n < 1500; n++) orphans.asked(randomUUID() as never, '192.0.2.1');
  expect([orphans.all().length, told]).toEqual([1000, 1000]);
});

async function tarOf(manifest: Manifest, name: string, listed = true): Promise<Buffer> {
  const tar = pack();
  const file = { name, bytes: 1, sha256: 'a'.repeat(64) };
  tar.entry({ name: 'manifest.json' }, JSON.stringify(listed ? { ...manifest, files: [file] } : manifest));
  tar.entry({ name }, 'x');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk);
  return Buffer.concat(chunks);
}
