// The program as it is shipped: bundled, in a process of its own.

import SqliteDatabase from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloudFolder } from '../config/data-folder.ts';
import { environmentName, options } from '../config/options.ts';
import { bundleProgram, type Bundle } from './program-in-tests.ts';

let bundle: Bundle;
let folder = '';
const started: ChildProcess[] = [];

beforeAll(async () => {
  bundle = await bundleProgram();
}, 60_000);
afterAll(() => bundle.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-serve-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}
function start(
  args: string[],
  environment: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Outcome>; said: (pattern: RegExp) => Promise<string> } {
  const child = spawn(process.execPath, [bundle.program, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    cwd: folder,
  });
  started.push(child);
  let [out, err] = ['', ''];
  const heard: (() => void)[] = [];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    for (const look of heard) look();
  });
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    child,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(out)) resolve(out);
        };
        heard.push(look);
        look();
        ended.then((outcome) => reject(new Error(`ended with ${outcome.code}: ${outcome.out}${outcome.err}`)), reject);
      }),
  };
}
const run = (args: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  start(args, environment).ended;
const serve = (...args: string[]) => start(['serve', '--data', folder, '--port', '0', ...args]);
const admin = (...args: string[]): Promise<Outcome> => run(['admin', ...args, '--data', folder]);
const stop = async (serving: ReturnType<typeof start>): Promise<Outcome> => {
  serving.child.kill('SIGTERM');
  return serving.ended;
};
const ready = /^ready https:\/\/localhost:\d+\n/m;

describe('claimstead serve', () => {
  it('prints the one-time password once, says when it serves, and ends orderly', async () => {
    const first = serve();
    await first.said(ready);
    const outcome = await stop(first);
    expect(outcome.code).toBe(0);
    expect(outcome.out).toMatch(
      /^Administrator: admin@localhost\nOne-time password: [2-9a-z-]{29}\nready https:\/\/localhost:\d+\n$/,
    );
    const password = /password: (.*)/.exec(outcome.out)?.[1] ?? '';
    expect(outcome.err).not.toContain(password);
    for (const line of outcome.err.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: expect.any(String) });
    const { databaseFile, folder: cloud } = cloudFolder(folder);
    expect(readFileSync(databaseFile).includes(password)).toBe(false);
    expect([statSync(cloud).mode & 0o777, statSync(databaseFile).mode & 0o777]).toEqual([0o700, 0o600]);

    const second = serve();
    await second.said(ready);
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^ready \S+\n$/) });
  });

  it('writes the password into a new file of its own instead, and makes no account where it cannot', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'mine');
    const refused = await serve('--password-file', file).ended;
    expect(refused).toMatchObject({
      code: 1,
      out: '',
      err: `claimstead: --password-file ${file} exists already; give a path where nothing is yet.\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');

    const fresh = join(folder, 'fresh');
    const serving = serve('--password-file', fresh);
    await serving.said(ready);
    expect((await stop(serving)).out).toMatch(/^ready \S+\n$/);
    expect(readFileSync(fresh, 'utf8')).toMatch(/^[2-9a-z-]{29}\n$/);
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
  });

  it.each([
    [['--port', 'x'], {}, '--port must be a port number, 0 to 65535.'],
    [
      ['--public-url', 'http://x'],
      {},
      '--public-url must be an https address without user, path, query or fragment, e.g. https://cloud.example.net:8443.',
    ],
    [
      [],
      { CLAIMSTEAD_LISTEN: 'here' },
      'CLAIMSTEAD_LISTEN must be an IP address of this machine, e.g. 127.0.0.1 or ::.',
    ],
  ])('refuses %j with %j: exit 2 and one sentence', async (args, environment, sentence) => {
    expect(await run(['serve', '--data', folder, ...args], environment)).toEqual({
      code: 2,
      out: '',
      err: `claimstead: ${sentence}\n`,
    });
  });

  it('does not start where another Cloud is, where its port is taken, or where it cannot write, and says so in one sentence', async () => {
    const first = serve();
    await first.said(ready);
    expect(await serve().ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^claimstead: Another Cloud is running on .*--data\.\n$/),
    });

    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const elsewhere = join(folder, 'elsewhere');
    const taken = await run(['serve', '--data', elsewhere, '--port', String(port)]);
    expect(taken).toMatchObject({
      code: 1,
      out: '',
      err: `claimstead: Port ${port} on 127.0.0.1 is in use by another program; stop it, or give another port with --port.\n`,
    });
    // Nobody was made administrator with a password that nobody got to see.
    expect(existsSync(cloudFolder(elsewhere).databaseFile)).toBe(false);
    other.close();

    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await run(['serve', '--data', file, '--port', '0'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^claimstead: Cannot write in .*a-file\/cloud \(\w+\); make it writable, .*\n$/),
    });
    const noCert = await serve('--cert', file, '--key', file).ended;
    expect(noCert.code).toBe(1);
  });

  it('refuses a database of a newer version, and what is no database', async () => {
    const first = serve();
    await first.said(ready);
    await stop(first);
    const { databaseFile } = cloudFolder(folder);
    const db = new SqliteDatabase(databaseFile);
    db.exec(`insert into migration values ('9999-later', 1)`);
    db.close();
    expect(await serve().ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^claimstead: The database was written by a newer Claimstead .*\n$/),
    });
    writeFileSync(databaseFile, 'x'.repeat(8192));
    expect(await serve().ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^claimstead: Cannot open the database .*; restore it from a backup, .*\n$/),
    });
  });

  it('comes back after a kill -9 with everything that it had', async () => {
    const first = serve();
    await first.said(ready);
    const ca = (await admin('ca')).out;
    first.child.kill('SIGKILL');
    await first.ended;
    const second = serve();
    expect(await second.said(ready)).not.toContain('password');
    expect((await admin('ca')).out).toBe(ca);
    expect((await stop(second)).code).toBe(0);
  });
});

describe('claimstead admin', () => {
  it('answers on stdout alone', async () => {
    const serving = serve();
    await serving.said(ready);
    expect(await admin('token')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^cst_[0-9A-Za-z]{38}\n$/),
      err: '',
    });
    expect(await admin('token', '--rooms', 'all-nodes', '--uses', '3')).toMatchObject({ code: 0 });
    expect(await admin('token', '--rooms', 'nowhere')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^claimstead: .*--rooms.*\n$/),
    });
    expect(await admin('token', '--uses', '0')).toMatchObject({ code: 2, out: '' });
    expect(await admin('nodes', '--json')).toEqual({ code: 0, out: '[]\n', err: '' });
    expect(await admin('nodes')).toMatchObject({ code: 0, out: expect.stringContaining('No node is claimed yet') });
    expect(await admin('ca')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\n$/),
    });
    expect(await admin('sign-in')).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{32}\n$/) });
    expect(await admin('query', 'nobody', '/api/v1/info')).toEqual({
      code: 1,
      out: '',
      err: 'claimstead: No node has that id or host name; see claimstead admin nodes.\n',
    });
    await stop(serving);
  });

  it('makes Spaces and rooms, and tokens for them that it lists and revokes without ever showing one again', async () => {
    const serving = serve();
    await serving.said(ready);
    const ask = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await admin(...args);
      expect([code, err]).toEqual([0, '']);
      return out;
    };
    const spaceId = (await ask('space', 'create', 'Blue team')).trim();
    expect(spaceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await admin('space', 'create', 'BLUE TEAM')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/in use/),
    });
    const spaces = JSON.parse(await ask('space', 'list', '--json')) as { spaceId: string; name: string }[];
    expect(spaces).toMatchObject([{ name: "admin's Space" }, { spaceId, name: 'Blue team', nodes: 0 }]);
    await ask('room', 'create', 'Database', '--space', 'blue team');
    await ask('room', 'create', 'Web', '--space', spaceId);
    expect(await ask('room', 'list', '--space', spaceId)).toMatch(/\bweb\b.*Web\n/);
    const flags = ['--space', 'blue team', '--rooms', 'Database', '--rooms', 'Web', '--expires', '90s', '--uses', '2'];
    const token = await ask('token', ...flags);
    const [listed] = JSON.parse(await ask('token', 'list', '--json', '--space', spaceId)) as Record<string, unknown>[];
    expect(listed).toMatchObject({
      spaceId,
      space: 'Blue team',
      rooms: ['Database', 'Web'],
      usesLeft: 2,
      state: 'valid',
    });
    expect(Date.parse(String(listed?.['expiresAt'])) - Date.parse(String(listed?.['createdAt']))).toBe(90_000);
    await ask('token', 'revoke', String(listed?.['tokenId']));
    expect((await run(['admin', 'token', '--data', folder, 'list'])).out).toMatch(/ revoked /);
    expect(await admin('token', 'revoke', 'nothing')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/No token has that id/),
    });
    for (const wrong of ['0s', '5', '1w', '366d', '-1h', 'x'])
      expect(await admin('token', '--expires', wrong)).toMatchObject({ code: 2, out: '' });
    expect(await admin('token', '--space', 'nowhere')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/No one Space/),
    });
    expect(await admin('token', 'nonsense')).toMatchObject({ code: 2, out: '' });
    const { token: other } = JSON.parse(await ask('token', '--json')) as { token: string };

    const audit = await ask('audit', '--json');
    expect((JSON.parse(audit) as { kind: string }[]).map(({ kind }) => kind)).toEqual([
      'space-made',
      'space-made',
      'room-made',
      'room-made',
      'token-made',
      'token-revoked',
      'token-made',
    ]);
    expect(await ask('audit', '--space', 'Blue team')).toContain('token-revoked');
    const whole = await ask('audit', 'verify');
    const [, head = ''] = /^All 7 rows .*, has the hash ([0-9a-f]{64})\.\n$/.exec(whole) ?? [];
    const stopped = await stop(serving);
    expect(await ask('audit', 'verify', '--expect', head)).toContain('row 7 has the hash that was noted');
    const wrong = 'a'.repeat(64);
    expect(await admin('audit', 'verify', '--expect', wrong)).toMatchObject({ code: 3, out: '' });
    expect(await admin('audit', 'verify', '--expect', 'short')).toMatchObject({ code: 2, out: '' });
    const editing = new SqliteDatabase(cloudFolder(folder).databaseFile);
    editing.exec(`update audit set details = '{}' where seq = 2`);
    editing.close();
    expect(await admin('audit', 'verify')).toEqual({
      code: 3,
      out: '',
      err: 'claimstead: Row 2 of the audit was edited: it does not say what its hash was made of.\n',
    });
    for (const secret of [token.trim(), other])
      for (const told of [audit, readFileSync(cloudFolder(folder).databaseFile, 'latin1'), stopped.err])
        expect(told).not.toContain(secret);
  });

  it('says in a sentence why there is no backup, and leaves no copy of the database behind', async () => {
    const serving = serve();
    await serving.said(ready);
    await stop(serving);
    const left = (): string[] => readdirSync(cloudFolder(folder).folder).filter((name) => name.endsWith('.tmp'));
    const nowhere = join(folder, 'nowhere', 'backup.tar');
    expect(await admin('backup', nowhere)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`\nclaimstead: Cannot write ${nowhere} (ENOENT); check the rights`),
    });
    expect(left()).toEqual([]);
    const cut = start(['admin', 'backup', '-', '--data', folder]);
    cut.child.stdout?.destroy();
    expect(await cut.ended).toMatchObject({
      code: 1,
      err: expect.stringContaining('claimstead: Cannot write to stdout (EPIPE); what was read from it is no backup.'),
    });
    expect(left()).toEqual([]);
  });

  it('says how to start a Cloud where none runs', async () => {
    mkdirSync(cloudFolder(folder).folder, { recursive: true });
    expect(await admin('audit', 'verify')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/There is no database/),
    });
    const { code, out, err } = await admin('nodes', '--json');
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      `claimstead: No Cloud is running on ${folder}; start one with claimstead serve --data ${folder}, or give the right folder with --data.\n`,
    );
  });
});

describe('--help', () => {
  it('tells every option with its variable, and every command', async () => {
    const { code, out } = await run(['serve', '--help']);
    expect(code).toBe(0);
    const flat = out.replace(/\s+/g, ' ');
    for (const option of options) {
      // What is secret is no flag: the arguments of a program are read by everybody on the machine.
      if (option.secret) expect(flat).not.toContain(`--${option.name} `);
      else expect(flat).toContain(`--${option.name} <${option.placeholder}>`);
      expect(flat).toContain(environmentName(option.name));
    }
    const adminHelp = (await run(['admin', '--help'])).out;
    const commands = ['token', 'space', 'room', 'nodes', 'audit', 'ca', 'doctor-script', 'query', 'sign-in'];
    commands.push('account', 'backup', 'restore', 'after-restore');
    for (const command of commands) expect(adminHelp).toContain(command);
    for (const command of commands) expect(await run(['admin', command, '--help'])).toMatchObject({ code: 0, err: '' });
    expect((await run(['nonsense'])).code).toBe(2);
    expect((await run([])).code).toBe(2);
  });
});
