// A machine of its own for one test file: Netdata installed at its usual paths, users with their rights, a network that is nothing but a
// loopback interface. Real users, real folders, port 443; nothing of it is seen outside, and all of it is gone afterwards.
// Reading order: namespace-setup.sh (what stands inside), this file (entering it), namespace-node.ts (its agent), namespace-cloud.ts.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { longAgo, farAhead, makeCa, type PrivateCa } from '@claimstead/agent/claim/testing/certificates';
import { keptOpen, root, start, type Environment, type Finished, type Running } from './programs.ts';

/** `netdata` runs the service and has no login shell; `ada` may use sudo; `nobody` may do nothing. */
export type User = 'root' | 'netdata' | 'ada' | 'nobody';

export interface InsideOptions {
  user?: User;
  env?: Environment;
  input?: string;
}

export interface Machine {
  /** A folder of this world, and the same folder as the inside sees it. */
  readonly folder: string;
  readonly folderInside: string;
  /** Signs what the system inside trusts. */
  readonly ca: PrivateCa;
  /** Starts a program inside, as root unless told; `stop` reaches the program itself. */
  start(words: readonly string[], options?: InsideOptions): Running;
  run(words: readonly string[], options?: InsideOptions): Promise<Finished>;
  /** A script for bash inside; as on a terminal that somebody pastes into when `terminal` is set (then stderr is part of stdout). */
  shell(script: string, options?: InsideOptions & { terminal?: boolean }): Promise<Finished>;
  /** As `shell`, but rejects unless it ends with 0; answers stdout. */
  must(script: string, options?: InsideOptions): Promise<string>;
  /** Lets a server of this process, on 127.0.0.1:`outside`, be reached inside on port `inside` of `address`. */
  offer(outside: number, inside: number, address?: string): Promise<Bridge>;
  /** Lets what listens inside on 127.0.0.1:`inside` be reached from this process, on 127.0.0.1 and the port that is answered. */
  reach(inside: number): Promise<Bridge>;
  end(): Promise<void>;
}

export interface Bridge {
  readonly port: number;
  close(): Promise<void>;
}

/** Undefined when such a machine can be made here; otherwise the reason, for the title of what is skipped. */
export function machineIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make namespaces';
  for (const program of ['unshare', 'nsenter', 'setpriv', 'sudo', 'ip', 'curl', 'script']) {
    try {
      execFileSync('which', [program], { stdio: 'ignore' });
    } catch {
      return `${program} is not installed`;
    }
  }
  try {
    execFileSync('unshare', ['--mount', '--net', '--uts', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this machine does not allow namespaces';
  }
}

/** Before the words of a program that is started inside: what its environment has besides, after it became its user. */
export const withVariables = (variables: Record<string, string>): string[] => [
  'env',
  ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
];

/** A node may take a minute to connect, and nothing that tests wait for is promised later. */
const usualPatienceMs = 60_000;

/** Asks again until `check` answers something; after a minute it gives up and tells what it waited for, and what `state` says then. */
export async function within<T>(
  what: string,
  check: () => Promise<T | undefined>,
  state: () => Promise<string>,
  patienceMs = usualPatienceMs,
): Promise<T> {
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    const found = await check();
    if (found !== undefined) return found;
    await pause(20);
  }
  throw new Error(`waited ${patienceMs / 1000} s for ${what}:\n${await state()}`);
}

const setup = join(root, 'packages/test/src/harness/namespace-setup.sh');
const homes: Record<User, string> = { root: '/root', netdata: '/var/lib/netdata', ada: '/tmp', nobody: '/nonexistent' };
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Two names for one Cloud: the default of the agent's programs and the one that commands carry; and what this process calls it. */
export const cloudNames = 'DNS:app.netdata.cloud,DNS:netdata.cloud,DNS:localhost';

