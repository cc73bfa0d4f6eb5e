// Everything that goes wrong between a node and the Cloud when a proxy is in between: the claim says it, the link says it with the same
// words, nothing is stored anywhere, and nothing goes past the proxy.

import { createServer, type AddressInfo, type Socket } from 'node:net';
import { startHttpProxy, startSocksProxy } from '@claimstead/agent/claim/testing/proxies';
import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import { afterEach, expect, test } from 'vitest';
import type { Machine } from '../harness/namespace.ts';
import { distrustTheCloud } from '../harness/network.ts';
import { cloudUrl } from '../harness/namespace-cloud.ts';
import { claimFolder } from '../harness/namespace-node.ts';
import { claimed, describeOnMachine, type MachineWorld } from '../harness/namespace-world.ts';
import { eventually, freePort } from '../harness/programs.ts';
import { startDante, startMicrosocks, startTinyproxy, type RealProxy } from '../harness/proxies.ts';

interface Failure {
  title: string;
  code: DoctorCode;
  /** The setting, once everything that it needs runs. */
  make: (machine: Machine) => Promise<string>;
  /** What claim and link say; the proxy is named without credentials. */
  words: RegExp;
}

let running: { stop(): Promise<unknown> }[] = [];
const keep = async (proxy: Promise<RealProxy>): Promise<RealProxy> => {
  const started = await proxy;
  running.push(started);
  return started;
};
/** A server of this process, as seen inside. */
const bridged = async (
  machine: Machine,
  server: Promise<{ port: number; close(): Promise<void> }>,
): Promise<string> => {
  const { port, close } = await server;
  const bridge = await machine.offer(port, port);
  running.push({ stop: () => Promise.all([bridge.close(), close()]) });
  return `127.0.0.1:${port}`;
};
/** Says `text` to whoever comes and hangs up; undefined: says nothing and stays. */
const talker = async (text: string | undefined): Promise<{ port: number; close(): Promise<void> }> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (text === undefined) socket.resume();
    else socket.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
};

const login = { user: 'canary-user', password: 'canary-password' };
const wrong = 'canary-user:canary-passw0rd@';
const cannotReach = /proxy http:\/\/\S+ cannot reach app\.netdata\.cloud \(status 50\d\)/;

