// A Cloud inside a machine's namespaces, at the address that documentation names: https://app.netdata.cloud, and https://netdata.cloud.

import { administrator, type AdminNode } from './cloud.ts';
import { createCloudClient, type CloudClient } from './cloud-client.ts';
import { within, type Bridge, type Machine } from './namespace.ts';
import type { Finished, Running } from './programs.ts';

export const cloudUrl = 'https://app.netdata.cloud';

export interface CloudInside {
  readonly process: Running;
  admin(...words: string[]): Promise<Finished>;
  /** As `admin`, but rejects unless it succeeds; answers stdout. */
  ok(...words: string[]): Promise<string>;
  /** A new claiming token. */
  token(...words: string[]): Promise<string>;
  /** Signed in as the first administrator. */
  client(): Promise<CloudClient>;
  /** Makes a room of the first Space. */
  room(name: string): Promise<void>;
  nodes(): Promise<AdminNode[]>;
  /** The node with this machine GUID; undefined when the Cloud does not know it. */
  node(machineGuid: string): Promise<AdminNode | undefined>;
  live(machineGuid: string): Promise<AdminNode>;
  /** Until the Cloud does not list it any more. */
  gone(machineGuid: string): Promise<void>;
}

const data = '/var/lib/claimstead';

export interface CloudInsideOptions {
  /** Files of the shared folder, without their ending; null: what the Cloud issues to itself. */
  certificate?: string | null;
  /** Where it listens when something in front of it has port 443. */
  port?: number;
  /** What must have signed the certificate; absent: the machine's authority. */
  caPem?: () => Promise<string>;
}

/** Started again, it is the same Cloud. */
export async function cloudInside(machine: Machine, options: CloudInsideOptions = {}): Promise<CloudInside> {
  const { certificate = 'cloud', port = 443, caPem = () => Promise.resolve(machine.ca.ca) } = options;
  const program = '/run/claimstead/checkout/bin/claimstead';
  const shared = machine.folderInside;
  const given =
    certificate === null ? [] : ['--cert', `${shared}/${certificate}.pem`, '--key', `${shared}/${certificate}.key`];
  await machine.must(`mkdir -p -m 0700 ${data}`);
  const process = machine.start(
    ['bash', '-c', 'test -e "$2/password" || first="--password-file $2/password"; exec "$1" serve --data "$2" $first "${@:3}"',
      'bash', program, data, '--port', String(port), '--public-url', cloudUrl, ...given], // prettier-ignore
  );
  await process.printed(/^ready (\S+)$/m);
  let outside: Bridge | undefined;
  const cloud: CloudInside = {
    process,
    admin: (...words) => machine.run([program, 'admin', ...words, '--data', data]),
    async ok(...words) {
      const { code, stdout, stderr } = await cloud.admin(...words);
      if (code !== 0) throw new Error(`claimstead admin ${words.join(' ')}: ${code} ${stderr}`);
      return stdout;
    },
    token: async (...words) => (await cloud.ok('token', ...words)).trim(),
    async client() {
      outside ??= await machine.reach(port);
      const password = (await machine.must(`cat ${data}/password`)).trim();
      const url = `https://localhost:${outside.port}`;
      return createCloudClient({ url, caPem: await caPem(), email: administrator, password });
    },
    async room(name) {
      const client = await cloud.client();
      const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
      const { status } = await client.send('POST', `/spaces/${spaces[0]?.id}/rooms`, { name });
      if (status !== 201) throw new Error(`the room was answered ${status}`);
    },
    nodes: async () => JSON.parse(await cloud.ok('nodes', '--json')) as AdminNode[],
    node: async (machineGuid) => (await cloud.nodes()).find((one) => one.machineGuid === machineGuid),
    live: (machineGuid) =>
      within(
        `${machineGuid} live`,
        async () => {
          const node = await cloud.node(machineGuid);
          return node?.state === 'live' ? node : undefined;
        },
        async () => JSON.stringify(await cloud.nodes(), undefined, 2),
      ),
    gone: async (machineGuid) =>
      void (await within(
        `${machineGuid} gone`,
        async () => ((await cloud.node(machineGuid)) === undefined ? true : undefined),
        async () => JSON.stringify(await cloud.nodes(), undefined, 2),
      )),
  };
  return cloud;
}
