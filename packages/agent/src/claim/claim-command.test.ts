import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { obtainMachineGuid } from '../config/machine-guid.ts';
import { startControl, type Control, type ControlCommand } from '../control/control-server.ts';
import type { Log } from '../log.ts';
import { claimAtStart } from './claim-at-start.ts';
import { claimedWords, runClaimCommand, type ClaimSurroundings, type WaitRequest } from './claim-command.ts';
import { readClaim } from './claim-directory.ts';
import { daemonConfigDirectory, notifyDaemon } from './notify-daemon.ts';
import { farAhead, longAgo, makeCa, type Certificate, type PrivateCa } from './testing/certificates.ts';
import { refusal, ScriptedCloud } from './testing/scripted-cloud.ts';

const token = 'CANARY-TOKEN';
let caFolder: string;
let ca: PrivateCa;
let certificate: Certificate;
let folder: string;
let directory: string;
let cloud: ScriptedCloud;
let url: string;
let guid: string;
let control: Control | undefined;
/** Names and arguments of what the daemon was asked. */
let asked: string[];
let claimedIdSeen: string | null;

beforeAll(() => {
  caFolder = mkdtempSync(join(tmpdir(), 'ca-'));
  ca = makeCa(caFolder);
  certificate = ca.issue('good', 'DNS:localhost', longAgo, farAhead);
});
afterAll(() => rmSync(caFolder, { recursive: true, force: true }));
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
  directory = join(folder, 'claim.d');
  mkdirSync(directory);
  writeFileSync(join(directory, 'cloud_fullchain.pem'), ca.ca);
  guid = await obtainMachineGuid(join(folder, 'lib'), randomUUID);
  cloud = new ScriptedCloud(certificate, [{ status: 204 }]);
  url = `https://localhost:${await cloud.listen()}`;
  asked = [];
  claimedIdSeen = guid;
  control = undefined;
});
afterEach(async () => {
  await cloud.close();
  await control?.close();
  rmSync(folder, { recursive: true, force: true });
});

const log = (lines: string[]): Log => ({
  info: (thread, text) => void lines.push(`INFO ${thread} ${text}`),
  error: (thread, text) => void lines.push(`ERROR ${thread} ${text}`),
});
/** A daemon as far as netdata-claim.sh knows it. */
const startDaemon = async (reloadCode = 0): Promise<void> => {
  const state = (): string => JSON.stringify({ 'agent-claimed': claimedIdSeen !== null, 'claimed-id': claimedIdSeen });
  const answer =
    (name: string, code: number, text: () => string): ControlCommand =>
    async (args) => {
      asked.push([name, ...args].join(' '));
      return { code, text: text() };
    };
  control = await startControl({
    path: join(folder, 'run', 'netdata.pipe'),
    commands: {
      'reload-claiming-state': answer('reload', reloadCode, () => (reloadCode === 0 ? '' : 'cloud is switched off')),
      'aclk-state': answer('state', 0, state),
    },
    log: log([]),
    requestDeadlineMs: 5_000,
  });
};

interface Run {
  code: number;
  out: string[];
  err: string[];
}
const surroundings = (conf: string, env: Record<string, string>, run: Run): ClaimSurroundings => {
  writeFileSync(join(folder, 'netdata.conf'), conf);
  const own = {
    NETDATA_USER_CONFIG_DIR: folder,
    NETDATA_LIB_DIR: join(folder, 'lib'),
    NETDATA_RUN_DIR: join(folder, 'run'),
  };
  const config = loadConfig({
    env: { ...own, ...env },
    overrides: [],
    configFile: undefined,
    installationFile: join(folder, 'installation.conf'),
  });
  return {
    config,
    uid: process.getuid?.() ?? 0,
    hostname: undefined,
    readStdin: async () => `${token}\n`,
    daemonConfigDirectory: () => daemonConfigDirectory(config.controlSocket),
    notify: (claimId) => notifyDaemon(config.controlSocket, claimId),
    waitForLive: undefined,
    say: (line) => void run.out.push(line),
    complain: (line) => void run.err.push(line),
    patience: { deadlineMs: 20_000, pause: async () => undefined, random: () => 0 },
  };
};
/** Runs the command; asserts what holds for every outcome. */
const run = async (words: string[], conf = '', env: Record<string, string> = {}): Promise<Run> => {
  const result: Run = { code: -1, out: [], err: [] };
  result.code = await runClaimCommand(words, surroundings(conf, env, result));
  expect(result.out.join()).not.toContain('CANARY');
  expect(result.err.join()).not.toContain('CANARY');
  // Whoever filters a container's log for these words sees every line.
  for (const line of result.err) expect(line).toMatch(/ACLK|claim|cloud/);
  expect(result.out.includes(claimedWords)).toBe(result.code === 0 && !words.includes('--help'));
  return result;
};
const sent = (): Record<string, unknown> => JSON.parse(cloud.requests.at(-1)?.body ?? '{}') as Record<string, unknown>;

