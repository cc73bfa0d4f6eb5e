// Proxies as people run them: tinyproxy, microsocks and dante from Debian, each a process of its own on a loopback port. What they were
// asked for is read from what they log.

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, start, type Finished, type Running } from './programs.ts';

/** Where a proxy runs: here, or inside a machine of its own. */
export interface Place {
  start(words: readonly string[]): Running;
  run(words: readonly string[]): Promise<Finished>;
  /** A folder that exists, where settings are written, and the same folder as the proxy sees it. */
  folder: string;
  folderInside: string;
}

export interface Login {
  user: string;
  password: string;
}

export interface ProxyOptions {
  /** Demanded from everybody; absent: nobody is asked. */
  login?: Login;
  /** The only port that it connects to; elsewhere it refuses (status 403, SOCKS reply 2). */
  onlyPort?: number;
  port?: number;
  /** The only names it knows, in the format of /etc/hosts; absent: those of its place. Needs root. */
  hosts?: string;
}

export interface RealProxy {
  readonly port: number;
  readonly process: Running;
  /** As a person writes it into a setting, without credentials of their own: `host:port`. */
  readonly address: string;
  /** What it was asked to connect to, oldest first, `host:port` as its log has it: dante logs addresses for names. */
  targets(): string[];
  stop(): Promise<unknown>;
}

/** Programs of this process's own machine. */
export const placeHere = (folder: string): Place => ({
  start: (words) => start('/usr/bin/env', words),
  run: (words) => start('/usr/bin/env', words).finished,
  folder,
  folderInside: folder,
});

/** HTTP: CONNECT. A name of `login` may hold letters, digits, `.`, `_` and `-`, as tinyproxy itself demands. */
export async function startTinyproxy(place: Place, options: ProxyOptions = {}): Promise<RealProxy> {
  const { login, onlyPort } = options;
  const port = options.port ?? (await freePort());
  const settings = await writeSettings(place, 'tinyproxy', [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'LogLevel Connect',
    'Timeout 600',
    'MaxClients 200',
    'Allow 127.0.0.1',
    ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
    ...(onlyPort === undefined ? [] : [`ConnectPort ${onlyPort}`]),
  ]);
  return running(place, options, port, ['tinyproxy', '-d', '-c', settings], (log) =>
    [...log.matchAll(/: CONNECT (\S+) HTTP\/1\.[01]$/gm)].map((match) => match[1] ?? ''),
  );
}

/** SOCKS5. It logs only what it could connect to, and knows no ports that it refuses. */
export async function startMicrosocks(place: Place, options: Omit<ProxyOptions, 'onlyPort'> = {}): Promise<RealProxy> {
  const port = options.port ?? (await freePort());
  const login = options.login === undefined ? [] : ['-u', options.login.user, '-P', options.login.password];
  const words = ['microsocks', '-i', '127.0.0.1', '-p', String(port), ...login];
  return running(place, options, port, words, (log) =>
    [...log.matchAll(/: connected to (\S+:\d+)$/gm)].map((match) => match[1] ?? ''),
  );
}

/** SOCKS5. A `login` is one of the system's users, for which it gets a list of its own; that needs root. */
export async function startDante(place: Place, options: ProxyOptions = {}): Promise<RealProxy> {
  const { login, onlyPort } = options;
  const port = options.port ?? (await freePort());
  const everywhere = 'from: 127.0.0.0/8 to: 0.0.0.0/0';
  const settings = await writeSettings(place, 'danted', [
    'logoutput: stderr',
    `internal: 127.0.0.1 port = ${port}`,
    'external: lo',
    'clientmethod: none',
    `socksmethod: ${login === undefined ? 'none' : 'username'}`,
    'user.privileged: root',
    'user.unprivileged: nobody',
    `client pass {\n ${everywhere}\n}`,
    `socks pass {\n ${everywhere}${onlyPort === undefined ? '' : ` port = ${onlyPort}`}\n command: connect\n log: connect error\n}`,
    `socks block {\n ${everywhere}\n log: connect error\n}`,
  ]);
  const pidFile = join(place.folderInside, `danted-${port}.pid`);
  const users = login === undefined ? [] : await usersWith(place, login);
  return running(place, options, port, [...users, 'danted', '-f', settings, '-p', pidFile], (log) =>
    [...log.matchAll(/: tcp\/connect [[\]].* -> (?:\S+ )?(\S+)\.(\d+)(?: -> 0)?(?::.*)?$/gm)].map(
      (match) => `${match[1]}:${match[2]}`,
    ),
  );
}

async function running(
  place: Place,
  options: ProxyOptions,
  port: number,
  words: readonly string[],
  read: (log: string) => string[],
): Promise<RealProxy> {
  const names = options.hosts === undefined ? [] : await insteadOf(place, { '/etc/hosts': options.hosts });
  const process = place.start([...names, ...words]);
  // A connection that asks for nothing: no log counts it.
  await eventually(async () => {
    if (process.child.exitCode !== null) throw new Error(`${words[0]} ended: ${process.stdout()}${process.stderr()}`);
    const knock = await place.run(['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`]);
    return knock.code === 0 ? true : undefined;
  });
  return {
    port,
    process,
    address: `127.0.0.1:${port}`,
    targets: () => read(process.stdout() + process.stderr()),
    async stop() {
      for (const pid of await offspring(process.pid)) signal(pid);
      return process.stop('SIGKILL');
    },
  };
}

/** dante's helpers outlive it as long as somebody is connected, and wait for that politely. */
async function offspring(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''))
    .split(' ')
    .filter(Boolean);
  const below = await Promise.all(children.map(async (child) => [...(await offspring(Number(child))), Number(child)]));
  return below.flat();
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Answers the file as the proxy sees it. */
async function writeSettings(place: Place, name: string, lines: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(place.folder, `${name}-`));
  await writeFile(join(folder, 'settings'), `${lines.join('\n')}\n`);
  return join(place.folderInside, folder.slice(place.folder.length), 'settings');
}

/** Words before a program that give it other files, in a mount namespace of its own. */
async function insteadOf(place: Place, files: Readonly<Record<string, string>>): Promise<string[]> {
  const mounts: string[] = [];
  for (const [path, content] of Object.entries(files)) {
    mounts.push(`mount --bind ${await writeSettings(place, 'instead', [content.trimEnd()])} ${path}`);
  }
  return ['unshare', '--mount', '--', 'bash', '-c', `${mounts.join(' && ')} && exec "$@"`, 'bash'];
}

/** The system's users and one more, who can do nothing but log in at the proxy. */
async function usersWith(place: Place, { user, password }: Login): Promise<string[]> {
  const { code, stdout, stderr } = await place.run(['openssl', 'passwd', '-6', password]);
  if (code !== 0) throw new Error(`openssl passwd: ${stderr}`);
  const nobody = '65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
  return insteadOf(place, {
    '/etc/passwd': `root:x:0:0:root:/root:/bin/sh\nnobody:x:${nobody}\n${user}:x:${nobody.replace('65534', '64999')}`,
    '/etc/shadow': `root:*:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n${user}:${stdout.trim()}:20000:0:99999:7:::`,
  });
}
