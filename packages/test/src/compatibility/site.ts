// A machine with a Cloud, and the route that agents take to it. With a recorder, everything that they say passes it.

import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { farAhead, longAgo } from '@claimstead/agent/claim/testing/certificates';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { Answer, CloudClient } from '../harness/cloud-client.ts';
import { cloudInside, cloudUrl, type CloudInside, type CloudInsideOptions } from '../harness/namespace-cloud.ts';
import { cloudNames, createMachine, within, type Machine } from '../harness/namespace.ts';
import { startTinyproxy, type RealProxy } from '../harness/proxies.ts';
import { startRecorder, type Recorder } from '../recording/recorder.ts';
import type { ClaimOrder } from './claim-ways.ts';

export const routes = ['direct', 'http proxy', 'private CA', 'self-signed'] as const;
export type RouteName = (typeof routes)[number];

export interface Site {
  readonly route: RouteName;
  readonly machine: Machine;
  readonly recorder: Recorder | undefined;
  /** What the proxy was asked to connect to; empty without one. */
  proxied(): string[];
  cloud(): CloudInside;
  client(): CloudClient;
  order(): Promise<ClaimOrder>;
  /** Nodes as the page has them. */
  nodes(): Promise<NodeView[]>;
  node(machineGuid: string): Promise<NodeView | undefined>;
  /** Waits for a node; answers it and the milliseconds since `from`. */
  until(
    machineGuid: string,
    what: (node: NodeView) => boolean,
    from?: number,
    patienceMs?: number,
  ): Promise<{ node: NodeView; ms: number }>;
  /** A question to the agent of a node. */
  ask(nodeId: string, target: string): Promise<Answer>;
  stopCloud(signal?: NodeJS.Signals): Promise<void>;
  startCloud(): Promise<void>;
  end(): Promise<void>;
}

const recordedPort = 8443;
const checkoutInside = '/run/claimstead/checkout';

export async function makeSite(route: RouteName, options: { record: boolean }): Promise<Site> {
  const machine = await createMachine();
  const settings = await settingsOf(route, machine, options.record);
  let cloud = await cloudInside(machine, settings);
  if (route === 'private CA') await trust(machine, await cloud.ok('ca'));
  let client = await cloud.client();
  const recorder = options.record ? await recorderIn(machine) : undefined;
  const front = recorder === undefined ? undefined : await machine.offer(recorder.port, 443);
  const proxy = route === 'http proxy' ? await proxyIn(machine) : undefined;
  const site: Site = {
    route,
    machine,
    recorder,
    proxied: () => proxy?.targets() ?? [],
    cloud: () => cloud,
    client: () => client,
    order: async () => ({
      token: await cloud.token(),
      url: cloudUrl,
      proxy: proxy === undefined ? 'none' : `http://${proxy.address}`,
      insecure: route === 'self-signed',
    }),
    async nodes() {
      const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
      return (await client.send('GET', `/spaces/${spaces[0]?.id}/nodes`)).json<{ nodes: NodeView[] }>().nodes;
    },
    node: async (machineGuid) => (await site.nodes()).find((one) => one.machineGuid === machineGuid),
    until: async (machineGuid, what, from = performance.now(), patienceMs) => {
      const node = await within(
        `the node of ${machineGuid}`,
        async () => {
          const found = await site.node(machineGuid);
          return found !== undefined && what(found) ? found : undefined;
        },
        async () => JSON.stringify(await site.nodes(), undefined, 1),
        patienceMs,
      );
      return { node, ms: performance.now() - from };
    },
    ask: (nodeId, target) => client.send('GET', `/nodes/${nodeId}/agent${target}`),
    stopCloud: async (signal) => void (await cloud.process.stop(signal)),
    async startCloud() {
      cloud = await cloudInside(machine, settings);
      client = await cloud.client();
    },
    async end() {
      await proxy?.stop();
      await front?.close();
      await recorder?.close();
      await machine.end();
    },
  };
  return site;
}

async function settingsOf(route: RouteName, machine: Machine, record: boolean): Promise<CloudInsideOptions> {
  const port = record ? recordedPort : 443;
  if (route === 'private CA') {
    return {
      port,
      certificate: null,
      caPem: async () => machine.must(`${checkoutInside}/bin/claimstead admin ca --data /var/lib/claimstead`),
    };
  }
  if (route !== 'self-signed') return { port };
  const [key, cert] = ['self.key', 'self.pem'].map((name) => join(machine.folder, name)) as [string, string];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-days', '30', '-subj', '/CN=app.netdata.cloud', '-addext', `subjectAltName=${cloudNames}`], { stdio: 'ignore' }); // prettier-ignore
  return { port, certificate: 'self', caPem: async () => machine.must(`cat ${machine.folderInside}/self.pem`) };
}

/** As an administrator does who puts a certificate authority into the system's store. */
const trust = (machine: Machine, caPem: string): Promise<string> =>
  machine.must('cat >>/etc/ssl/certs/ca-certificates.crt', { input: caPem });

async function recorderIn(machine: Machine): Promise<Recorder> {
  const inside = await machine.reach(recordedPort);
  return startRecorder({
    port: 0,
    certificate: machine.ca.issue('recorder', cloudNames, longAgo, farAhead),
    cloud: { host: '127.0.0.1', port: inside.port, servername: 'localhost', ca: machine.ca.ca },
    now: () => performance.now(),
  });
}

async function proxyIn(machine: Machine): Promise<RealProxy> {
  return startTinyproxy({
    start: (words) => machine.start(words),
    run: (words) => machine.run(words),
    folder: machine.folder,
    folderInside: machine.folderInside,
  });
}
