// The installed agent of a machine: `netdata` as its service user, started, stopped and looked at as an administrator does it.

import { within, type Machine } from './namespace.ts';
import type { Environment, Finished, Running } from './programs.ts';

export const claimFolder = '/etc/netdata/claim.d';
/** What an installer writes about the installation. */
export const installationFile = '/run/claimstead/agent/installation.conf';
export const errorLogFile = '/var/log/netdata/error.log';

/** The four facts in the order enabled, available, claimed, linked, such as `TTFF`; `none` when no agent answers. */
export type Facts = string;

export interface InstalledNode {
  readonly machine: Machine;
  /** Writes netdata.conf (nothing of it is kept) and starts the service; resolves when it answers on its port. */
  start(options?: { conf?: string; args?: readonly string[]; env?: Environment }): Promise<Running>;
  stop(signal?: NodeJS.Signals): Promise<Finished | undefined>;
  /** Stops it, and starts it again with the files as they are; `before` are words in front of its command line. */
  restart(before?: readonly string[]): Promise<Running>;
  /** Stops it and makes a freshly installed node of it: no claim, no machine GUID, no log. */
  reinstall(): Promise<void>;
  facts(): Promise<Facts>;
  /** Waits until `facts` are so. */
  become(facts: Facts): Promise<void>;
  uid(): Promise<string>;
  /** `netdata-claim.sh` through sudo, as ada types it. */
  claim(...options: string[]): Promise<Finished>;
  /** Starts the agent with `-W "claim …"`; answers the exit code that the log names, when it is known. */
  claimAtStart(...options: string[]): Promise<number>;
  /** `netdatacli` as the service user. */
  cli(...words: string[]): Promise<Finished>;
  errorLog(): Promise<string>;
  /** The lines of the log that `grep -E 'ACLK|claim|cloud'` finds. */
  grep(): Promise<string>;
  /** Waits for a line among them. */
  logged(pattern: RegExp): Promise<string>;
}

const factKeys = ['cloud-enabled', 'cloud-available', 'agent-claimed', 'aclk-available'] as const;
const usualPort = 19999;

async function infoAt(machine: Machine, port: number): Promise<Record<string, unknown> | undefined> {
  const address = `http://localhost:${port}/api/v1/info`;
  const { code, stdout } = await machine.run(['curl', '--silent', '--fail', '--max-time', '10', address]);
  return code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : undefined;
}

/** What the agent on a port of the machine says of itself. */
export async function factsAt(machine: Machine, port = usualPort): Promise<Facts> {
  const known = await infoAt(machine, port);
  return known === undefined ? 'none' : factKeys.map((key) => letterOf(known[key])).join('');
}

export function installedNode(machine: Machine): InstalledNode {
  let running: Running | undefined;
  let latest: { args: readonly string[]; env: Environment } = { args: [], env: {} };
  const info = () => infoAt(machine, usualPort);
  const launch = async (before: readonly string[] = []): Promise<Running> => {
    const words = [...before, '/usr/sbin/netdata', '-D', ...latest.args];
    const service = machine.start(words, { user: 'netdata', env: latest.env });
    running = service;
    const answers = async (): Promise<unknown> => {
      if (service.child.exitCode !== null) throw new Error(`netdata ended: ${service.stderr()}`);
      return info();
    };
    await within('an answer of the agent', answers, async () => service.stderr());
    return service;
  };
  const node: InstalledNode = {
    machine,
    async start({ conf = '', args = [], env = {} } = {}) {
      latest = { args, env };
      await machine.must('cat >/etc/netdata/netdata.conf', { input: conf });
      return launch();
    },
    async stop(signal) {
      const ended = await running?.stop(signal);
      running = undefined;
      return ended;
    },
    async restart(before) {
      await node.stop();
      return launch(before);
    },
    async reinstall() {
      await node.stop();
      await machine.must(
        `rm -rf /etc/netdata /var/lib/netdata /var/log/netdata /run/netdata
         install -d -m 0755 /etc/netdata
         install -d -m 0770 -o netdata -g netdata ${claimFolder}
         install -d -m 0755 -o netdata -g netdata /var/lib/netdata /var/log/netdata
         install -d -m 0750 -o netdata -g netdata /run/netdata
         rm -f ${installationFile}`,
      );
    },
    facts: () => factsAt(machine),
    become: async (facts) =>
      void (await within(facts, async () => ((await node.facts()) === facts ? true : undefined), node.grep)),
    uid: async () => String((await info())?.['uid']),
    claim: (...options) => machine.run(['sudo', 'netdata-claim.sh', ...options], { user: 'ada' }),
    async claimAtStart(...options) {
      await node.start({ args: ['-W', `claim ${options.join(' ')}`] });
      const ended = await node.logged(/claim ended with code \d+/);
      return Number(/with code (\d+)/.exec(ended)?.[1]);
    },
    cli: (...words) => machine.run(['netdatacli', ...words], { user: 'netdata' }),
    errorLog: async () => (await machine.shell(`cat ${errorLogFile}`)).stdout,
    grep: async () => (await machine.shell(`grep -E 'ACLK|claim|cloud' ${errorLogFile}`)).stdout,
    logged: (pattern) =>
      within(
        `a line with ${pattern}`,
        async () => (await node.grep()).split('\n').find((line) => pattern.test(line)),
        node.grep,
      ),
  };
  return node;
}

/** Anything but a boolean is told apart from both. */
const letterOf = (value: unknown): string => (value === true ? 'T' : value === false ? 'F' : '?');
