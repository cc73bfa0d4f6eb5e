// Real programs in real processes. Reading order of this folder: programs.ts, cloud.ts, agent.ts, world.ts (a Cloud and an agent
// together), claimed-node.ts, cloud-client.ts (the public API), browser.ts, fault-proxy.ts.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));
export const binFolder = `${root}bin`;

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything that it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in its stdout; rejects when it ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  finished: Promise<Finished>;
  /** Signals it and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

export type Environment = Record<string, string>;

/** The environment of a fresh login: nothing of this process leaks into what is tested. */
export const cleanEnvironment = (more: Environment = {}): Environment => ({
  PATH: `${binFolder}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: process.env['HOME'] ?? '/root',
  LANG: 'C.UTF-8',
  ...more,
});

/** As input of a program: its standard input stays open until the test, or its process, ends. */
export const keptOpen = Symbol('input is kept open');

export function start(
  program: string,
  args: readonly string[],
  options: { env?: Environment; cwd?: string; input?: string | typeof keptOpen } = {},
): Running {
  const child = spawn(program.includes('/') ? program : `${binFolder}/${program}`, args, {
    env: cleanEnvironment(options.env),
    cwd: options.cwd ?? '/',
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let onText: (() => void)[] = [];
  let ended = false;
  const wake = (): void => {
    const waiting = onText;
    onText = [];
    for (const one of waiting) one();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wake();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    wake();
  });
  if (typeof options.input === 'string') child.stdin?.end(options.input);
  const finished = once(child, 'close').then(([code]) => {
    ended = true;
    wake();
    return { code: code as number | null, stdout, stderr };
  });
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(stdout);
        if (match !== null) return match;
        if (ended)
          throw new Error(`${program} ${args.join(' ')} ended without printing ${pattern}:\n${stdout}\n${stderr}`);
        await new Promise<void>((resolve) => onText.push(resolve));
      }
    },
    finished,
    async stop(signal = 'SIGTERM') {
      if (!ended) child.kill(signal);
      return finished;
    },
  };
}

export const run = (
  program: string,
  args: readonly string[],
  options: { env?: Environment; cwd?: string; input?: string } = {},
): Promise<Finished> => start(program, args, options).finished;

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Asks again until `check` answers something; for what other processes do and cannot tell. The test's own time limit ends it. */
export async function eventually<T>(check: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
