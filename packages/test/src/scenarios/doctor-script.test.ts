// doctor.sh on a host whose agent keeps its claim as a stock one does: every trouble has its code, whichever shell runs it and whichever of
// openssl and curl is there; nothing that it reads is executed, and no secret is printed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMachine, machineIsMissing, withVariables, type Machine, type User } from '../harness/namespace.ts';
import { cloudInside, cloudUrl, type CloudInside } from '../harness/namespace-cloud.ts';
import { claimFolder, installedNode, type InstalledNode } from '../harness/namespace-node.ts';
import { distrustTheCloud } from '../harness/network.ts';
import { startTinyproxy } from '../harness/proxies.ts';
import { cloudD, stockTroubles, withSetting } from '../harness/stock-troubles.ts';

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

const script = '/run/claimstead/shared/doctor.sh';

/** Each shell with a set of tools of its own, so that every part of the script runs somewhere. */
const ways = {
  'dash with openssl': { shell: ['/bin/dash'], path: '/usr/sbin:/usr/bin' },
  'bash with curl, without openssl': { shell: ['/bin/bash'], path: '/tmp/no-openssl' },
  'busybox with its own tools and openssl, without curl': { shell: ['/bin/busybox', 'sh'], path: '/tmp/busybox' },
} as const;
type Way = keyof typeof ways;
const allWays = Object.keys(ways) as Way[];

const missing = machineIsMissing();
describe.skipIf(missing !== undefined)(`doctor.sh${missing === undefined ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  let cloud: CloudInside;
  let node: InstalledNode;
  let claimId: string;

  /** `env` comes on top; the words of the report are checked for what must never be in them. */
  async function look(
    way: Way,
    options: { words?: string[]; env?: Record<string, string>; user?: User; timeout?: number } = {},
  ) {
    const { shell, path } = ways[way];
    const before = withVariables({ ...options.env, PATH: path });
    const words = [...before, ...shell, script, `-timeout=${options.timeout ?? 10}`, ...(options.words ?? [])];
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

  test.each(stockTroubles.map((trouble) => [trouble.title, trouble] as const))('%s', async (_, trouble) => {
    const mend = await trouble.make({ machine, node, claimId });
    const { user = 'netdata', timeout = 10 } = trouble;
    try {
      const env = (await trouble.env?.(machine)) ?? {};
      const all = await Promise.all(allWays.map((way) => report(way, { env, user, timeout })));
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
