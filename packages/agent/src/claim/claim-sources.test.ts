import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  cloud,
  directory,
  folder,
  guid,
  run,
  seen,
  sent,
  startDaemon,
  token,
  url,
  useCommand,
} from './testing/command-world.ts';

useCommand();

test('everything from files and settings; token is deleted after success, rooms stay', async () => {
  await startDaemon();
  writeFileSync(join(directory, 'token'), `${token}\n`);
  writeFileSync(join(directory, 'rooms'), 'room1,room2\n');
  expect((await run([], `[cloud]\ncloud base url = ${url}`)).code).toBe(0);
  expect(sent()).toMatchObject({ token, rooms: ['room1', 'room2'] });
  expect(readdirSync(directory).toSorted()).toEqual([
    'claimed_id',
    'cloud.conf',
    'cloud_fullchain.pem',
    'private.pem',
    'public.pem',
    'rooms',
  ]);
});

test('the token may come from standard input or the environment; options win', async () => {
  await startDaemon();
  expect((await run(['-token=-', `-url=${url}`])).code).toBe(0);
  expect(
    (await run([], '', { NETDATA_CLAIM_TOKEN: token, NETDATA_CLAIM_ROOMS: 'r', NETDATA_CLAIM_URL: url })).code,
  ).toBe(0);
  expect(cloud.requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { token, rooms: [] },
    { token, rooms: ['r'] },
  ]);
  const id = randomUUID();
  seen.claimedId = id;
  expect(
    (
      await run([`-id=${id.toUpperCase()}`, '-hostname=foo', '-token=x', `-url=${url}`], '', {
        NETDATA_CLAIM_TOKEN: token,
      })
    ).code,
  ).toBe(0);
  expect(sent()).toMatchObject({ token: 'x', node: { id, hostname: 'foo' }, mGUID: guid });
});

test('a token file of several lines, or one that cannot be read, is not guessed at', async () => {
  writeFileSync(join(directory, 'token'), `${token}\r\nx\r\n`);
  expect(await run([`-url=${url}`])).toMatchObject({ code: 2, err: [expect.stringContaining('holds several lines')] });
  rmSync(join(directory, 'token'));
  mkdirSync(join(directory, 'token'));
  expect(await run([`-url=${url}`])).toMatchObject({ code: 2, err: [expect.stringMatching(/Cannot read .*token/)] });
  expect(cloud.connections).toBe(0);
});

test('a token file as an editor leaves it counts', async () => {
  await startDaemon();
  writeFileSync(join(directory, 'token'), `  ${token}\r\n\r\n`);
  expect((await run([`-url=${url}`])).code).toBe(0);
  expect(sent()).toMatchObject({ token });
});

test('claim.conf gives what nobody else does, and stays', async () => {
  await startDaemon();
  writeFileSync(join(folder, 'claim.conf'), `[global]\ntoken = ${token}\nurl = ${url}\nrooms = from-file\n`);
  expect((await run(['-rooms=typed'])).code).toBe(0);
  expect(sent()).toMatchObject({ token, rooms: ['typed'] });
  writeFileSync(join(directory, 'rooms'), 'from-claim.d');
  expect((await run([], '', { NETDATA_CLAIM_TOKEN: 'x', NETDATA_CLAIM_ROOMS: 'from-environment' })).code).toBe(0);
  expect(sent()).toMatchObject({ token: 'x', rooms: ['from-claim.d'] });
  expect(readdirSync(folder)).toContain('claim.conf');
});
