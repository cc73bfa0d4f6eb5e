// Letters of the Cloud through a mail server as people run it: Debian's OpenSMTPD in a process of its own.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCloudClient, fetchCloud, type Answer } from '../harness/cloud-client.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { mailServerIsMissing, startMailServer, type MailServer } from '../harness/mail-server.ts';
import { eventually, freePort } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = mailServerIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let mail: MailServer | undefined;
let port: number;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  port = await freePort();
  const urlFile = join(world.folder, 'smtp-url');
  await writeFile(urlFile, `smtp://127.0.0.1:${port}\n`);
  cloud = await world.cloud({ args: ['--smtp-url-file', urlFile, '--mail-from', 'Claimstead <cloud@example.net>'] });
});
afterAll(() => world?.end());

/** The server's queue is the machine's: letters of an earlier Cloud may come first. */
const ofThisCloud = (rest: string): RegExp => new RegExp(`localhost:${cloud.port}${rest}`);

const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  fetchCloud(cloud, 'POST', `/api/cloud/v1${path}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

suite('letters', () => {
  test('that the mail server does not take yet hold up nobody, and arrive when it is back', async () => {
    const before = performance.now();
    expect((await post('/password-resets', { email: administrator })).status).toBe(202);
    expect(performance.now() - before).toBeLessThan(1000);
    await eventually(() =>
      cloud.process.stderr().includes('letter not taken by the mail server yet') ? true : undefined,
    );
    mail = await startMailServer(world.folder, port);
    world.keep(mail.process);
    const letter = await mail.letter(ofThisCloud('/reset-password#'));
    expect(letter).toMatch(/^From: Claimstead <cloud@example\.net>$/m);
    expect(letter).toMatch(/^To: admin@localhost$/m);
    const [, secret = ''] = /reset-password#([\w-]{43})/.exec(letter) ?? [];
    expect((await post('/password-resets/redeem', { secret, newPassword: 'a password by mail' })).status).toBe(204);
    const client = await createCloudClient({ ...cloud, email: administrator, password: 'a password by mail' });
    expect((await client.send('GET', '/session')).status).toBe(200);
    expect(cloud.process.stderr()).not.toContain(secret);
    expect(cloud.process.stderr()).not.toContain('a password by mail');
  });

  test('tell of a sign-in from another browser', async () => {
    const credentials = { email: administrator, password: 'a password by mail' };
    await post('/session', credentials, { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/145.0' });
    const letter = await mail?.letter(ofThisCloud('[^]*Firefox on Windows'));
    expect(letter).toMatch(/^Subject: A sign-in to localhost:\d+ from a new place$/m);
    expect(letter).toContain(`${cloud.url}/account`);
  });
});
