import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { direct, type ProxyChoice } from '../config/proxy.ts';
import { createClaimFollower, type ClaimFollower } from './claim-follower.ts';
import { createIdentitySource, type ClaimReading, type IdentityConfig } from './identity-source.ts';

let folder: string;
let directory: string;
let config: IdentityConfig;
let lines: string[];
/** What the link was told: `claim id` or `none`, with `gone` when the claim was deleted. */
let told: string[];
let later: { act: () => void; ms: number; isOff: boolean }[];
let follower: ClaimFollower;

const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const id = randomUUID();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follower-'));
  directory = join(folder, 'etc', 'claim.d');
  mkdirSync(directory, { recursive: true });
  write('claimed_id', id);
  write('private.pem', pem);
  const proxy: ProxyChoice = { proxy: direct, source: 'test' };
  config = {
    directories: { config: join(folder, 'etc'), lib: '/', log: '/', run: '/' },
    cloud: { obstacle: undefined, baseUrl: 'https://cloud.example', proxy },
  };
  lines = [];
  told = [];
  later = [];
  const log = (_: unknown, line: string): void => void lines.push(line);
  const words = (options: { isGone: boolean }): string => (options.isGone ? ' gone' : '');
  follower = createClaimFollower({
    read: createIdentitySource(() => config),
    link: {
      reload: (identity, options) => void told.push(`${identity?.claimId ?? 'none'}${words(options)}`),
      stop: async (options) => void told.push(`stop${words(options)}`),
    },
    log: { info: log, error: log },
    later: (act, ms) => {
      const entry = { act, ms, isOff: false };
      later.push(entry);
      return () => (entry.isOff = true);
    },
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the link follows the claim, and a deleted one is told as deleted', async () => {
  await follower.reload();
  rmSync(directory, { recursive: true });
  expect(await follower.reload()).toMatchObject({ claimed: false, isGone: true, sentence: undefined });
  expect(told).toEqual([id, 'none gone']);
  expect(later).toEqual([]);
});

test('a look by itself that a reload overtook is not followed', async () => {
  const answers: ((reading: ClaimReading) => void)[] = [];
  const goneOrNot: boolean[] = [];
  let look = (): void => undefined;
  const none: ClaimReading = { claimed: false, identity: undefined, sentence: undefined, isGone: false };
  const overtaken = createClaimFollower({
    read: () => new Promise((resolve) => void answers.push(resolve)),
    link: { reload: (_, { isGone }) => void goneOrNot.push(isGone), stop: async () => undefined },
    log: { info: () => undefined, error: () => undefined },
    later: (act) => {
      look = act;
      return () => (look = () => undefined);
    },
  });
  const broken = overtaken.reload();
  answers[0]?.({ ...none, sentence: 'Half a claim.' });
  await broken;
  look();
  const newer = overtaken.reload();
  answers[2]?.({ ...none, isGone: true });
  await newer;
  answers[1]?.({ ...none, sentence: 'The other half.' });
  // Whatever the look does, it has done by the end of another reading.
  const last = overtaken.reload();
  answers[3]?.(none);
  await last;
  expect(goneOrNot).toEqual([false, true, false]);
});

test.each<[string, () => void, string]>([
  ['claim.d is gone', () => rmSync(directory, { recursive: true }), 'stop gone'],
  ['claimed_id is gone', () => rmSync(join(directory, 'claimed_id')), 'stop gone'],
  ['nothing changed', () => undefined, 'stop'],
  ['claimed_id is empty', () => write('claimed_id', ''), 'stop'],
  ['claimed_id cannot be read', () => { rmSync(join(directory, 'claimed_id')); mkdirSync(join(directory, 'claimed_id')); }, 'stop'], // prettier-ignore
  ['the whole configuration directory is away', () => renameSync(join(folder, 'etc'), join(folder, 'away')), 'stop'],
])('at the end, %s: %s', async (_, change, expected) => {
  await follower.reload();
  change();
  await follower.stop();
  expect(told).toEqual([id, expected]);
});

test('an agent that was never claimed has nothing to take back', async () => {
  rmSync(directory, { recursive: true });
  await follower.reload();
  await follower.stop();
  expect(told.at(-1)).toBe('stop');
});

test('a key that cannot be used is looked at again within a minute, told once, and mended without a reload', async () => {
  write('private.pem', 'garbage');
  expect(await follower.reload()).toMatchObject({ claimed: true, identity: undefined });
  expect(later.map(({ ms }) => ms)).toEqual([60_000]);
  const looked = async (): Promise<void> => {
    const entry = later.at(-1);
    const before = later.length;
    const calls = told.length;
    entry?.act();
    while (later.length === before && told.length === calls) await new Promise((resolve) => setImmediate(resolve));
  };
  await looked();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^claim: .*private\.pem .*every 60 s/);
  expect(told).toEqual(['none']);
  write('private.pem', pem);
  await looked();
  expect(told).toEqual(['none', id]);
  await follower.stop();
});

test('what is planned is called off by a reload and by the end', async () => {
  write('private.pem', '');
  await follower.reload();
  await follower.reload();
  expect(later.map(({ isOff }) => isOff)).toEqual([true, false]);
  await follower.stop();
  expect(later.map(({ isOff }) => isOff)).toEqual([true, true]);
});

test('the proxy of the claim is worth a word only when it is another one', async () => {
  write('cloud.conf', `[global]\n claimed id = ${id}\n claim proxy = none\n`);
  expect((await follower.reload()).identity?.otherClaimProxy).toBeUndefined();
  write('cloud.conf', `[global]\n claimed id = ${id}\n claim proxy = http://***@p:1\n`);
  expect((await follower.reload()).identity?.otherClaimProxy).toBe('http://***@p:1');
});
