import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimVerdicts } from '@claimstead/wire/claim/claim-check';
import { doctorTable } from '@claimstead/wire/doctor/codes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { farAhead, lastYear, longAgo } from '../claim/testing/certificates.ts';
import { startHttpProxy, startSocksProxy } from '../claim/testing/proxies.ts';
import type { Finding } from './finding.ts';
import { CheckSecrets, CheckWorld } from './testing/check-world.ts';

let secrets: CheckSecrets;
let world: CheckWorld;
beforeAll(() => {
  secrets = new CheckSecrets();
});
afterAll(() => rmSync(secrets.folder, { recursive: true, force: true }));
beforeEach(() => {
  world = new CheckWorld(secrets);
});
afterEach(() => world.close());

const walked = (hops: readonly Finding[]): string[] =>
  hops.map(({ phase, hop, ok }) => `${phase} ${hop} ${ok === null ? '–' : ok ? '✓' : '✗'}`);

test('everything is well: each hop with its time, and nothing was written or taken', async () => {
  const cloud = await world.startCloud();
  const before = readdirSync(world.claimDirectory);
  const { code, report, lines } = await world.check([`-url=${cloud.url}`, '-token=CANARY', '-rooms=a,b']);
  expect([code, report.ok, report.codes, report.target]).toEqual([0, true, [], cloud.url]);
  expect(walked(report.hops)).toEqual([
    'claim settings ✓',
    'claim claim-directory ✓',
    'claim dns ✓',
    'claim tcp ✓',
    'claim tls ✓',
    'claim claim ✓',
    'link dns ✓',
    'link tcp ✓',
    'link tls ✓',
    'link environment ✓',
    'link challenge –',
    'link password –',
    'link websocket ✓',
  ]);
  expect(report.hops.filter(({ hop }) => hop === 'tcp' || hop === 'tls').every(({ ms }) => (ms ?? -1) >= 0)).toBe(true);
  expect(readdirSync(world.claimDirectory)).toEqual(before);
  expect(lines.join()).not.toContain('CANARY');
  expect(JSON.parse(cloud.checks[0] ?? '')).toMatchObject({
    node: { id: world.machineGuid, hostname: 'node' },
    token: 'CANARY',
    rooms: ['a', 'b'],
  });
});

test('a claimed node needs no token, and proves its key', async () => {
  const cloud = await world.startCloud();
  world.placeClaim(cloud.url);
  const { code, report } = await world.check([]);
  expect([code, report.codes, report.target]).toEqual([0, [], cloud.url]);
  expect(walked(report.hops)).toEqual(
    expect.arrayContaining(['claim claim –', 'link challenge ✓', 'link password ✓', 'link websocket ✓']),
  );
  expect(cloud.requests.at(-1)).toBe('UPGRADE /mqtt');
});

