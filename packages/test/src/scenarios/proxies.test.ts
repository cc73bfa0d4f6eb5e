// A node whose only way out is a proxy: claim and link go through the same one, whatever kind it is, and nothing goes past it.

import { expect, test } from 'vitest';
import type { Machine } from '../harness/namespace.ts';
import { cloudUrl } from '../harness/namespace-cloud.ts';
import { claimed, describeOnMachine } from '../harness/namespace-world.ts';
import {
  startDante,
  startMicrosocks,
  startTinyproxy,
  type Login,
  type ProxyOptions,
  type RealProxy,
} from '../harness/proxies.ts';
import type { Environment } from '../harness/programs.ts';

const byName = 'app.netdata.cloud:443';
const byAddress = '127.0.0.1:443';

/** The user of the agent may not connect to port 443 itself; the proxies, which root runs, may. */
const closeTheDirectWay = (machine: Machine): Promise<string> =>
  machine.must('iptables -F OUTPUT; iptables -A OUTPUT -p tcp --dport 443 -m owner --uid-owner netdata -j REJECT');
/** Packets that tried the direct way since it was closed. */
const directPackets = async (machine: Machine): Promise<number> =>
  Number(await machine.must("iptables -nvxL OUTPUT | awk '/owner UID match/ { print $1 }'"));

const conf = (proxy: string): string => `[cloud]\n  proxy = ${proxy}\n`;
/** As the service user, whose direct way is closed. */
const claim = (machine: Machine, words: readonly string[], env: Environment = {}): ReturnType<Machine['run']> =>
  machine.run(['netdata-claim.sh', `-url=${cloudUrl}`, ...words], { user: 'netdata', env });

interface Kind {
  title: string;
  scheme: string;
  start: (machine: Machine, options: ProxyOptions) => Promise<RealProxy>;
  login?: Login;
  /** user:password@, as written in the setting. */
  written?: string;
  /** What its log says that it was asked for. */
  target: string;
}
const plain = { user: 'cloud.user', password: 'pa-ss.w0rd' };
const odd = { user: 'us@er', password: 'p@ss:w%rd /#1' };
const kinds: Kind[] = [
  { title: 'http', scheme: 'http', start: startTinyproxy, target: byName },
  {
    title: 'http with credentials',
    scheme: 'http',
    start: startTinyproxy,
    login: plain,
    written: 'cloud%2Euser:pa%2Dss.w0rd@',
    target: byName,
  },
  { title: 'socks5', scheme: 'socks5', start: startMicrosocks, target: byAddress },
  { title: 'socks5h', scheme: 'socks5h', start: startMicrosocks, target: byName },
  {
    title: 'socks5 with credentials, percent-encoded',
    scheme: 'socks5',
    start: startMicrosocks,
    login: odd,
    written: 'us%40er:p%40ss%3Aw%25rd%20%2F%231@',
    target: byAddress,
  },
  {
    title: 'socks5h with credentials, an @ and a colon as they are',
    scheme: 'socks5h',
    start: startMicrosocks,
    login: { user: 'user', password: 'p@ss:w0rd' },
    written: 'user:p@ss:w0rd@',
    target: byName,
  },
  { title: 'socks5 (dante)', scheme: 'socks5', start: startDante, target: byAddress },
  { title: 'socks5h (dante)', scheme: 'socks5h', start: startDante, target: byAddress },
  {
    title: "socks5h with the login of one of the proxy's users (dante)",
    scheme: 'socks5h',
    start: startDante,
    login: plain,
    written: 'cloud.user:pa-ss.w0rd@',
    target: byAddress,
  },
];

