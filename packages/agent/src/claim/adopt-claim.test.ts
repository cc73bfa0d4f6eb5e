import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adoptClaim, adoptionMark, type Adoption } from './adopt-claim.ts';
import { readClaim } from './claim-directory.ts';
import { makeKeyPair } from './key-pair.ts';

let folder: string;
let directory: string;
let lib: string;
let claimId: string;
const { privatePem } = await makeKeyPair();
const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adopt-'));
  directory = join(folder, 'claim.d');
  lib = join(folder, 'lib');
  claimId = randomUUID();
  mkdirSync(join(lib, 'cloud.d'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stock = (files: Record<string, string>): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(lib, 'cloud.d', name), text);
};
const adopt = (): Promise<Adoption> => adoptClaim(directory, lib, undefined);

test('a claim of version 1 becomes ours, once, and cloud.d stays as it is', async () => {
  stock({
    claimed_id: `${claimId}\n`,
    'private.pem': privatePem,
    'cloud.conf': '[global]\n cloud base url = https://c.example.com\n',
  });
  mkdirSync(directory);
  writeFileSync(join(directory, 'token'), 'for another claim');
  expect(await adopt()).toMatchObject({ outcome: 'adopted', sentence: expect.stringContaining(claimId) as unknown });
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId, url: 'https://c.example.com' });
  expect(statSync(join(directory, 'private.pem')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(directory, 'token'), 'utf8')).toBe('for another claim');
  expect(readdirSync(join(lib, 'cloud.d')).toSorted()).toEqual(['claimed_id', 'cloud.conf', 'private.pem']);
  expect(await adopt()).toEqual({ outcome: 'none' });
  // Unclaimed the documented way, it must not come back.
  rmSync(directory, { recursive: true });
  expect(await adopt()).toEqual({ outcome: 'none' });
  expect(existsSync(directory)).toBe(false);
});

test.each(['claimed_id', 'claimed id'])('a claim of version 2 has its id in cloud.conf, as %s', async (key) => {
  stock({
    'private.pem': privatePem,
    'cloud.conf': `[global]\n${key} = ${claimId}\nurl = https://d.example.com\n`,
    'cloud_fullchain.pem': `who signed it\n${certificate}\n`,
  });
  expect(await adopt()).toMatchObject({ outcome: 'adopted' });
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId, url: 'https://d.example.com' });
  expect(readFileSync(join(directory, 'cloud_fullchain.pem'), 'utf8')).toBe(`${certificate}\n`);
});

test('where claim.d was first, cloud.d is passed by for good', async () => {
  stock({ claimed_id: claimId, 'private.pem': privatePem });
  mkdirSync(directory);
  writeFileSync(join(directory, 'claimed_id'), randomUUID());
  expect(await adopt()).toEqual({ outcome: 'none' });
  expect(readFileSync(adoptionMark(lib), 'utf8')).toBe(`${claimId}\n`);
  rmSync(directory, { recursive: true });
  expect(await adopt()).toEqual({ outcome: 'none' });
});

test('an adoption that was cut off after the key is finished', async () => {
  stock({ claimed_id: claimId, 'private.pem': privatePem });
  mkdirSync(directory);
  writeFileSync(join(directory, 'private.pem'), privatePem);
  expect(await adopt()).toMatchObject({ outcome: 'adopted' });
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId });
});

test.each<[string, Record<string, string>, RegExp]>([
  ['no key', {}, /has no private\.pem/],
  ['a key that is none', { 'private.pem': 'x' }, /no private key that can be read/],
  [
    'a URL that cannot be dialled',
    { 'private.pem': privatePem, 'cloud.conf': '[global]\nurl = http://c' },
    /in the clear/,
  ],
])('%s: it says why, and nothing is written', async (_, files, words) => {
  stock({ claimed_id: claimId, ...files });
  const adopted = await adopt();
  expect(adopted).toMatchObject({ outcome: 'failed', sentence: expect.stringMatching(words) as unknown });
  expect(existsSync(directory)).toBe(false);
});

test('nothing to adopt is nothing to say', async () => {
  expect(await adopt()).toEqual({ outcome: 'none' });
  stock({ 'cloud.conf': '[global]\nurl = https://c\n', claimed_id: 'not a UUID' });
  expect(await adopt()).toEqual({ outcome: 'none' });
});

test('of a mark that is something else only its claims are kept', async () => {
  stock({ claimed_id: claimId, 'private.pem': privatePem });
  const earlier = randomUUID();
  mkdirSync(join(lib, 'registry'));
  writeFileSync(adoptionMark(lib), `secret\n${earlier}\n`);
  expect(await adopt()).toMatchObject({ outcome: 'adopted' });
  expect(readFileSync(adoptionMark(lib), 'utf8')).toBe(`${earlier}\n${claimId}\n`);
});

test.runIf(isRoot)('root takes a claim over for the user that runs netdata', async () => {
  stock({ claimed_id: claimId, 'private.pem': privatePem });
  giveLib();
  expect(await adoptClaim(directory, lib, nobody)).toMatchObject({ outcome: 'adopted' });
  for (const path of [directory, join(directory, 'private.pem'), join(directory, 'claimed_id'), adoptionMark(lib)])
    expect(statSync(path).uid).toBe(nobody.uid);
});

test.runIf(isRoot)('a link of that user gets root nowhere where the user may not go', async () => {
  const secret = join(folder, 'secret');
  writeFileSync(secret, certificate, { mode: 0o600 });
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  stock({ claimed_id: claimId, 'private.pem': privatePem });
  symlinkSync(secret, join(lib, 'cloud.d/cloud_fullchain.pem'));
  giveLib();
  expect(await adoptClaim(directory, lib, nobody)).toMatchObject({ outcome: 'failed' });
  expect(existsSync(directory)).toBe(false);
  rmSync(join(lib, 'cloud.d/cloud_fullchain.pem'));
  symlinkSync(elsewhere, join(lib, 'registry'));
  expect(await adoptClaim(directory, lib, nobody)).toMatchObject({ outcome: 'failed' });
  expect(readdirSync(elsewhere)).toEqual([]);
});

function giveLib(): void {
  chmodSync(folder, 0o755);
  for (const path of ['', 'cloud.d', 'cloud.d/claimed_id', 'cloud.d/private.pem'])
    chownSync(join(lib, path), nobody.uid, nobody.gid);
}