test('a key that is not the one that was claimed', async () => {
  const cloud = await world.startCloud();
  world.placeClaim(cloud.url);
  rmSync(join(world.claimDirectory, 'private.pem'));
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(world.claimDirectory, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { code, report } = await world.check([`-url=${cloud.url}`]);
  expect([code, report.codes]).toEqual([doctorTable['key-mismatch'].exitCode, ['key-mismatch']]);
  expect(cloud.requests.some((request) => request.includes('/password'))).toBe(false);
});

test.each(claimVerdicts.filter((verdict) => verdict !== 'accepted'))(
  'the verdict %s is told as it is',
  async (verdict) => {
    const cloud = await world.startCloud({ verdict });
    const { code, report } = await world.check([`-url=${cloud.url}`, '-token=t', '-rooms=a,kitchen']);
    expect([code, report.ok, report.codes]).toEqual([doctorTable[verdict].exitCode, false, [verdict]]);
    const told = report.hops.find(({ hop }) => hop === 'claim');
    expect(told?.remedy).toBe(doctorTable[verdict].remedy);
    if (verdict === 'room-unknown') expect(told?.cause).toContain('"kitchen"');
  },
);

test('a token of ours that cannot be one is told as mistyped', async () => {
  const cloud = await world.startCloud({ verdict: 'token-refused' });
  const { code, report } = await world.check([`-url=${cloud.url}`, '-token=cst_half']);
  expect([code, report.codes]).toEqual([12, ['token-mistyped']]);
});

test.each([
  [404, '', true, 'check-not-offered'],
  [429, '', false, 'cloud-busy'],
  [503, '', false, 'cloud-busy'],
  [502, '<html>', false, 'cloud-fault'],
  [200, '<html>', false, 'not-a-cloud'],
  [200, '{"verdict":"constructor"}', false, 'not-a-cloud'],
  [301, '', false, 'not-a-cloud'],
])('an answer with status %d and %j to the check', async (status, body, ok, expected) => {
  const cloud = await world.startCloud({ verdict: { status, body } });
  const { code, report } = await world.check([`-url=${cloud.url}`, '-token=t']);
  expect([report.ok, report.codes, code === 0]).toEqual([ok, [expected], ok]);
});

test.each([
  ['tls-wrong-host', 'DNS:elsewhere.example', longAgo, farAhead],
  ['tls-expired', 'DNS:localhost', longAgo, lastYear],
  ['clock-wrong', 'DNS:localhost', '20480101000000Z', farAhead],
])(
  '%s: found once for the claim and once for the link, and what comes after is not tried',
  async (expected, names, from, to) => {
    const cloud = await world.startCloud({ certificate: world.ca.issue('bad', names, from, to) });
    const { code, report } = await world.check([`-url=${cloud.url}`, '-token=t']);
    expect([code, report.codes]).toEqual([4, [expected]]);
    expect(walked(report.hops)).toEqual(
      expect.arrayContaining(['claim tls ✗', 'claim claim –', 'link tls ✗', 'link environment –', 'link websocket –']),
    );
    expect(cloud.requests).toEqual([]);
  },
);

test('an authority that nobody trusts is named', async () => {
  const cloud = await world.startCloud();
  rmSync(join(world.claimDirectory, 'cloud_fullchain.pem'));
  const { report } = await world.check([`-url=${cloud.url}`, '-token=t']);
  expect(report.codes).toEqual(['tls-untrusted']);
  const told = report.hops.find(({ code }) => code === 'tls-untrusted');
  expect(told?.cause).toContain('issuer Test CA');
  expect(told?.remedy).toContain('cloud_fullchain.pem');
});

test('upgrades that are stripped on the way: the claim would pass, the link would not', async () => {
  const cloud = await world.startCloud({ takesUpgrades: false });
  const { code, report } = await world.check([`-url=${cloud.url}`, '-token=t']);
  expect([code, report.codes]).toEqual([4, ['websocket-stripped']]);
  const { lines } = await world.check([`-url=${cloud.url}`, '-token=t'], false);
  expect(lines).toContain('The claim would pass, the link would fail.');
  expect(lines.join('\n')).toMatch(/✗ link {2}WebSocket/);
  expect(lines.join('\n')).toMatch(/\[websocket-stripped\]: .*Upgrade.*\n {2}Remedy: /);
});

test('nobody listens; nobody knows the name', async () => {
  const cloud = await world.startCloud();
  await cloud.close();
  const refused = await world.check([`-url=${cloud.url}`, '-token=t']);
  expect([refused.code, refused.report.codes]).toEqual([4, ['tcp-refused']]);
  const unknown = await world.check(['-url=https://no-such-host.invalid', '-token=t']);
  expect(unknown.code).toBe(4);
  expect(unknown.report.codes).toHaveLength(1);
  expect(unknown.report.codes[0]).toMatch(/^dns-(unknown|down)$/);
});

test.each([
  ['407 Proxy Authentication Required', 'proxy-auth'],
  ['403 Forbidden', 'proxy-forbids'],
  ['502 Bad Gateway', 'proxy-cannot-reach'],
  ['418 teapot', 'proxy-not-one'],
])('a proxy that says %s', async (answer, expected) => {
  const cloud = await world.startCloud();
  const proxy = await startHttpProxy(answer);
  world.closeLater(proxy);
  world.writeConf(`[cloud]\n proxy = http://user:CANARY@127.0.0.1:${proxy.port}\n`);
  const { code, report, lines } = await world.check([`-url=${cloud.url}`, '-token=t']);
  expect([code, report.codes]).toEqual([4, [expected]]);
  expect(walked(report.hops)).toEqual(expect.arrayContaining(['claim proxy ✗', 'claim tls –', 'link proxy ✗']));
  expect(lines.join()).not.toContain('CANARY');
});

test('the claim goes through -proxy, the link through [cloud] proxy, and the difference is told', async () => {
  const cloud = await world.startCloud();
  const works = await startSocksProxy(0, undefined);
  const refuses = await startHttpProxy('403 Forbidden');
  world.closeLater(works);
  world.closeLater(refuses);
  world.writeConf(`[cloud]\n proxy = http://127.0.0.1:${refuses.port}\n`);
  const words = [`-url=${cloud.url}`, '-token=t', `-proxy=socks5h://127.0.0.1:${works.port}`];
  const { report } = await world.check(words);
  expect(walked(report.hops)).toEqual(expect.arrayContaining(['claim proxy ✓', 'claim claim ✓', 'link proxy ✗']));
  expect(works.targets).toEqual([`localhost:${cloud.port}`]);
  const { lines } = await world.check(words, false);
  expect(lines.at(-1)).toMatch(/^Note: .*make them the same\.$/);
});

test('every fault of the settings is told at once', async () => {
  world.writeConf('[global]\n netdata cloud = disable\n[cloud]\n proxy = ftp://x\n');
  rmSync(join(world.folder, 'lib'), { recursive: true });
  writeFileSync(join(world.claimDirectory, 'cloud_fullchain.pem'), 'garbage');
  const { code, report } = await world.check(['-url=http://plain.example', '-id=no']);
  expect(report.codes).toEqual([
    'cloud-disabled',
    'proxy-invalid',
    'token-missing',
    'url-invalid',
    'machine-guid-missing',
    'node-id-refused',
    'trust-file-invalid',
  ]);
  expect(code).toBe(3);
});

test('a claim that does not fit together is left as it is', async () => {
  writeFileSync(join(world.claimDirectory, 'claimed_id'), world.machineGuid);
  writeFileSync(join(world.claimDirectory, 'private.pem'), 'garbage');
  const cloud = await world.startCloud();
  const { code, report } = await world.check([`-url=${cloud.url}`, '-token=t']);
  expect([code, report.codes]).toEqual([2, ['claim-broken']]);
  expect(readFileSync(join(world.claimDirectory, 'private.pem'), 'utf8')).toBe('garbage');
});
