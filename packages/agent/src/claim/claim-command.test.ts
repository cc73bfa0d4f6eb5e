import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyWords } from '@claimstead/wire/claim/key-words';
import { expect, test } from 'vitest';
import { claimedWords, runClaimCommand, type ClaimSurroundings, type WaitRequest } from './claim-command.ts';
import { readClaim } from './claim-directory.ts';
import {
  asked,
  certificate,
  cloud,
  directory,
  folder,
  guid,
  run,
  type Run,
  seen,
  sent,
  startCommands,
  startDaemon,
  surroundings,
  token,
  url,
  useCommand,
} from './testing/command-world.ts';
import { refusal, ScriptedCloud } from './testing/scripted-cloud.ts';

useCommand();

test('all good: the words alone on stdout, the daemon told once it is durable', async () => {
  await startDaemon();
  expect(await run([`-token=${token}`, '-rooms= room1,room2 ,room1,', `-url=${url}/`])).toMatchObject({
    code: 0,
    out: ['Agent was successfully claimed.'],
    err: [],
  });
  expect(asked).toEqual(['reload no-wait', 'state json']);
  expect(sent()).toMatchObject({
    token,
    rooms: ['room1', 'room2'],
    mGUID: guid,
    node: { id: guid, hostname: hostname() },
  });
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId: guid, url });
});

test.each<[string, string[], string, number, RegExp]>([
  ['no token anywhere', [], '', 1, /no token/],
  ['an empty token', ['-token='], '', 1, /no token/],
  ['a token with a blank', ['-token=CANARY x'], '', 1, /blanks/],
  ['an unknown option', ['-tokn=x'], '', 1, /Unknown argument -tokn/],
  ['-insecure', ['-token=x', '-insecure'], '', 1, /never switched off.*cloud_fullchain\.pem/],
  ['plain http', ['-token=x', '-url=http://localhost'], '', 1, /in the clear/],
  ['a base URL that cannot be used', ['-token=x'], '[cloud]\ncloud base url = http://x', 1, /cloud base url/],
  ['a malformed proxy', ['-token=x', '-proxy=CANARY@nowhere'], '', 1, /cloud proxy "\*\*\*@nowhere"/],
  ['a malformed proxy in the file', ['-token=x'], '[cloud]\nproxy = socks4://x:1', 1, /\[cloud\] proxy/],
  ['switched off', ['-token=x'], '[global]\nnetdata cloud = disable', 3, /netdata cloud = enable/],
  ['a user that does not exist', ['-token=x', '-user=no-such-user'], '', 6, /no user no-such-user/],
  ['an id that is no UUID', ['-token=x', '-id=unknown'], '', 8, /not a UUID/],
  ['a host name that cannot be shown', ['-token=x', '-hostname=a\nb'], '', 9, /host name/],
  [
    'too many rooms',
    ['-token=x', `-rooms=${Array.from({ length: 51 }, (_, i) => i).join(',')}`],
    '',
    10,
    /More than 50/,
  ],
])('%s stops here, without a request', async (_, words, conf, code, sentence) => {
  const result = await run(words, conf);
  expect([result.code, result.err.length]).toEqual([code, 1]);
  expect(result.err[0]).toMatch(sentence);
  expect(cloud.connections).toBe(0);
});

test('an agent that never ran has no id yet', async () => {
  rmSync(join(folder, 'lib'), { recursive: true });
  const result = await run(['-token=x', `-url=${url}`]);
  expect(result).toMatchObject({ code: 18, err: [expect.stringContaining('start the agent once')] });
  expect(cloud.connections).toBe(0);
});

test('help is on stdout', async () => {
  const result = await run(['--help']);
  expect(result.code).toBe(0);
  expect(result.out.join()).toContain('-token=TOKEN');
});

test('the daemon is not running: the claim is kept, code 5; 0 for who knows that', async () => {
  const kept = await run(['-token=x', `-url=${url}`]);
  expect(kept).toMatchObject({
    code: 5,
    err: [expect.stringContaining('No agent answers'), expect.stringContaining('reload-claiming-state')],
  });
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed' });
  expect((await run(['-token=x', `-url=${url}`, '-daemon-not-running'])).code).toBe(0);
  expect((await run(['-token=x', `-url=${url}`, '-noreload'])).code).toBe(0);
});

test.each<[string, number, string | null | undefined, RegExp]>([
  ['the daemon refuses', 1, undefined, /refused to read the claim: cloud is switched off/],
  ['another daemon than this configuration has', 0, null, /sees no claim: it reads another configuration directory/],
  ['the daemon is claimed as somebody else', 0, randomUUID(), /claimed under another id/],
])('%s: code 5 and the reason', async (_, reloadCode, claimedId, words) => {
  await startDaemon(reloadCode);
  if (claimedId !== undefined) seen.claimedId = claimedId;
  const result = await run(['-token=x', `-url=${url}`]);
  expect(result.code).toBe(5);
  expect(result.err[0]).toMatch(words);
});

