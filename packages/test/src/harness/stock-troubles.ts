// What may be wrong between a host with a stock agent and its Cloud: each trouble with the codes that doctor.sh tells, and how it is made.

import { randomUUID } from 'node:crypto';
import { farAhead, lastYear, longAgo } from '@claimstead/agent/claim/testing/certificates';
import type { DoctorCode, DoctorHop } from '@claimstead/wire/doctor/codes';
import { expect } from 'vitest';
import type { Machine, User } from './namespace.ts';
import type { InstalledNode } from './namespace-node.ts';
import { distrustTheCloud, dropsPackets, in1970, losesItsNameServer, standsInFront } from './network.ts';
import { freePort } from './programs.ts';
import { startDante, startTinyproxy } from './proxies.ts';

/** Where a stock agent keeps its claim. */
export const cloudD = '/var/lib/netdata/cloud.d';

export interface StockTrouble {
  title: string;
  /** Every code that is told, in the order of the way. */
  codes: DoctorCode[];
  /** Where what is not well was found: `claim tls`. */
  found: `${'claim' | 'link'} ${DoctorHop}`[];
  env?: (machine: Machine) => Promise<Record<string, string>>;
  user?: User;
  /** Seconds after which a hop is given up, where the trouble is that nothing comes: each hop is waited for that long. */
  timeout?: number;
  /** Breaks it and answers how to mend it. */
  make: (world: { machine: Machine; node: InstalledNode; claimId: string }) => Promise<() => Promise<unknown>>;
}

const oneEach = (code: DoctorCode, hop: DoctorHop): Pick<StockTrouble, 'codes' | 'found'> => ({
  codes: [code],
  found: [`claim ${hop}`, `link ${hop}`],
});

const withStop = (make: (machine: Machine) => Promise<{ stop(): Promise<unknown> }>): StockTrouble['make'] =>
  async ({ machine }) => {
    const { stop } = await make(machine);
    return stop;
  }; // prettier-ignore

/** What the agent's user sends to the Cloud goes to another port of this machine. */
async function sentElsewhere(machine: Machine, port: number): Promise<{ stop(): Promise<unknown> }> {
  const rule = `OUTPUT -t nat -p tcp --dport 443 -m owner --uid-owner netdata -j REDIRECT --to-ports ${port}`;
  await machine.must(`iptables -I ${rule}`);
  return { stop: () => machine.must(`iptables -D ${rule}`) };
}

/** A program for node inside that says `listens`. */
async function server(machine: Machine, program: string): Promise<() => Promise<unknown>> {
  const running = machine.start(['node', '-e', program]);
  await running.printed(/^listens$/m);
  return () => running.stop('SIGKILL');
}

/** One more line in cloud.conf. */
export const withSetting =
  (line: string): StockTrouble['make'] =>
  async ({ machine }) => {
    await machine.must(`cp -p ${cloudD}/cloud.conf /tmp/cloud.conf; cat >>${cloudD}/cloud.conf`, {
      input: `${line}\n`,
    });
    return () => machine.must(`cp -p /tmp/cloud.conf ${cloudD}/cloud.conf`);
  };

