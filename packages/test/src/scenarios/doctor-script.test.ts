// doctor.sh on a host whose agent keeps its claim as a stock one does: every trouble has its code, whichever shell runs it and whichever of
// openssl and curl is there; nothing that it reads is executed, and no secret is printed.

import { randomUUID } from 'node:crypto';
import { farAhead, lastYear, longAgo } from '@claimstead/agent/claim/testing/certificates';
import type { DoctorCode, DoctorHop } from '@claimstead/wire/doctor/codes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMachine, machineIsMissing, type Machine, type User } from '../harness/namespace.ts';
import { cloudInside, cloudUrl, type CloudInside } from '../harness/namespace-cloud.ts';
import { claimFolder, installedNode, type InstalledNode } from '../harness/namespace-node.ts';
import { distrustTheCloud, dropsPackets, in1970, losesItsNameServer, standsInFront } from '../harness/network.ts';
import { freePort } from '../harness/programs.ts';
import { startDante, startTinyproxy } from '../harness/proxies.ts';

interface Report {
  ok: boolean;
  code: string | null;
  target: string;
  hops: {
    phase: string;
    hop: string;
    ok: boolean | null;
    code: string | null;
    cause: string | null;
    remedy: string | null;
  }[];
  codes: string[];
  host: Record<string, string>;
  notes: string[];
}

const cloudD = '/var/lib/netdata/cloud.d';
const script = '/run/claimstead/shared/doctor.sh';

/** Each shell with a set of tools of its own, so that every part of the script runs somewhere. */
const ways = {
  'dash with openssl': { shell: ['/bin/dash'], path: '/usr/sbin:/usr/bin' },
  'bash with curl, without openssl': { shell: ['/bin/bash'], path: '/tmp/no-openssl' },
  'busybox with its own tools and openssl, without curl': { shell: ['/bin/busybox', 'sh'], path: '/tmp/busybox' },
} as const;
type Way = keyof typeof ways;
const allWays = Object.keys(ways) as Way[];

interface Trouble {
  title: string;
  /** Every code that is told, in the order of the way. */
  codes: DoctorCode[];
  /** Where what is not well was found: `claim tls`. */
  found: `${'claim' | 'link'} ${DoctorHop}`[];
  env?: (machine: Machine) => Promise<Record<string, string>>;
  user?: User;
  /** Breaks it and answers how to mend it. */
  make: (world: { machine: Machine; node: InstalledNode; claimId: string }) => Promise<() => Promise<unknown>>;
}

const oneEach = (code: DoctorCode, hop: DoctorHop): Pick<Trouble, 'codes' | 'found'> => ({
  codes: [code],
  found: [`claim ${hop}`, `link ${hop}`],
});

const withStop = (make: (machine: Machine) => Promise<{ stop(): Promise<unknown> }>): Trouble['make'] =>
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

const withSetting =
  (line: string): Trouble['make'] =>
  async ({ machine }) => {
    await machine.must(`cp -p ${cloudD}/cloud.conf /tmp/cloud.conf; cat >>${cloudD}/cloud.conf`, {
      input: `${line}\n`,
    });
    return () => machine.must(`cp -p /tmp/cloud.conf ${cloudD}/cloud.conf`);
  };

