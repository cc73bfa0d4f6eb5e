// A machine of its own for one test file: Netdata installed at its usual paths, users with their rights, a network that is nothing but a
// loopback interface. Real users, real folders, port 443; nothing of it is seen outside, and all of it is gone afterwards.
// Reading order: namespace-setup.sh (what stands inside), this file (entering it), namespace-node.ts (its agent), namespace-cloud.ts.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  /** Lets a server of this process, on 127.0.0.1:`outside`, be reached inside on `address`:`inside`. */
  bridge(inside: number, outside: number, address?: string): Promise<{ close(): Promise<void> }>;
  end(): Promise<void>;
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

const setup = fileURLToPath(new URL('namespace-setup.sh', import.meta.url));
const homes: Record<User, string> = { root: '/root', netdata: '/var/lib/netdata', ada: '/tmp', nobody: '/nonexistent' };
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Two names for one Cloud: the default of the agent's programs and the one that commands carry. */
export const cloudNames = 'DNS:app.netdata.cloud,DNS:netdata.cloud';

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
    bridge: (inside, outside, address = '127.0.0.1') => bridge(machine, inside, outside, address),
    async end() {
      holder.child.stdin?.end();
      await holder.finished;
      for (const one of [folder, caFolder]) rmSync(one, { recursive: true, force: true });
    },
  };
  return machine;
}

const namespacesOf = (pid: number): string[] => ['--target', String(pid), '--mount', '--net', '--uts'];
const groupOf = (user: User): string => (user === 'nobody' ? 'nogroup' : user);

let bridges = 0;

/** Namespaces share files: what connects inside goes through a socket in the shared folder to the server outside. */
async function bridge(
  machine: Machine,
  inside: number,
  outside: number,
  address: string,
): Promise<{ close(): Promise<void> }> {
  const name = `bridge-${++bridges}.sock`;
  const server: Server = createServer((from) => {
    const to = connect(outside, '127.0.0.1');
    from.pipe(to);
    to.pipe(from);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(join(machine.folder, name), resolve));
  const relay = machine.start([
    'node',
    '-e',
    `const net = require('node:net');
     net.createServer((from) => {
       const to = net.connect(${JSON.stringify(`${machine.folderInside}/${name}`)});
       from.pipe(to); to.pipe(from);
       from.on('error', () => to.destroy()).on('close', () => to.destroy());
       to.on('error', () => from.destroy()).on('close', () => from.destroy());
     }).listen(${inside}, ${JSON.stringify(address)}, () => console.log('bridged'));`,
  ]);
  await relay.printed(/^bridged$/m);
  return {
    async close() {
      await relay.stop();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