export async function createMachine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-machine-'));
  // Everybody inside may look up what lies in it by name; bridges and certificates are all that does.
  chmodSync(folder, 0o711);
  const folderInside = '/run/claimstead/shared';
  const caFolder = mkdtempSync(join(tmpdir(), 'claimstead-ca-'));
  const ca = makeCa(caFolder);
  writeFileSync(join(folder, 'ca.pem'), ca.ca);
  const cloud = ca.issue('cloud', cloudNames, longAgo, farAhead);
  writeFileSync(join(folder, 'cloud.pem'), cloud.cert);
  writeFileSync(join(folder, 'cloud.key'), cloud.key, { mode: 0o600 });
  const holder = start(
    '/usr/bin/env',
    ['unshare', '--mount', '--net', '--uts', '--', setup, root, process.execPath, folder],
    { input: keptOpen },
  );
  await holder.printed(/^ready$/m);

  const enter = (words: readonly string[], { user = 'root', env = {}, input }: InsideOptions): Running => {
    const become =
      user === 'root' ? [] : ['setpriv', `--reuid=${user}`, `--regid=${groupOf(user)}`, '--init-groups', '--'];
    return start('/usr/bin/env', ['nsenter', ...namespacesOf(holder.pid), '--', ...become, ...words], {
      env: { PATH: path, HOME: homes[user], ...env },
      ...(input === undefined ? {} : { input }),
    });
  };
  const bridges: Bridge[] = [];
  const keep = async (one: Promise<Bridge>): Promise<Bridge> => {
    bridges.push(await one);
    return one;
  };
  const machine: Machine = {
    folder,
    folderInside,
    ca,
    start: (words, options = {}) => enter(words, options),
    run: (words, options = {}) => enter(words, options).finished,
    shell: (text, { terminal = false, input, ...options } = {}) =>
      terminal
        ? // The script is typed, as a person pastes it; what then runs in the foreground reads on from the same terminal.
          enter(['script', '--quiet', '--return', '--command', 'bash --noprofile --norc', '/dev/null'], {
            ...options,
            env: { TERM: 'dumb', ...options.env },
            // A second exit for the shell below one that the script itself opened.
            input: `${text}\n${input ?? ''}exit $?\nexit $?\n`,
          }).finished
        : enter(['bash', '-c', text], { ...options, ...(input === undefined ? {} : { input }) }).finished,
    async must(text, options) {
      const { code, stdout, stderr } = await machine.shell(text, options);
      if (code !== 0) throw new Error(`${text}: ended with ${code}\n${stdout}${stderr}`);
      return stdout;
    },
    offer: (outside, inside, address = '127.0.0.1') =>
      keep(bridge(machine, 'inside', { port: inside, host: address }, outside)),
    reach: (inside) => keep(bridge(machine, 'outside', { port: 0, host: '127.0.0.1' }, inside)),
    async end() {
      for (const one of bridges) await one.close();
      holder.child.stdin?.end();
      await holder.finished;
      for (const one of [folder, caFolder]) rmSync(one, { recursive: true, force: true });
    },
  };
  return machine;
}

const namespacesOf = (pid: number): string[] => ['--target', String(pid), '--mount', '--net', '--uts'];
const groupOf = (user: User): string => (user === 'nobody' ? 'nogroup' : user);

let sockets = 0;

/** Namespaces share files: what connects on one side goes through a socket in the shared folder to the server on the other. */
async function bridge(machine: Machine, from: 'inside' | 'outside', listen: Listen, to: number): Promise<Bridge> {
  const name = `${++sockets}.sock`;
  const [mine, theirs] = [join(machine.folder, name), `${machine.folderInside}/${name}`];
  const relay = (listening: Listen | { path: string }, connecting: { port: number } | { path: string }): Running =>
    machine.start(['node', '-e', relayProgram, JSON.stringify(listening), JSON.stringify(connecting)]);
  const server: Server = createServer((client) =>
    joinSockets(client, from === 'inside' ? connect(to, '127.0.0.1') : connect(mine)),
  );
  const open = (where: string | 0): Promise<void> =>
    new Promise(
      (resolve) => void (where === 0 ? server.listen(0, '127.0.0.1', resolve) : server.listen(where, resolve)),
    );
  let inner: Running;
  if (from === 'inside') {
    await open(mine);
    inner = relay(listen, { path: theirs });
    await inner.printed(/^listens$/m);
  } else {
    inner = relay({ path: theirs }, { port: to });
    await inner.printed(/^listens$/m);
    await open(0);
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    async close() {
      await inner.stop();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

interface Listen {
  port: number;
  host: string;
}

function joinSockets(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

/** The other half of a bridge; it runs inside, where no TypeScript is at hand. */
const relayProgram = `
const net = require('node:net');
const [listen, to] = process.argv.slice(1).map((text) => JSON.parse(text));
net.createServer((one) => {
  const other = net.connect(to);
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy()).on('close', () => other.destroy());
  other.on('error', () => one.destroy()).on('close', () => one.destroy());
}).listen(listen, () => console.log('listens'));`;