const troubles: Trouble[] = [
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
  { title: 'packets that nobody answers', ...oneEach('tcp-timeout', 'tcp'), make: withStop(dropsPackets) },
  {
    title: 'a port that is silent',
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

const missing = machineIsMissing();
describe.skipIf(missing !== undefined)(`doctor.sh${missing === undefined ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  let cloud: CloudInside;
  let node: InstalledNode;
  let claimId: string;

  /** `env` comes on top; the words of the report are checked for what must never be in them. */
  async function look(way: Way, options: { words?: string[]; env?: Record<string, string>; user?: User } = {}) {
    const { shell, path } = ways[way];
    const variables = Object.entries({ ...options.env, PATH: path }).map(([name, value]) => `${name}=${value}`);
    const words = ['env', ...variables, ...shell, script, '-timeout=2', ...(options.words ?? [])];
    const done = await machine.run(words, { user: options.user ?? 'netdata' });
    expect(done.stderr).toBe('');
    expect(done.stdout).not.toMatch(/CANARY|PRIVATE KEY|"challenge":"/);
    return done;
  }
  async function report(way: Way, options: Parameters<typeof look>[1] = {}): Promise<Report> {
    const { code, stdout } = await look(way, { ...options, words: ['-json', ...(options.words ?? [])] });
    const told = JSON.parse(stdout) as Report;
    expect(code).toBe(told.ok ? 0 : 1);
    return told;
  }

  beforeAll(async () => {
    machine = await createMachine();
    cloud = await cloudInside(machine);
    node = installedNode(machine);
    await node.reinstall();
    await node.start();
    await node.claim(`-token=${await cloud.token()}`, `-url=${cloudUrl}`);
    claimId = await node.uid();
    await cloud.live(claimId);
    // The same claim, as v1 agents keep it; and tools in folders of their own.
    await machine.must(`
      install -d -m 0770 -o netdata -g netdata ${cloudD}
      install -m 0600 -o netdata -g netdata ${claimFolder}/private.pem ${cloudD}/
      printf %s ${claimId} >${cloudD}/claimed_id
      printf '[global]\\n  enabled = yes\\n  cloud base url = ${cloudUrl}\\n' >${cloudD}/cloud.conf
      chmod 0644 ${cloudD}/c*
      mkdir /tmp/busybox /tmp/no-openssl
      busybox --install -s /tmp/busybox
      ln -s /usr/bin/openssl /usr/bin/env /tmp/busybox/
      ln -s /usr/bin/* /tmp/no-openssl/ && rm -f /tmp/no-openssl/openssl /tmp/no-openssl/nslookup
      ln -s /tmp/busybox/nslookup /tmp/no-openssl/
      mount -t tmpfs tmpfs /usr/local/share/ca-certificates
      curl --silent --fail ${cloudUrl}/doctor.sh >${script} && chmod 0644 ${script}`);
  });
  afterAll(() => machine.end());

  test('is served with the address of its Cloud, and printed by an admin command; shellcheck has nothing to say', async () => {
    const head = await machine.must(`curl --silent --dump-header - --output /dev/null ${cloudUrl}/doctor.sh`);
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).toMatch(/^content-type: text\/plain; charset=utf-8\r$/m);
    expect(head).toMatch(/^cache-control: no-store\r$/m);
    const text = await machine.must(`cat ${script}`);
    expect(text).toContain(`\ncloud_url='${cloudUrl}'\n`);
    expect(await cloud.ok('doctor-script')).toBe(text);
    const checked = await machine.run(['shellcheck', '--shell=sh', '--exclude=SC2016', script]);
    expect(checked).toMatchObject({ code: 0, stdout: '' });
  });

  test.each(allWays)('finds all well: %s', async (way) => {
    const told = await report(way, { user: 'root' });
    expect(told).toMatchObject({ ok: true, code: null, target: `${cloudUrl}:443`, codes: [], notes: [] });
    expect(told.hops.map(({ phase, hop, ok }) => `${phase} ${hop} ${ok}`)).toEqual([
      ...['settings', 'dns', 'tcp', 'tls'].map((hop) => `claim ${hop} true`),
      ...['settings', 'agent', 'claim-directory', 'dns', 'tcp', 'tls', 'environment', 'challenge', 'websocket'].map(
        (hop) => `link ${hop} true`,
      ),
    ]);
    expect(told.host['claim']).toBe(`${claimId} at ${cloudUrl}`);
    const text = await look(way);
    expect(text).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The claim and the link would pass.') as string,
    });
    // The agent's own link is as it was.
    expect(await node.facts()).toBe('TTTT');
  });

  test.each(allWays)('goes through an HTTP proxy, with credentials: %s', async (way) => {
    const proxy = await startTinyproxy(machine, { login: { user: 'u', password: 'CANARY' } });
    const mend = await withSetting(`proxy = http://u:CANARY@${proxy.address}`)({ machine, node, claimId });
    const told = await report(way);
    expect(told).toMatchObject({ ok: true, codes: [] });
    expect(told.host['proxy']).toBe(`http://***@${proxy.address} (from: ${cloudD}/cloud.conf)`);
    expect(new Set(proxy.targets())).toEqual(new Set(['app.netdata.cloud:443']));
    await mend();
    await proxy.stop();
  });

  test.each(troubles.map((trouble) => [trouble.title, trouble] as const))('%s', async (_, trouble) => {
    const mend = await trouble.make({ machine, node, claimId });
    const user = trouble.user ?? 'netdata';
    try {
      const env = (await trouble.env?.(machine)) ?? {};
      const all = await Promise.all(allWays.map((way) => report(way, { env, user })));
      for (const [index, told] of all.entries()) {
        const found = told.hops.filter(({ ok }) => ok === false);
        expect([allWays[index], told.codes, found.map(({ phase, hop }) => `${phase} ${hop}`)]).toEqual([
          allWays[index],
          trouble.codes,
          trouble.found,
        ]);
        expect(told.code).toBe(trouble.codes[0]);
        for (const { cause, remedy } of found)
          expect([cause, remedy]).toEqual([expect.stringMatching(/\S{3}/), expect.stringMatching(/\S{3}/)]);
      }
    } finally {
      await mend();
    }
    expect(await report('dash with openssl', { user })).toMatchObject({ ok: true, codes: [] });
  });

  test('an authority that is trusted for the claim only is mended by the words of the remedy', async () => {
    const { remedyFile } = await distrustTheCloud(machine);
    await machine.must(`install -m 0644 ${remedyFile} ${cloudD}/cloud_fullchain.pem`);
    for (const way of allWays) {
      const told = await report(way);
      expect(told.codes).toEqual(['trusted-for-claim-only']);
      const tls = told.hops.filter(({ hop }) => hop === 'tls').map(({ phase, ok }) => `${phase} ${ok}`);
      expect(tls).toEqual(['claim true', 'link false']);
    }
    // The environment of the daemon counts as its OpenSSL reads it; whatever has the agent's name stands for it here.
    await node.stop();
    const daemon = machine.start(
      ['bash', '-c', `cp /usr/bin/sleep /tmp/netdata && SSL_CERT_FILE=${remedyFile} exec /tmp/netdata 600`],
      { user: 'netdata' },
    );
    await machine.must(`until grep -q '^netdata$' /proc/${daemon.pid}/comm; do sleep 0.05; done`);
    for (const way of allWays) {
      const told = await report(way, { user: 'root' });
      expect(told).toMatchObject({ ok: true, codes: [] });
      expect(told.host['store']).toContain(`SSL_CERT_FILE=${remedyFile}`);
    }
    await daemon.stop('SIGKILL');
    await node.restart();
    const { remedy } = (await report('dash with openssl')).hops.find(({ code }) => code !== null) ?? {};
    const debian = /on Debian and Ubuntu (cp .*? && update-ca-certificates);/.exec(remedy ?? '')?.[1];
    expect(debian).toContain(`cp ${cloudD}/cloud_fullchain.pem /usr/local/share/ca-certificates/`);
    await machine.must(debian ?? 'false');
    for (const way of allWays) expect(await report(way)).toMatchObject({ ok: true, codes: [] });
    await machine.must(`rm ${cloudD}/cloud_fullchain.pem`);
  });

  test('what it may not read is said, and is no fault', async () => {
    const told = await report('dash with openssl', { user: 'nobody' });
    expect(told).toMatchObject({ ok: true, codes: [] });
    expect(told.notes.join()).toContain(`${cloudD} could not be read: run this as root`);
  });

  test('executes nothing that it reads, and stays readable', async () => {
    const hostile = [
      `'; touch /tmp/owned; '`,
      '$(touch /tmp/owned)',
      '`touch /tmp/owned`',
      '"}\\u0000\u001b[2J',
      '-K/etc/passwd',
    ];
    for (const [index, value] of hostile.entries()) {
      const way = allWays[index % allWays.length] ?? 'dash with openssl';
      const settings = `[global]\nurl = https://${value}\nproxy = http://${value}:CANARY@${value}:1\nclaimed_id = ${value}\n`;
      await machine.must(`cp -a ${cloudD} /tmp/kept; cat >${cloudD}/cloud.conf`, { input: settings });
      await machine.must('cat >/etc/netdata/netdata.conf', { input: `[directories]\n  lib = /tmp/${value}'\n` });
      expect((await report(way)).codes).toEqual(['proxy-invalid', 'claim-broken']);
      // oxlint-disable-next-line no-control-regex -- that is what must not be there
      expect((await look(way)).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      expect((await look(way, { words: [`-url=https://${value}`] })).stdout).toContain('[url-invalid]');
      await machine.must(
        `cp -a /tmp/kept/. ${cloudD}/ && rm -r /tmp/kept /etc/netdata/netdata.conf && test ! -e /tmp/owned`,
      );
    }
    expect((await machine.run(['dash', script, '-prefix=/$(id)'])).code).toBe(2);
    expect((await machine.run(['dash', script, '-nonsense'])).code).toBe(2);
    // Run from a pipe, it reads no more of it than itself, and leaves nothing behind.
    const piped = await machine.must(
      `cat ${script} | TMPDIR=/run/netdata sh -s -- -timeout=5; ls -A /run/netdata | grep tmp || true`,
    );
    expect(piped).toContain('would pass.\n');
  });

  test('a node that its own agent has given up: the agent does not know the claim, the Cloud has removed it', async () => {
    await machine.must(`rm -r ${claimFolder}/*`);
    await node.cli('reload-claiming-state');
    await cloud.gone(claimId);
    await node.become('TTFF');
    for (const way of allWays) {
      const { codes, host } = await report(way);
      expect([way, host['agent'], codes]).toEqual([
        way,
        expect.stringContaining('claimed: false'),
        ['agent-unaware', 'node-removed'],
      ]);
    }
  });
});