describeOnMachine('a proxy is the only way out', (world) => {
  test.each(kinds.map((kind) => [kind.title, kind] as const))('%s: set once, for claim and link', async (_, kind) => {
    const { machine, cloud, node } = world;
    const { login, written = '' } = kind;
    await closeTheDirectWay(machine);
    const proxy = await kind.start(machine, login === undefined ? {} : { login });
    try {
      await node.start({ conf: conf(`${kind.scheme}://${written}${proxy.address}`) });
      const masked = `${kind.scheme}://${login === undefined ? '' : '***@'}${proxy.address}`;

      const outcome = await claim(machine, [`-token=${await cloud.token()}`, '-noreload', '-verbose']);
      expect(outcome).toMatchObject(claimed);
      expect(outcome.stderr).toContain(`through the proxy ${masked}`);
      expect(proxy.targets()).toEqual([kind.target]);

      expect(await node.cli('reload-claiming-state')).toMatchObject({ code: 0 });
      expect(await cloud.live(await node.uid())).toMatchObject({ state: 'live' });
      await node.become('TTTT');
      const forLink = proxy.targets().slice(1);
      expect(forLink.length).toBeGreaterThanOrEqual(1);
      expect(new Set(forLink)).toEqual(new Set([kind.target]));
      expect(await directPackets(machine)).toBe(0);

      const state = await node.cli('aclk-state', 'json');
      expect(JSON.parse(state.stdout)).toMatchObject({ online: true, proxy: masked });
      const said = [outcome.stderr, await node.errorLog(), state.stdout, (await node.cli('aclk-state')).stdout].join();
      expect(await node.grep()).toContain(masked);
      if (login !== undefined) {
        for (const secret of [login.user, login.password, ...written.slice(0, -1).split(':')])
          expect(said.includes(secret)).toBe(false);
      }
    } finally {
      await proxy.stop();
    }
  });

  test('without the setting nothing gets out, and the sentence speaks of the proxy setting', async () => {
    const { machine, cloud, node } = world;
    await closeTheDirectWay(machine);
    await node.start();
    const { code, stderr } = await claim(machine, [`-token=${await cloud.token()}`]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/claim failed: .*\[cloud\] proxy.*-proxy=/);
    expect(await node.facts()).toBe('TTFF');
    expect(await directPackets(machine)).toBeGreaterThan(0);
  });

  test('the proxy goes away and comes back: the link follows, and says in between what is wrong', async () => {
    const { machine, cloud, node } = world;
    await closeTheDirectWay(machine);
    const proxy = await startTinyproxy(machine);
    await node.start({ conf: conf(`http://${proxy.address}`) });
    expect(await claim(machine, [`-token=${await cloud.token()}`])).toMatchObject(claimed);
    const uid = await node.uid();
    await cloud.live(uid);
    await proxy.stop();
    await node.become('TTTF');
    await node.logged(new RegExp(`ACLK.*The proxy http://${proxy.address} refused the connection`));
    expect((await cloud.node(uid))?.state).toBe('offline');
    const again = await startTinyproxy(machine, { port: proxy.port });
    await node.become('TTTT');
    await cloud.live(uid);
    expect(await directPackets(machine)).toBe(0);
    await again.stop();
  });
});

describeOnMachine('names that only the proxy knows', (world) => {
  test.each(['http', 'socks5h', 'socks5'] as const)('%s', async (scheme) => {
    const { machine, cloud, node } = world;
    // This node has no name server, and now no name of the Cloud either.
    await machine.must(`cp -n /etc/hosts /tmp/hosts; printf '127.0.0.1 localhost claimed-machine\\n' >/etc/hosts`);
    const hosts = '127.0.0.1 app.netdata.cloud';
    const proxy = await (scheme === 'http' ? startTinyproxy : startMicrosocks)(machine, { hosts });
    try {
      await node.start({ conf: conf(`${scheme}://${proxy.address}`) });
      const outcome = await claim(machine, [`-token=${await cloud.token()}`]);
      if (scheme !== 'socks5') {
        expect(outcome).toMatchObject(claimed);
        await cloud.live(await node.uid());
        expect(new Set(proxy.targets())).toEqual(new Set([byName]));
        return;
      }
      // Here the name is looked up on the node, in both phases.
      expect(outcome.code).toBe(4);
      expect(outcome.stderr).toMatch(/claim failed: The Cloud at app\.netdata\.cloud(:443)? has a name .*socks5h:\/\//);
      expect(await node.facts()).toBe('TTFF');
      expect(await cloud.node(await node.uid())).toBeUndefined();
      const token = `-token=${await cloud.token()}`;
      expect(await claim(machine, [token, `-proxy=socks5h://${proxy.address}`])).toMatchObject(claimed);
      await node.logged(/ACLK.*The Cloud at app\.netdata\.cloud(:443)? has a name .*socks5h:\/\//);
      expect(await node.facts()).toBe('TTTF');
      expect((await cloud.node(await node.uid()))?.state).toBe('unseen');
    } finally {
      await proxy.stop();
      await machine.must('cp /tmp/hosts /etc/hosts');
    }
  });
});
