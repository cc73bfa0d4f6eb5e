import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findInPasswd } from '../config/account.ts';
import { claimUser, type ClaimUser } from './claim-user.ts';

const withNetdata =
  'root:x:0:0:root:/root:/bin/bash\nnetdata:x:201:202::/:/bin/false\nada:x:1000:1001::/home/ada:/bin/sh\n';
const withoutNetdata = withNetdata.replace(/^netdata.*\n/m, '');
const me = process.getuid?.() ?? 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ask = (uid: number, serviceUser: string | undefined, passwd: string): Promise<ClaimUser> =>
  claimUser({
    uid,
    claimDirectory: join(folder, 'claim.d'),
    configDirectory: folder,
    serviceUser: serviceUser === undefined ? undefined : { name: serviceUser, place: '-user=' },
    findAccount: async (user) => findInPasswd(passwd, user),
  });

test('root gives the files to the service user, by any name and group', async () => {
  expect(await ask(0, undefined, withNetdata)).toEqual({ owner: { uid: 201, gid: 202 } });
  expect(await ask(0, 'ada', withNetdata)).toEqual({ owner: { uid: 1000, gid: 1001 } });
});

test('the service user itself may, and gives nothing away', async () => {
  expect(await ask(201, undefined, withNetdata)).toEqual({ owner: undefined });
  expect(await ask(1000, 'ada', withNetdata)).toEqual({ owner: undefined });
});

test('anybody else is told who may', async () => {
  // The folder is ours, so the asker is somebody else.
  expect(await ask(me + 1000, undefined, withNetdata)).toMatchObject({
    sentence: expect.stringContaining('user netdata, or with sudo'),
  });
  expect(await ask(201, 'ada', withNetdata)).toMatchObject({
    sentence: expect.stringMatching(/user ada.*you are the user netdata/),
  });
  expect(await ask(0, 'nobody-here', withNetdata)).toMatchObject({
    sentence: 'There is no user nobody-here on this node; correct -user=.',
  });
});

test('whose claim.d it is, may; the name of another owner is told', async () => {
  mkdirSync(join(folder, 'claim.d'));
  if (me !== 0) expect(await ask(me, undefined, withNetdata)).toEqual({ owner: undefined });
  const refused = await ask(me + 1000, undefined, withoutNetdata);
  expect(refused).toMatchObject({ sentence: expect.stringContaining('must be run by the user') });
});

test.runIf(me === 0)('root keeps the owner that claim.d has, or takes that of the configuration', async () => {
  chownSync(folder, 3000, 3001);
  expect(await ask(0, undefined, withoutNetdata)).toEqual({ owner: { uid: 3000, gid: 3001 } });
  mkdirSync(join(folder, 'claim.d'));
  chownSync(join(folder, 'claim.d'), 4000, 4001);
  expect(await ask(0, undefined, withNetdata)).toEqual({ owner: { uid: 4000, gid: 4001 } });
});

test.runIf(me === 0)('where nobody else has a part in it, root keeps the files', async () => {
  expect(await ask(0, undefined, withoutNetdata)).toEqual({ owner: undefined });
});