const failures: Failure[] = [
  {
    title: 'the name of the proxy is unknown',
    code: 'proxy-dns',
    make: async () => `http://${wrong}no-such-proxy.example:3128`,
    words: /proxy http:\/\/\*\*\*@no-such-proxy\.example:3128 has a name that is unknown/,
  },
  {
    title: 'the proxy refuses the connection',
    code: 'proxy-refused',
    make: async () => `socks5h://${wrong}127.0.0.1:${await freePort()}`,
    words: /proxy socks5h:\/\/\*\*\*@127\.0\.0\.1:\d+ refused the connection/,
  },
  {
    title: 'wrong credentials for tinyproxy',
    code: 'proxy-auth',
    make: async (machine) => `http://${wrong}${(await keep(startTinyproxy(machine, { login }))).address}`,
    words: /proxy http:\/\/\*\*\*@\S+ demands other credentials \(status 401\)/,
  },
  {
    title: 'no credentials for tinyproxy: 407',
    code: 'proxy-auth',
    make: async (machine) => `http://${(await keep(startTinyproxy(machine, { login }))).address}`,
    words: /proxy http:\/\/127\.0\.0\.1:\d+ demands credentials, .*\(status 407\)/,
  },
  {
    title: 'wrong credentials for microsocks',
    code: 'proxy-auth',
    make: async (machine) => `socks5h://${wrong}${(await keep(startMicrosocks(machine, { login }))).address}`,
    words: /proxy socks5h:\/\/\*\*\*@\S+ demands other credentials/,
  },
  {
    title: 'wrong credentials for dante',
    code: 'proxy-auth',
    make: async (machine) => `socks5://${wrong}${(await keep(startDante(machine, { login }))).address}`,
    words: /proxy socks5:\/\/\*\*\*@\S+ demands other credentials/,
  },
  {
    title: 'no credentials for dante',
    code: 'proxy-auth',
    make: async (machine) => `socks5://${(await keep(startDante(machine, { login }))).address}`,
    words: /proxy socks5:\/\/127\.0\.0\.1:\d+ demands credentials/,
  },
  {
    title: 'tinyproxy allows another port only: 403',
    code: 'proxy-forbids',
    make: async (machine) => `http://${(await keep(startTinyproxy(machine, { onlyPort: 8443 }))).address}`,
    words: /proxy http:\/\/\S+ refuses connections to app\.netdata\.cloud \(status 403\); .*443/,
  },
  {
    title: 'dante allows another port only: reply 2',
    code: 'proxy-forbids',
    make: async (machine) => `socks5h://${(await keep(startDante(machine, { onlyPort: 8443 }))).address}`,
    words: /proxy socks5h:\/\/\S+ refuses connections to app\.netdata\.cloud/,
  },
  {
    title: 'tinyproxy does not know the name of the Cloud',
    code: 'proxy-cannot-reach',
    make: async (machine) =>
      `http://${(await keep(startTinyproxy(machine, { hosts: '127.0.0.1 localhost' }))).address}`,
    words: cannotReach,
  },
  {
    title: 'dante does not know the name of the Cloud: reply 4',
    code: 'proxy-cannot-reach',
    make: async (machine) => `socks5h://${(await keep(startDante(machine, { hosts: '127.0.0.1 localhost' }))).address}`,
    words: /proxy socks5h:\/\/\S+ cannot reach app\.netdata\.cloud/,
  },
  {
    title: 'microsocks finds nobody listening: reply 5',
    code: 'proxy-cannot-reach',
    make: async (machine) =>
      `socks5h://${(await keep(startMicrosocks(machine, { hosts: '127.0.0.9 app.netdata.cloud' }))).address}`,
    words: /proxy socks5h:\/\/\S+ cannot reach app\.netdata\.cloud/,
  },
  ...['502 Bad Gateway', '503 Service Unavailable', '504 Gateway Timeout'].map((answer): Failure => ({
    title: `a proxy that answers ${answer}`,
    code: 'proxy-cannot-reach',
    make: async (machine) => `http://${await bridged(machine, startHttpProxy(answer))}`,
    words: cannotReach,
  })),
  {
    title: 'a proxy without a network: reply 3',
    code: 'proxy-cannot-reach',
    make: async (machine) => `socks5://${await bridged(machine, startSocksProxy(3, undefined))}`,
    words: /proxy socks5:\/\/\S+ cannot reach app\.netdata\.cloud/,
  },
  {
    title: 'what is taken for an HTTP proxy is a mail server',
    code: 'proxy-not-one',
    make: async (machine) => `http://${await bridged(machine, talker('220 mail.example ESMTP\r\n'))}`,
    words: /proxy http:\/\/\S+ does not answer like a proxy/,
  },
  {
    title: 'what is taken for a SOCKS proxy is a web server',
    code: 'proxy-not-one',
    make: async (machine) => `socks5h://${await bridged(machine, talker('HTTP/1.1 400 Bad Request\r\n\r\n'))}`,
    words: /proxy socks5h:\/\/\S+ (does not answer like a proxy|hung up)/,
  },
  {
    title: 'what is taken for an HTTP proxy is a SOCKS proxy',
    code: 'proxy-not-one',
    make: async (machine) => `http://${(await keep(startMicrosocks(machine))).address}`,
    words: /proxy http:\/\/\S+ (does not answer like a proxy|hung up)/,
  },
  {
    title: 'TLS fails after the tunnel is up',
    code: 'tls-untrusted',
    make: async (machine) => {
      running.push(await distrustTheCloud(machine));
      return `http://${(await keep(startTinyproxy(machine))).address}`;
    },
    words:
      /certificate of app\.netdata\.cloud\S* is signed by .*through the proxy http:\/\/\S+\); .*cloud_fullchain\.pem/,
  },
];

