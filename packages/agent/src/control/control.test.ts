import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../log.ts';
import { ask } from './control-client.ts';
import { ControlError, startControl, type Control, type ControlCommand } from './control-server.ts';
import { formatReply, maxRequestBytes, parseReply } from './reply.ts';

let folder: string;
let path: string;
let controls: Control[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-'));
  path = join(folder, 'run', 'netdata.pipe');
  controls = [];
});
afterEach(async () => {
  await Promise.all(controls.map((control) => control.close()));
  rmSync(folder, { recursive: true, force: true });
});

const log: Log = { info: () => undefined, error: () => undefined };
const commands: Record<string, ControlCommand> = {
  ping: async () => ({ code: 0, text: 'pong' }),
  echo: async (args) => ({ code: 0, text: args.join('|') }),
  whole: async (_, text) => ({ code: 0, text }),
  quiet: async () => ({ code: 0, text: '' }),
  refuse: async () => ({ code: 1, text: 'not now' }),
  fail: () => Promise.reject(new Error('broken inside')),
};
const start = async (at = path, requestDeadlineMs = 5_000): Promise<Control> => {
  const control = await startControl({ path: at, commands, log, requestDeadlineMs });
  controls.push(control);
  return control;
};

/** Sends bytes as they are and answers everything that comes back. */
const raw = async (text: string, end = true): Promise<string> => {
  const socket = connect({ path, allowHalfOpen: true });
  socket.on('error', () => undefined);
  if (end) socket.end(text);
  else socket.write(text);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  await once(socket, 'end');
  socket.destroy();
  return answer;
};

test('the bytes are those that stock programs speak', async () => {
  await start();
  expect(await raw('ping ')).toBe('X0\0Opong');
  expect(await raw('ping')).toBe('X0\0Opong');
  expect(await raw('quiet ')).toBe('X0\0');
  expect(await raw('refuse ')).toBe('X1\0Enot now');
  expect(await raw('fail ')).toBe('X1\0Ebroken inside');
  expect(await raw('echo a  b\n')).toBe('X0\0Oa|b');
  expect(await raw('whole a|b  c =| \n')).toBe('X0\0Oa|b  c =|');
});

test.each(['', 'pin ', 'constructor ', '__proto__ ', 'pingpong '])(
  '%j is no command, and the answer says where to look',
  async (request) => {
    await start();
    const reply = parseReply(await raw(request));
    expect(reply).toMatchObject({ code: 1, stream: 'stderr' });
    expect(reply?.text).toContain('There are: ping, echo, whole, quiet');
    expect(reply?.text).toContain('netdatacli help');
  },
);

test('a request that is too long is refused, and the next one is served', async () => {
  await start();
  expect(await raw(`echo ${'x'.repeat(maxRequestBytes)}`)).toMatch(/^X1\0E.*longer than 4096/);
  expect(await raw('x'.repeat(1024 * 1024))).toMatch(/^X1\0E.*longer than 4096/);
  expect(await raw('ping ')).toBe('X0\0Opong');
});

test('a client that never finishes its request is dropped', async () => {
  await start(path, 50);
  expect(await raw('ping ', false)).toBe('');
});

test('a client that goes on writing after its answer is dropped', async () => {
  const control = await start(path, 100);
  const socket = connect({ path, allowHalfOpen: true });
  socket.on('error', () => undefined).resume();
  socket.write('x'.repeat(maxRequestBytes + 1));
  await once(socket, 'end');
  const trickle = setInterval(() => socket.write('x'), 10);
  // Waits for its clients.
  await control.close();
  clearInterval(trickle);
  socket.destroy();
  expect(existsSync(path)).toBe(false);
});

test('the client and the server understand each other, in any path length', async () => {
  const long = join(folder, 'x'.repeat(100), 'y'.repeat(100), 'netdata.pipe');
  await start(long);
  expect(await ask(long, ['echo', 'json'], 5_000)).toEqual({
    outcome: 'answered',
    code: 0,
    text: 'json',
    stream: 'stdout',
  });
  expect(await ask(long, ['refuse'], 5_000)).toEqual({
    outcome: 'answered',
    code: 1,
    text: 'not now',
    stream: 'stderr',
  });
  await controls.pop()?.close();
  expect(existsSync(long)).toBe(false);
  expect(await ask(long, ['ping'], 5_000)).toMatchObject({ outcome: 'not-running' });
});

test('only owner and group may talk', async () => {
  await start();
  expect(statSync(path).mode & 0o777).toBe(0o660);
  expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o750);
});

test('a living agent is not replaced', async () => {
  await start();
  const second = start();
  await expect(second).rejects.toThrow(/already running/);
  await expect(second).rejects.toMatchObject({ alreadyRunning: true });
  expect(await raw('ping ')).toBe('X0\0Opong');
});

test('a socket that a killed agent left is replaced', async () => {
  mkdirSync(join(folder, 'run'));
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const dead = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(dead.stdout, 'data');
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  expect(existsSync(path)).toBe(true);
  expect(await ask(path, ['ping'], 5_000)).toMatchObject({ outcome: 'not-running' });
  await start();
  expect(await raw('ping ')).toBe('X0\0Opong');
});

test('what is not a socket stays where it is', async () => {
  mkdirSync(join(folder, 'run'));
  writeFileSync(path, 'mine');
  await expect(start()).rejects.toThrow(ControlError);
  await expect(start()).rejects.toThrow(/is not a socket/);
  expect(statSync(path).size).toBe(4);
});

test('no answer, half an answer and no agent are different things', async () => {
  expect(await ask(path, ['ping'], 5_000)).toMatchObject({ outcome: 'not-running' });
  mkdirSync(join(folder, 'run'));
  const clients: Socket[] = [];
  let answer = '';
  const server = createServer((client) => {
    clients.push(client);
    if (answer !== '') client.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(await ask(path, ['ping'], 50)).toMatchObject({
    outcome: 'no-answer',
    sentence: expect.stringContaining('within 0.05 s'),
  });
  for (answer of ['pong', 'X0', 'X\0Opong', 'X999\0Opong', 'X0\0Zpong']) {
    expect(await ask(path, ['ping'], 5_000)).toMatchObject({ outcome: 'no-answer' });
  }
  for (const client of clients) client.destroy();
  server.close();
});

test.runIf(process.getuid?.() === 0)('somebody without permission is told so', async () => {
  await start();
  chmodSync(folder, 0o755);
  const client = new URL('control-client.ts', import.meta.url).pathname;
  const bundle = join(folder, 'client.mjs');
  execFileSync('npx', ['esbuild', client, '--bundle', '--platform=node', '--format=esm', `--outfile=${bundle}`], {
    stdio: 'ignore',
  });
  const script = `import(${JSON.stringify(bundle)}).then(async ({ ask }) => console.log((await ask(${JSON.stringify(path)}, ['ping'], 5000)).outcome))`;
  const outcome = execFileSync(process.execPath, ['-e', script], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
  expect(outcome.trim()).toBe('not-permitted');
});

test('every reply is read back', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), text, (code, words) => {
      const reply = parseReply(formatReply({ code, text: words }));
      expect(reply).toEqual({ code, text: words, stream: code === 0 && words !== '' ? 'stdout' : 'stderr' });
    }),
  );
});
