import { generateKeyPairSync, randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
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
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  ClaimDirectoryError,
  makeClaimDirectory,
  obtainKeyPair,
  probeClaimDirectory,
  readClaim,
  readDefault,
  saveClaim,
  type SaveStep,
} from './claim-directory.ts';
import { makeKeyPair, type KeyPair } from './key-pair.ts';

const claimId = parseClaimId(randomUUID()) as ClaimId;
const otherId = parseClaimId(randomUUID()) as ClaimId;
const url = 'https://cloud.example.com';

let folder: string;
let directory: string;
let pair: KeyPair;
let otherPair: KeyPair;
beforeAll(async () => {
  [pair, otherPair] = await Promise.all([makeKeyPair(), makeKeyPair()]);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claim-'));
  directory = join(folder, 'claim.d');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const mode = (name: string): number => statSync(join(directory, name)).mode & 0o777;
/** A whole claim, made the way that the agent makes it. */
const claimed = async (): Promise<void> => {
  await makeClaimDirectory(directory, undefined);
  put('private.pem', pair.privatePem);
  await obtainKeyPair(directory, undefined);
  await saveClaim(directory, { claimId, url, proxyWords: undefined, hostname: undefined }, undefined, () => undefined);
};

test('a saved claim is read back, with the modes that keep it private', async () => {
  await makeClaimDirectory(directory, undefined);
  await obtainKeyPair(directory, undefined);
  put('token', 'T');
  put('rooms', 'r1,r2');
  await saveClaim(directory, { claimId, url, proxyWords: undefined, hostname: undefined }, undefined, () => undefined);
  const state = await readClaim(directory);
  expect(state).toMatchObject({ state: 'claimed', claimId, url });
  expect(state.state === 'claimed' && state.privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(readFileSync(join(directory, 'claimed_id'), 'utf8')).toBe(claimId);
  expect(['private.pem', 'public.pem', 'claimed_id', 'cloud.conf'].map(mode)).toEqual([0o600, 0o644, 0o640, 0o640]);
  expect(statSync(directory).mode & 0o777).toBe(0o750);
  expect(readdirSync(directory).toSorted()).toEqual(['claimed_id', 'cloud.conf', 'private.pem', 'public.pem', 'rooms']);
});

test('no directory, no claimed_id and an empty one are all unclaimed', async () => {
  expect(await readClaim(directory)).toEqual({ state: 'unclaimed' });
  await claimed();
  for (const text of ['', '\n']) {
    put('claimed_id', text);
    expect(await readClaim(directory)).toEqual({ state: 'unclaimed' });
  }
  rmSync(directory, { recursive: true });
  expect(await readClaim(directory)).toEqual({ state: 'unclaimed' });
});

test('a claim that was placed by hand may have a newline and no cloud.conf', async () => {
  await claimed();
  rmSync(join(directory, 'cloud.conf'));
  rmSync(join(directory, 'public.pem'));
  put('claimed_id', `${claimId.toUpperCase()}\n`);
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId, url: undefined });
});

test.each<[string, () => void, RegExp]>([
  ['private.pem missing', () => rmSync(join(directory, 'private.pem')), /private\.pem is missing/],
  ['private.pem empty', () => put('private.pem', ''), /private\.pem is empty/],
  ['private.pem truncated', () => put('private.pem', pair.privatePem.slice(0, 600)), /truncated/],
  ['private.pem of another kind', () => put('private.pem', ecKey()), /type ec instead of RSA/],
  ['private.pem too short', () => put('private.pem', rsaKey(1024)), /1024 bits/],
  ['private.pem encrypted', () => put('private.pem', encryptedKey()), /encrypted/],
  ['private.pem of another pair', () => put('private.pem', otherPair.privatePem), /do not belong together/],
  ['public.pem corrupt', () => put('public.pem', 'x'), /do not belong together/],
  [
    'private.pem a directory',
    () => (rmSync(join(directory, 'private.pem')), mkdirSync(join(directory, 'private.pem'))),
    /EISDIR/,
  ],
  [
    'cloud.conf of another claim',
    () => put('cloud.conf', `[global]\nclaimed id = ${otherId}\ncloud base url = ${url}`),
    /interrupted/,
  ],
  [
    'cloud.conf with a URL that must not be dialled',
    () => put('cloud.conf', '[global]\ncloud base url = http://x'),
    /in the clear/,
  ],
])('%s: claimed, and nothing to connect with', async (_, spoil, words) => {
  await claimed();
  spoil();
  const state = await readClaim(directory);
  expect(state).toMatchObject({ state: 'broken', claimId });
  expect(state.state === 'broken' && state.sentence).toMatch(words);
  expect(JSON.stringify(state)).not.toContain('PRIVATE KEY');
});

test('a claimed_id that is no UUID, or cannot be read, is not a claim', async () => {
  await claimed();
  put('claimed_id', 'unknown');
  expect(await readClaim(directory)).toMatchObject({
    state: 'broken',
    claimId: undefined,
    sentence: expect.stringContaining('UUID'),
  });
  rmSync(join(directory, 'claimed_id'));
  mkdirSync(join(directory, 'claimed_id'));
  expect(await readClaim(directory)).toMatchObject({
    state: 'broken',
    claimId: undefined,
    sentence: expect.stringContaining('Cannot read'),
  });
});

test('at every step of saving, a crash leaves the old claim, a refused one or the new one, never a mixture', async () => {
  await claimed();
  const next = { claimId: otherId, url: 'https://other.example.com', proxyWords: 'none', hostname: undefined };
  const seen: [SaveStep, string][] = [];
  const crash = async (at: SaveStep): Promise<void> => {
    await saveClaim(directory, next, undefined, (step) => {
      if (step === at) throw new Error('crash');
    }).catch(() => undefined);
    const state = await readClaim(directory);
    const what =
      state.state === 'claimed' ? `${state.claimId === otherId ? 'new' : 'old'} at ${state.url}` : state.state;
    seen.push([at, what]);
  };
  for (const step of ['url saved', 'claim saved', 'token deleted'] as const) await crash(step);
  expect(seen).toEqual([
    ['url saved', 'broken'],
    ['claim saved', 'new at https://other.example.com'],
    ['token deleted', 'new at https://other.example.com'],
  ]);
});

test.each(['web-1', 'naïve # 1', '100%23 #', '名前'])('the name that a claim chose is kept: %s', async (hostname) => {
  await claimed();
  await saveClaim(
    directory,
    { claimId: otherId, url: undefined, proxyWords: undefined, hostname },
    undefined,
    () => undefined,
  );
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', hostname });
});

test('a key pair is made once, and never replaced when it cannot be used', async () => {
  await makeClaimDirectory(directory, undefined);
  const made = await obtainKeyPair(directory, undefined);
  expect((await obtainKeyPair(directory, undefined)).publicPem).toBe(made.publicPem);
  rmSync(join(directory, 'public.pem'));
  expect((await obtainKeyPair(directory, undefined)).publicPem).toBe(made.publicPem);
  expect(existsSync(join(directory, 'public.pem'))).toBe(true);
  put('private.pem', 'garbage');
  await expect(obtainKeyPair(directory, undefined)).rejects.toThrow(ClaimDirectoryError);
  expect(readFileSync(join(directory, 'private.pem'), 'utf8')).toBe('garbage');
});

test('what cannot be a directory for claims is named before anything else happens', async () => {
  writeFileSync(directory, 'file');
  await expect(makeClaimDirectory(directory, undefined)).rejects.toThrow(/is a file/);
  await expect(makeClaimDirectory(join(folder, 'absent', 'claim.d'), undefined)).rejects.toThrow(/does not exist/);
  await expect(probeClaimDirectory('/proc/self', undefined)).rejects.toThrow(/Cannot write/);
});

test('what a killed claim left is removed, what a person put there stays', async () => {
  await makeClaimDirectory(directory, undefined);
  put('.private.pem.0123456789abcdef.tmp', 'half a key');
  put('notes.txt', 'mine');
  await probeClaimDirectory(directory, undefined);
  expect(readdirSync(directory)).toEqual(['notes.txt']);
});

test.runIf(process.getuid?.() === 0)(
  'as root everything goes to the service user, but no file by a link that leads out',
  async () => {
    const owner = { uid: 12_345, gid: 12_346 };
    mkdirSync(directory);
    put('token', 'T');
    const outside = join(folder, 'outside');
    writeFileSync(outside, 'not yours');
    symlinkSync(outside, join(directory, 'rooms'));
    await makeClaimDirectory(directory, owner);
    await obtainKeyPair(directory, owner);
    await saveClaim(directory, { claimId, url, proxyWords: undefined, hostname: undefined }, owner, () => undefined);
    const names = ['.', 'private.pem', 'public.pem', 'cloud.conf', 'claimed_id'];
    expect(names.map((name) => statSync(join(directory, name))).map(({ uid, gid }) => `${uid}:${gid}`)).toEqual(
      names.map(() => '12345:12346'),
    );
    expect(statSync(outside).uid).toBe(0);
    expect(mode('private.pem')).toBe(0o600);
  },
);

test('token and rooms: one line, trimmed; absent and empty are the same', async () => {
  await makeClaimDirectory(directory, undefined);
  expect(await readDefault(directory, 'token')).toBeUndefined();
  for (const [text, expected] of [
    ['T\n', 'T'],
    ['\r\n T \r\n', 'T'],
    ['\n', undefined],
  ] as const) {
    put('token', text);
    expect(await readDefault(directory, 'token')).toBe(expected);
  }
  put('token', 'CANARY\nsecond');
  await expect(readDefault(directory, 'token')).rejects.toThrow(/several lines/);
  await expect(readDefault(directory, 'token')).rejects.not.toThrow(/CANARY/);
  rmSync(join(directory, 'token'));
  mkdirSync(join(directory, 'token'));
  await expect(readDefault(directory, 'token')).rejects.toThrow(/Cannot read/);
  chmodSync(directory, 0o750);
});

const ecKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const rsaKey = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const encryptedKey = (): string =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();

test.runIf(process.getuid?.() === 0)(
  'where files cannot be given away, nothing is left half done, and it says so',
  async () => {
    chownSync(folder, 65_534, 65_534);
    const fresh = join(folder, 'fresh');
    // Who is not root is refused by the system as root is by such a file system.
    process.seteuid?.(65_534);
    try {
      const owner = { uid: 0, gid: 0 };
      await expect(makeClaimDirectory(fresh, owner)).rejects.toThrow(/cannot give files away/);
      expect(existsSync(fresh)).toBe(false);
      await makeClaimDirectory(fresh, undefined);
      await expect(probeClaimDirectory(fresh, owner)).rejects.toThrow(/cannot give files away/);
      expect(readdirSync(fresh)).toEqual([]);
    } finally {
      process.seteuid?.(0);
    }
  },
);

test.runIf(process.getuid?.() === 0)("root follows a link to claim.d that is root's, and no other", async () => {
  const elsewhere = join(folder, 'elsewhere');
  const link = join(folder, 'link');
  const nobody = { uid: 65_534, gid: 65_534 };
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, link);
  await makeClaimDirectory(link, nobody);
  lchownSync(link, nobody.uid, nobody.gid);
  await expect(makeClaimDirectory(link, nobody)).rejects.toThrow(/is a link that root did not make/);
  await makeClaimDirectory(link, undefined);
});
