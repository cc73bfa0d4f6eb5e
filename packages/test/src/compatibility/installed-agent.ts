// An agent that somebody else built and installed, started on a machine without a way out, with folders of its own.

import { readFile } from 'node:fs/promises';
import { within, type Bridge, type Machine } from '../harness/namespace.ts';
import type { Environment, Finished, Running } from '../harness/programs.ts';

/** Where an agent of some version stands: `folder`/usr/sbin/netdata. */
export interface Installation {
  /** Such as `v2.9.0`. */
  version: string;
  folder: string;
}

export interface AgentSettings {
  /** On its machine; also the name of its host. */
  name: string;
  port: number;
  /** Lines of stream.conf. */
  stream?: string;
  /** Lines of health.d/compatibility.conf. */
  health?: string;
  /** Collects little, so that a recording stays small. */
  small?: boolean;
}

export interface InstalledAgent {
  readonly installation: Installation;
  readonly settings: AgentSettings;
  readonly machine: Machine;
  /** Major version: 1 claims by a script, 2 by its daemon. */
  readonly era: 1 | 2;
  /** Resolves when it answers on its port. */
  start(options?: { args?: readonly string[]; env?: Environment }): Promise<void>;
  stop(): Promise<void>;
  /** A program of the installation, or any other, in the agent's place. */
  run(words: readonly string[], env?: Environment): Promise<Finished>;
  cli(...words: string[]): Promise<Finished>;
  /** Writes a file below its own folder, such as `etc/claim.conf`. */
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  remove(path: string): Promise<void>;
  /** `GET` on its own port. */
  get(path: string): Promise<{ status: number; body: string }>;
  uid(): Promise<string>;
  /** What it says of its link: `/api/v1/aclk`. */
  link(): Promise<Record<string, unknown>>;
  log(): Promise<string>;
}

export async function installAgent(
  machine: Machine,
  installation: Installation,
  settings: AgentSettings,
): Promise<InstalledAgent> {
  const { version, folder: prefix } = installation;
  const home = `/var/lib/agents/${settings.name}`;
  await machine.must(`rm -rf ${home} && mkdir -p ${home}/{etc/health.d,lib/registry,lib/cloud.d,cache,log,run,tmp}`);
  let running: Running | undefined;
  let bridge: Bridge | undefined;
  const enter = (words: readonly string[], env: Environment = {}): Running =>
    machine.start(
      [
        'unshare',
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        '--mount-proc',
        '--',
        scriptInside,
        home,
        prefix,
        ...words,
      ],
      { env },
    );
  const agent: InstalledAgent = {
    installation,
    settings,
    machine,
    era: version.startsWith('v1.') ? 1 : 2,
    async start({ args = [], env = {} } = {}) {
      running = enter([`${prefix}/usr/sbin/netdata`, '-D', '-c', `${home}/etc/netdata.conf`, ...args], env);
      bridge ??= await machine.reach(settings.port);
      const process = running;
      await within(
        `${version} to answer`,
        async () => {
          if (process.child.exitCode !== null) throw new Error(`netdata ended: ${process.stderr().slice(-2000)}`);
          return (await agent.get('/api/v1/info').catch(() => undefined))?.status === 200 ? true : undefined;
        },
        async () => process.stderr().slice(-2000),
      );
    },
    async stop() {
      if (running === undefined) return;
      const [wrapper] = await childrenOf(running.pid);
      if (wrapper !== undefined) process.kill(wrapper, 'SIGTERM');
      const { child, finished } = running;
      // Some of the first era never end on their own; the kill takes everything that it has started.
      const impatience = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
      await finished;
      clearTimeout(impatience);
      running = undefined;
    },
    run: (words, env) => enter(words, env).finished,
    cli: (...words) => agent.run([`${prefix}/usr/sbin/netdatacli`, ...words]),
    write: async (path, text) => void (await machine.must(`cat >${home}/${path}`, { input: text })),
    read: (path) => machine.must(`cat ${home}/${path}`),
    remove: async (path) => void (await machine.must(`rm -rf ${home}/${path}`)),
    async get(path) {
      const answer = await fetch(`http://127.0.0.1:${bridge?.port}${path}`, { signal: AbortSignal.timeout(10_000) });
      return { status: answer.status, body: await answer.text() };
    },
    uid: async () => (JSON.parse((await agent.get('/api/v1/info')).body) as { uid: string }).uid,
    link: async () => JSON.parse((await agent.get('/api/v1/aclk')).body) as Record<string, unknown>,
    log: async () => (await machine.shell(`cat ${home}/log/*.log | tail -c 20000`)).stdout,
  };
  await agent.write('etc/netdata.conf', configurationOf(agent, home));
  await agent.write('etc/.opt-out-from-anonymous-statistics', '');
  if (settings.stream !== undefined) await agent.write('etc/stream.conf', settings.stream);
  if (settings.health !== undefined) await agent.write('etc/health.d/compatibility.conf', settings.health);
  return agent;
}

