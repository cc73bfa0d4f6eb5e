// Where the setting of a proxy comes from, and what becomes of one that cannot be understood: nothing is dialled then.

import { afterEach, expect, test } from 'vitest';
import { cloudUrl } from '../harness/namespace-cloud.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';
import type { Environment } from '../harness/programs.ts';
import { startMicrosocks, startTinyproxy, type RealProxy } from '../harness/proxies.ts';

const dead = 'http://127.0.0.1:9';
const login = { user: 'canary-user', password: 'canary-password' };
/** What other programs listen to; here it has no say. */
const foreign = {
  https_proxy: dead,
  HTTPS_PROXY: dead,
  HTTP_PROXY: dead,
  SOCKS_PROXY: dead,
  ALL_PROXY: dead,
  all_proxy: dead,
};
const byName = 'app.netdata.cloud:443';

describeOnMachine('the setting of a proxy', (world) => {
  let running: RealProxy[] = [];
  afterEach(async () => {
    for (const proxy of running) await proxy.stop();
    running = [];
  });
  const keep = async (proxy: Promise<RealProxy>): Promise<RealProxy> => {
    const started = await proxy;
    running.push(started);
    return started;
  };
  const claim = async (env: Environment, ...words: string[]) => {
    const token = `-token=${await world.cloud.token()}`;
    const command = ['netdata-claim.sh', token, `-url=${cloudUrl}`, ...words];
    return world.machine.run(command, { user: 'netdata', env });
  };

  test.each(['socks_proxy', 'http_proxy', 'both', 'neither'] as const)(
    'env, and set is: %s; it is said which variable counts, and others are not looked at',
    async (which) => {
      const { machine, cloud, node } = world;
      const socks = await keep(startMicrosocks(machine));
      const http = await keep(startTinyproxy(machine));
      const env: Environment = {
        ...foreign,
        ...(which === 'socks_proxy' || which === 'both' ? { socks_proxy: `socks5h://${socks.address}` } : {}),
        ...(which === 'http_proxy' || which === 'both' ? { http_proxy: `http://${http.address}` } : {}),
      };
      await node.start({ conf: '[cloud]\n  proxy = env\n', env });
      const outcome = await claim(env);
      expect(outcome).toMatchObject(claimed);
      await cloud.live(await node.uid());
      const used = { socks: new Set(socks.targets()), http: new Set(http.targets()) };
      const [onlySocks, onlyHttp] = [
        { socks: new Set([byName]), http: new Set() },
        { socks: new Set(), http: new Set([byName]) },
      ];
      const none = { socks: new Set(), http: new Set() };
      expect(used).toEqual({ socks_proxy: onlySocks, both: onlySocks, http_proxy: onlyHttp, neither: none }[which]);
      if (which === 'neither') return;
      const variable = which === 'http_proxy' ? 'http_proxy' : 'socks_proxy';
      expect(outcome.stderr).toMatch(new RegExp(`claim: through the proxy .*\\(environment variable ${variable}\\)`));
      await node.logged(new RegExp(`environment variable ${variable}`));
    },
  );

  test('-proxy= takes every form; that the agent itself goes another way is said, and is no failure', async () => {
    const { machine, cloud, node } = world;
    const http = await keep(startTinyproxy(machine, { login }));
    const socks = await keep(startMicrosocks(machine));
    await node.start();
    const credentials = `${login.user}:${login.password}@`;
    const env = { ...foreign, socks_proxy: `socks5://${socks.address}` };
    for (const [setting, masked] of [
      [`http://${credentials}${http.address}`, `http://***@${http.address}`],
      [`socks5://${socks.address}`, `socks5://${socks.address}`],
      [`socks5h://${socks.address}`, `socks5h://${socks.address}`],
      ['env', `socks5://${socks.address}`],
    ] as const) {
      const outcome = await claim(env, `-proxy=${setting}`);
      expect(outcome).toMatchObject(claimed);
      expect(outcome.stderr).toContain(`claim: through the proxy ${masked}`);
      expect(outcome.stderr).toMatch(
        /claim: the agent itself will connect with none \(\[cloud\] proxy.*make them the same/,
      );
      expect(outcome.stderr).not.toContain('canary-');
    }
    expect(http.targets()).toEqual([byName]);
    for (const [words, title] of [
      [['-proxy=none'], 'none'],
      [['-noproxy'], 'none'],
      [[`-proxy=${dead}`, '-proxy=none'], 'the last one counts'],
    ] as const) {
      const outcome = await claim(env, ...words);
      expect({ title, ...outcome }).toMatchObject({
        title,
        ...claimed,
        stderr: expect.stringMatching(/^claim: words of this node's key: [a-z ]+\n$/) as unknown,
      });
    }
    await cloud.live(await node.uid());
    expect(await node.errorLog()).not.toContain('canary-');
  });

  test('none beats the environment, and the setting is read again at a reload', async () => {
    const { machine, cloud, node } = world;
    const env = { ...foreign, http_proxy: dead, socks_proxy: 'socks5://127.0.0.1:9' };
    await node.start({ conf: '[cloud]\n  proxy = none\n', env });
    expect(await claim(env)).toMatchObject(claimed);
    await cloud.live(await node.uid());
    const http = await keep(startTinyproxy(machine));
    await machine.must('cat >/etc/netdata/netdata.conf', { input: `[cloud]\n  proxy = http://${http.address}\n` });
    await node.cli('reload-claiming-state');
    await node.logged(new RegExp(`connected to the Cloud at ${cloudUrl} \\(proxy: http://${http.address}\\)`));
    await node.become('TTTT');
    expect(new Set(http.targets())).toEqual(new Set([byName]));
  });

  const malformed: [string, RegExp][] = [
    ['http://canary-user:canary-password@proxy.example', /does not name host:port/],
    ['socks4://canary-user@127.0.0.1:1080', /none of the forms/],
    ['canary-user:canary-password@127.0.0.1:3128', /none of the forms/],
    ['SOCKS5://127.0.0.1:1080', /none of the forms/],
    ['https://canary-user:canary-password@127.0.0.1:3128', /TLS to the proxy/],
    ['http://127.0.0.1:99999', /port/],
    ['"http://127.0.0.1:3128"', /quotes/],
    ['http://u:canary-%zz@127.0.0.1:3128', /%-sequence/],
    ['proxy', /none of the forms/],
  ];

  test.each(malformed)(
    'row 20: %s is refused by the claim, and the link stays down instead of going direct',
    async (setting, why) => {
      const { machine, cloud, node } = world;
      await node.start();
      const refused = await claim({}, `-proxy=${setting}`);
      expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^claim failed: The cloud proxy ".*" \(-proxy\) .*; write none, env, socks5:/);
      expect(refused.stderr).toMatch(why);
      expect(notFound(refused.stderr)).toEqual([]);
      expect(await node.facts()).toBe('TTFF');
      expect(await cloud.node(await node.uid())).toBeUndefined();

      expect(await claim({})).toMatchObject(claimed);
      const uid = await node.uid();
      await cloud.live(uid);
      await node.stop();
      await machine.must('iptables -F OUTPUT; iptables -A OUTPUT -p tcp -m owner --uid-owner netdata --dport 443');
      await node.start({ conf: `[cloud]\n  proxy = ${setting}\n` });
      const line = await node.logged(/The cloud proxy ".*" \(\[cloud\] proxy\)/);
      expect(line).toMatch(/ERROR/);
      expect(line).toMatch(why);
      expect(await node.facts()).toBe('TTTF');
      expect((await cloud.node(uid))?.state).toBe('offline');
      expect(await machine.must("iptables -nvxL OUTPUT | awk '/owner UID match/ { print $1 }'")).toBe('0\n');
      for (const said of [refused.stderr, await node.errorLog(), (await node.cli('aclk-state')).stdout]) {
        expect(said).not.toContain('canary-');
      }
    },
  );
});