test('all good: the words alone on stdout, the daemon told once it is durable', async () => {
  await startDaemon();
  expect(await run([`-token=${token}`, '-rooms= room1,room2 ,room1,', `-url=${url}/`])).toEqual({
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
  claimedIdSeen = id;
  expect(
    (
      await run([`-id=${id.toUpperCase()}`, '-hostname=foo', '-token=x', `-url=${url}`], '', {
        NETDATA_CLAIM_TOKEN: token,
      })
    ).code,
  ).toBe(0);
  expect(sent()).toMatchObject({ token: 'x', node: { id, hostname: 'foo' }, mGUID: guid });
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
])('%s: code 5 and the reason', async (_, reloadCode, seen, words) => {
  await startDaemon(reloadCode);
  if (seen !== undefined) claimedIdSeen = seen;
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
  control = await startControl({
    path: join(folder, 'run', 'netdata.pipe'),
    commands: {
      'read-config': async (_, text) => {
        asked.push(text);
        return { code: 0, text: theirs };
      },
    },
    log: log([]),
    requestDeadlineMs: 5_000,
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
  expect(requests[0]?.claimHops.map(({ hop }) => hop)).toContain('put');
});

test('verbose tells everything but the token', async () => {
  await startDaemon();
  const { err } = await run([`-token=${token}`, `-url=${url}`, '-verbose']);
  expect(err.join('\n')).toMatch(/token \*\*\*[\s\S]*accepted by the Cloud[\s\S]*claim saved/);
});

test('a claim at start: its outcome is in the log, and it stops nothing', async () => {
  const claimThere = async (
    claimArguments: string[] | undefined,
    env: Record<string, string>,
  ): Promise<[number | undefined, string[], number]> => {
    const lines: string[] = [];
    let reloads = 0;
    const { config, patience, uid } = surroundings('[global]\nhostname = configured', env, {
      code: 0,
      out: [],
      err: [],
    });
    const reload = async (): Promise<void> => void (reloads += 1);
    const code = await claimAtStart({ config, uid, claimArguments, log: log(lines), reload, patience });
    return [code, lines, reloads];
  };
  expect(await claimThere(undefined, {})).toEqual([undefined, [], 0]);
  const [failed, reasons, none] = await claimThere([], {});
  expect([failed, none]).toEqual([1, 0]);
  expect(reasons.join('\n')).toMatch(/ERROR claim claim failed: There is no token/);
  const [code, lines, reloads] = await claimThere([`-token=${token}`, `-url=${url}`], {});
  expect([code, reloads]).toEqual([0, 1]);
  expect(lines).toContain(`INFO claim ${claimedWords}`);
  expect(lines.join()).not.toContain('CANARY');
  expect(sent()).toMatchObject({ node: { hostname: 'configured' } });
  // What is claimed already does not ask again because of the environment.
  expect(await claimThere(undefined, { NETDATA_CLAIM_TOKEN: token, NETDATA_CLAIM_URL: url })).toEqual([
    undefined,
    [],
    0,
  ]);
  rmSync(join(directory, 'claimed_id'));
  expect((await claimThere(undefined, { NETDATA_CLAIM_TOKEN: token, NETDATA_CLAIM_URL: url }))[0]).toBe(0);
});