describeOnMachine('a proxy is in between, and something fails', (world) => {
  afterEach(async () => {
    for (const one of running) await one.stop();
    running = [];
    await world.machine.must('iptables -F OUTPUT');
  });

  test.each(failures.map((failure) => [failure.title, failure] as const))('%s', async (_, failure) => {
    await namesInFilesOnly(world.machine);
    expect(await failsWith(world, failure)).toBe(0);
  });

  test('the proxy takes everything and never answers', { timeout: 240_000 }, async () => {
    const silent: Failure = {
      title: '',
      code: 'proxy-timeout',
      make: async (machine) => `http://${wrong}${await bridged(machine, talker(undefined))}`,
      words: /proxy http:\/\/\*\*\*@127\.0\.0\.1:\d+ did not answer (in time|within)/,
    };
    expect(await failsWith(world, silent)).toBe(0);
  });

  test('packets to the proxy are dropped', { timeout: 240_000 }, async () => {
    const dropped: Failure = {
      title: '',
      code: 'proxy-timeout',
      make: async (machine) => {
        await machine.must('iptables -A OUTPUT -p tcp --dport 3128 -j DROP');
        return `socks5h://${wrong}127.0.0.1:3128`;
      },
      words: /proxy socks5h:\/\/\*\*\*@127\.0\.0\.1:3128 did not answer (in time|within)/,
    };
    expect(await failsWith(world, dropped)).toBe(0);
  });
});

/** Without this an unknown name is a name server that does not answer, for there is none. */
const namesInFilesOnly = (machine: Machine): Promise<string> =>
  machine.must("sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf");

/** Answers how many packets of the agent's user went past the proxy. */
async function failsWith({ machine, cloud, node }: MachineWorld, { make, words, code }: Failure): Promise<number> {
  const before = await cloud.nodes();
  // A claimed node, whose way is then changed.
  await node.start();
  expect(await node.claim(`-token=${await cloud.token()}`, `-url=${cloudUrl}`)).toMatchObject(claimed);
  const uid = await node.uid();
  await cloud.live(uid);
  const setting = await make(machine);
  await node.stop();
  await machine.must(`iptables -A OUTPUT -p tcp --dport 443 -m owner --uid-owner netdata`);
  await node.start({ conf: `[cloud]\n  proxy = ${setting}\n` });
  const line = await node.logged(new RegExp(`ACLK.*${words.source}`));
  expect(line).toMatch(/ERROR : ACLK/);
  // What a person changed between claim and link is told, too.
  expect(line).toMatch(/[^.]; the claim went through another proxy \(none\).*make them the same; next attempt in \d/);
  await node.become('TTTF');
  expect((await cloud.node(uid))?.state).toBe('offline');
  // An attempt may be under way again, which has no next one yet; what is told between two of them is looked at.
  const { state, link } = await eventually(async () => {
    const asked = await node.cli('aclk-state', 'json');
    const told = JSON.parse(asked.stdout) as Record<string, unknown>;
    expect(told).toMatchObject({ online: false, 'last-error-code': code });
    expect(told['last-error']).toMatch(words);
    return told['next-retry-in-s'] === null ? undefined : { state: asked, link: told };
  });
  expect(link['next-retry-in-s']).toEqual(expect.any(Number));
  const logOfLink = await node.errorLog();

  // A node that is to be claimed that way.
  await node.stop();
  await machine.must(`find ${claimFolder} -type f ! -name cloud_fullchain.pem -delete`);
  await node.start();
  const token = await cloud.token();
  const command = ['netdata-claim.sh', `-token=${token}`, `-url=${cloudUrl}`, `-proxy=${setting}`];
  const outcome = await machine.run(command, { user: 'netdata' });
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code: 4, stdout: '' });
  expect(outcome.stderr).toMatch(new RegExp(`^claim failed: .*${words.source}`, 'm'));
  expect(await node.facts()).toBe('TTFF');
  const after = (await cloud.nodes()).filter(({ machineGuid }) => machineGuid !== uid);
  expect(after).toEqual(before.filter(({ machineGuid }) => machineGuid !== uid));
  for (const said of [outcome.stderr, state.stdout, logOfLink, await node.errorLog()]) {
    expect(said).not.toMatch(/canary-/);
    expect(said).not.toContain(token);
  }
  return Number(await machine.must("iptables -nvxL OUTPUT | awk '/owner UID match/ { print $1 }'"));
}