const stopPatienceMs = 15_000;
const scriptInside = '/run/claimstead/checkout/packages/test/src/compatibility/enter-agent.sh';

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

const collectors = {
  'tc': false, 'idlejitter': false, 'cgroups': false, 'timex': false, 'checks': false, 'profile': false, 'statsd': false,
  'netdata monitoring': false, 'netdata monitoring extended': false, 'netdata pulse': false, 'charts.d': false, 'go.d': false,
  'python.d': false, 'ebpf': false, 'fping': false, 'ioping': false, 'perf': false, 'slabinfo': false, 'freeipmi': false,
  'debugfs': false, 'systemd-journal': false, 'systemd-units': false, 'logs-management': false, 'nfacct': false, 'xenstat': false,
  'cups': false, 'cgroup-network': false, 'local-listeners': false, 'proc': true, 'diskspace': true, 'apps': true, 'network-viewer': true,
} as const; // prettier-ignore

/** Parts of the proc collector that a small agent leaves out. */
const leftOut = [
  'ipc', '/proc/net/snmp', '/proc/net/snmp6', '/proc/net/netstat', '/proc/net/sockstat', '/proc/net/sockstat6', '/proc/net/softnet_stat',
  '/proc/net/ip_vs/stats', '/proc/net/dev', '/proc/vmstat', '/proc/interrupts', '/proc/softirqs', '/proc/pressure', '/proc/diskstats',
  '/proc/sys/kernel/random/entropy_avail', '/sys/kernel/mm/ksm', '/sys/block/zram', '/sys/devices/system/edac/mc',
  '/sys/devices/system/node', '/sys/devices/pci/aer', '/sys/class/power_supply', '/sys/class/drm', '/sys/fs/btrfs', '/proc/mdstat',
  '/proc/spl/kstat/zfs/arcstats', '/proc/spl/kstat/zfs/pool/state', '/proc/net/rpc/nfs', '/proc/net/rpc/nfsd', '/proc/net/sctp/snmp',
  '/proc/net/stat/conntrack', '/proc/net/stat/synproxy', '/proc/net/wireless', '/proc/pagetypeinfo', '/sys/class/infiniband',
] as const; // prettier-ignore

function configurationOf({ settings, installation, era }: InstalledAgent, home: string): string {
  const { folder: prefix } = installation;
  const yes = (on: boolean): string => (on ? 'yes' : 'no');
  const plugins = Object.entries(collectors).map(([name, on]) => {
    const wanted = name === 'network-viewer' ? era === 2 : on;
    return `${name} = ${yes(wanted && (settings.small !== true || name !== 'diskspace'))}`;
  });
  return `[global]
run as user = root
hostname = ${settings.name}
crash reports = off
OOM score = keep
process scheduling policy = keep
[directories]
config = ${home}/etc
stock config = ${prefix}/usr/lib/netdata/conf.d
log = ${home}/log
lib = ${home}/lib
home = ${home}/lib
cache = ${home}/cache
registry = ${home}/lib/registry
lock = ${home}/run
web = ${prefix}/usr/share/netdata/web
plugins = "${prefix}/usr/libexec/netdata/plugins.d"
health config = ${home}/etc/health.d
stock health config = ${settings.small === true ? `${home}/etc/health.d` : `${prefix}/usr/lib/netdata/conf.d/health.d`}
[db]
mode = ${settings.small === true ? 'ram' : 'dbengine'}
db = ${settings.small === true ? 'ram' : 'dbengine'}
update every = 1
storage tiers = 1
dbengine multihost disk space MB = 64
dbengine tier 0 retention size = 64MiB
[web]
bind to = 127.0.0.1
default port = ${settings.port}
[ml]
enabled = no
[registry]
enabled = no
registry to announce = http://127.0.0.1:1
[statsd]
enabled = no
[health]
enabled = yes
script to execute on alarm = /bin/true
[plugins]
enable running new plugins = no
${plugins.join('\n')}
[plugin:proc]
${settings.small === true ? leftOut.map((name) => `${name} = no`).join('\n') : ''}
`;
}