export const stockTroubles: StockTrouble[] = [
  {
    title: 'a name that nobody has',
    ...oneEach('dns-unknown', 'dns'),
    make: withStop(async (machine) => {
      const gone = await losesItsNameServer(machine);
      const stop = await server(
        machine,
        `const s = require('dgram').createSocket('udp4');
         s.on('message', (m, from) => { m[2] |= 0x80; m[3] = 3; s.send(m, from.port, from.address); });
         s.bind(53, '127.0.0.1', () => console.log('listens'));`,
      );
      return { stop: async () => (await stop(), await gone.stop()) };
    }),
  },
  { title: 'no name server', ...oneEach('dns-down', 'dns'), make: withStop(losesItsNameServer) },
  {
    title: 'a port that refuses',
    ...oneEach('tcp-refused', 'tcp'),
    make: withStop(async (machine) => sentElsewhere(machine, await freePort())),
  },
  { title: 'packets that nobody answers', timeout: 2, ...oneEach('tcp-timeout', 'tcp'), make: withStop(dropsPackets) },
  {
    title: 'a port that is silent',
    timeout: 2,
    ...oneEach('no-answer', 'tls'),
    make: withStop(async (machine) => {
      const port = await freePort();
      const stop = await server(
        machine,
        `require('net').createServer(() => {}).listen(${port}, '127.0.0.1', () => console.log('listens'));`,
      );
      const away = await sentElsewhere(machine, port);
      return { stop: async () => (await away.stop(), await stop()) };
    }),
  },
  { title: 'an authority that nobody knows', ...oneEach('tls-untrusted', 'tls'), make: withStop(distrustTheCloud) },
  {
    title: 'an expired certificate',
    ...oneEach('tls-expired', 'tls'),
    make: withStop((machine) =>
      standsInFront(machine, machine.ca.issue('old', 'DNS:app.netdata.cloud', longAgo, lastYear)),
    ),
  },
  {
    title: 'a certificate of another host, at which a link does not look, and no way through for WebSockets',
    codes: ['tls-wrong-host', 'websocket-stripped'],
    found: ['claim tls', 'link websocket'],
    make: withStop((machine) =>
      standsInFront(machine, machine.ca.issue('other', 'DNS:other.example.com', longAgo, farAhead)),
    ),
  },
  {
    title: 'a clock that stands in 1970',
    ...oneEach('clock-wrong', 'tls'),
    env: in1970,
    make: async () => async () => undefined,
  },
  {
    title: 'an HTTP proxy that refuses',
    ...oneEach('proxy-refused', 'proxy'),
    make: async (world) => withSetting(`proxy = http://127.0.0.1:${await freePort()}`)(world),
  },
  {
    title: 'an HTTP proxy that wants other credentials',
    ...oneEach('proxy-auth', 'proxy'),
    make: async (world) => {
      const proxy = await startTinyproxy(world.machine, { login: { user: 'u', password: 'p' } });
      const mend = await withSetting(`proxy = http://u:CANARY'"$(id)@${proxy.address}`)(world);
      return async () => (await mend(), await proxy.stop());
    },
  },
  {
    title: 'an HTTP proxy that forbids the port',
    ...oneEach('proxy-forbids', 'proxy'),
    make: async (world) => {
      const proxy = await startTinyproxy(world.machine, { onlyPort: 8443 });
      const mend = await withSetting(`proxy = http://${proxy.address}`)(world);
      return async () => (await mend(), await proxy.stop());
    },
  },
  {
    title: 'a SOCKS proxy, which only the claim could use',
    codes: ['socks-for-claim-only'],
    found: ['link proxy'],
    make: async (world) => {
      const proxy = await startDante(world.machine);
      const mend = await withSetting(`proxy = socks5://user:CANARY@${proxy.address}`)(world);
      return async () => {
        await mend();
        expect(proxy.targets()).toEqual([]);
        await proxy.stop();
      };
    },
  },
  {
    title: 'a proxy setting that is none',
    codes: ['proxy-invalid'],
    found: ['claim settings', 'link settings'],
    make: withSetting('proxy = ftp://CANARY@somewhere'),
  },
  {
    title: 'a cloud that is switched off',
    codes: ['cloud-disabled'],
    found: ['link settings'],
    make: withSetting('enabled = no'),
  },
  {
    title: 'a node that is not claimed',
    codes: ['not-claimed'],
    found: ['link claim-directory'],
    make: async ({ machine }) => {
      await machine.must(`mv ${cloudD} ${cloudD}.away`);
      return () => machine.must(`mv ${cloudD}.away ${cloudD}`);
    },
  },
  {
    title: 'a claim without its key',
    codes: ['claim-broken'],
    found: ['link claim-directory'],
    make: async ({ machine }) => {
      await machine.must(`mv ${cloudD}/private.pem /tmp/`);
      return () => machine.must(`mv /tmp/private.pem ${cloudD}/`);
    },
  },
  {
    title: 'a claim at another Cloud',
    codes: ['claimed-at-another-cloud'],
    found: ['link claim-directory'],
    make: withSetting('url = https://elsewhere.example.com'),
  },
  {
    title: 'a claim that the Cloud does not know',
    codes: ['claim-unknown'],
    found: ['link challenge'],
    make: async ({ machine, claimId }) => {
      await machine.must(`printf %s ${randomUUID()} >${cloudD}/claimed_id`);
      return () => machine.must(`printf %s ${claimId} >${cloudD}/claimed_id`);
    },
  },
  {
    title: 'an agent that does not run',
    codes: ['agent-not-running'],
    found: ['link agent'],
    // Root alone can tell what runs in other namespaces from what runs here.
    user: 'root',
    make: async ({ node }) => {
      await node.stop();
      return () => node.restart();
    },
  },
];