test('a refusal of the Cloud keeps the old claim and the token file', async () => {
  await startDaemon();
  await run(['-token=x', `-url=${url}`]);
  const other = new ScriptedCloud(certificate, [refusal(409, 'ErrAlreadyClaimed')]);
  const otherUrl = `https://localhost:${await other.listen()}`;
  writeFileSync(join(directory, 'token'), token);
  const result = await run([`-url=${otherUrl}`]);
  await other.close();
  expect(result).toMatchObject({ code: 13, err: [expect.stringContaining('uuidgen')] });
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', url });
  expect(readdirSync(directory)).toContain('token');
  expect(asked).toEqual(['reload no-wait', 'state json']);
});

test('another proxy than the agent will use is pointed out, and environment variables are nobody’s business', async () => {
  await startDaemon();
  const dead = { http_proxy: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' };
  expect((await run(['-token=x', `-url=${url}`], '', dead)).code).toBe(0);
  const result = await run(
    ['-token=x', `-url=${url}`, '-proxy=none'],
    '[cloud]\nproxy = http://u:CANARY@127.0.0.1:1',
    dead,
  );
  expect(result.code).toBe(0);
  expect(result.err).toEqual([expect.stringMatching(/connect with http:\/\/\*\*\*@127\.0\.0\.1:1 .* instead of none/)]);
  const env = await run(['-token=x', `-url=${url}`, '-proxy=env'], '', dead);
  expect(env.code).toBe(4);
  expect(env.err[0]).toContain('(environment variable http_proxy)');
});

test('the proxy of a claim is written down, masked, for the link to point at', async () => {
  await startDaemon();
  await run(['-token=x', `-url=${url}`]);
  expect(await readClaim(directory)).toMatchObject({ proxyWords: 'none' });
});

test('the daemon of another installation is not claimed by mistake', async () => {
  const theirs = mkdtempSync(join(tmpdir(), 'theirs-'));
  await startCommands({
    'read-config': async (_, text) => {
      asked.push(text);
      return { code: 0, text: theirs };
    },
  });
  const refused = await run(['-token=x', `-url=${url}`]);
  expect([refused.code, refused.err.length]).toEqual([2, 1]);
  expect(refused.err[0]).toContain(theirs);
  expect(refused.err[0]).toContain(folder);
  expect(asked).toEqual(['netdata|directories|config']);
  expect(cloud.connections).toBe(0);
  // Another name of the same directory is the same installation.
  rmSync(theirs, { recursive: true });
  symlinkSync(folder, theirs);
  const same = await run(['-token=x', `-url=${url}`]);
  rmSync(theirs);
  expect(same.err[0]).toContain('There is no command "reload-claiming-state"');
});

test.each<[string, string, number, RegExp]>([
  ['without a cloud part', 'disabled = yes', 3, /--disable-cloud/],
  ['without a piece of it', 'missing = libmosquitto', 3, /libmosquitto/],
])('an agent that was installed %s refuses', async (_, line, code, words) => {
  writeFileSync(join(folder, 'installation.conf'), `[cloud]\n${line}\n`);
  const result = await run(['-token=x', `-url=${url}`]);
  expect([result.code, result.err.length]).toEqual([code, 1]);
  expect(result.err[0]).toMatch(words);
  expect(cloud.connections).toBe(0);
});

test('waiting is for the claim that was made; with -json stdout is the waiter’s', async () => {
  await startDaemon();
  const said: Run = { code: 0, out: [], err: [] };
  const requests: WaitRequest[] = [];
  const around: ClaimSurroundings = {
    ...surroundings('', {}, said),
    waitForLive: async (request) => {
      requests.push(request);
      return 19;
    },
  };
  expect(await runClaimCommand(['-token=x', `-url=${url}`, '-wait=7'], around)).toBe(19);
  expect(said.out).toEqual([claimedWords]);
  expect(await runClaimCommand(['-token=x', `-url=${url}`, '-wait', '-json'], around)).toBe(19);
  expect(said.out).toEqual([claimedWords]);
  expect(requests).toMatchObject([
    { claimId: guid, timeoutMs: 7_000, json: false },
    { claimId: guid, timeoutMs: 60_000, json: true },
  ]);
  const hops = ['key-pair', 'dns', 'tcp', 'tls', 'put', 'save', 'reload'];
  expect(requests[0]?.claimHops.map(({ hop }) => hop)).toEqual(hops);
});

test('verbose tells everything but the token', async () => {
  await startDaemon();
  const { err } = await run([`-token=${token}`, `-url=${url}`, '-verbose']);
  expect(err.join('\n')).toMatch(/token \*\*\*[\s\S]*accepted by the Cloud[\s\S]*claim saved/);
});

test('the words of the key are said beside those of success, and are those that the Cloud makes of the key', async () => {
  await startDaemon();
  const result = await run(['-token=x', `-url=${url}`]);
  expect(result).toMatchObject({ code: 0, out: [claimedWords], err: [] });
  const words = keyWords(String(sent()['publicKey']));
  expect(result.notes).toEqual([`claim: words of this node's key: ${words}`]);
});
