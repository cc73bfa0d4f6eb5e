// Fifteen broken ways to a Cloud: `netdata-claim.sh -check` tells each by its own code, takes no use of a token, and says that all is well
// once it is mended.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { farAhead, lastYear, longAgo } from '@claimstead/agent/claim/testing/certificates';
import { doctorTable, type DoctorCode, type DoctorHop } from '@claimstead/wire/doctor/codes';
import { expect, test } from 'vitest';
import { fetchCloud } from '../harness/cloud-client.ts';
import { withVariables, type Machine } from '../harness/namespace.ts';
import { cloudUrl, type CloudInside } from '../harness/namespace-cloud.ts';
import { claimFolder } from '../harness/namespace-node.ts';
import { claimed, describeOnMachine, type MachineWorld } from '../harness/namespace-world.ts';
import { distrustTheCloud, dropsPackets, in1970, losesItsNameServer, standsInFront } from '../harness/network.ts';
import { eventually, freePort, type Finished } from '../harness/programs.ts';
import { startTinyproxy, type ProxyOptions } from '../harness/proxies.ts';

interface Check {
  /** Options beside -check and -url; the last one counts. */
  options?: readonly string[];
  env?: Record<string, string>;
  /** More lines of netdata.conf. */
  conf?: string;
}

interface Trouble {
  title: string;
  code: DoctorCode;
  hop: DoctorHop;
  /** Phases that find it. */
  phases: readonly ('claim' | 'link')[];
  /** Breaks it and answers how it is looked at then, and, from `mend`, afterwards. `token` is a good one. */
  make: (world: MachineWorld, token: string) => Promise<{ broken: Check; mend: () => Promise<Check> }>;
}

const both = ['claim', 'link'] as const;

const throughTinyproxy =
  (options: ProxyOptions, setting: (address: string) => string = (address) => `http://${address}`): Trouble['make'] =>
  async ({ machine }) => {
    const proxy = await startTinyproxy(machine, options);
    return {
      broken: { conf: `[cloud]\n  proxy = ${setting(proxy.address)}\n` },
      async mend() {
        await proxy.stop();
        const again = await startTinyproxy(machine, { port: proxy.port });
        running.push(again);
        return { conf: `[cloud]\n  proxy = http://${proxy.address}\n` };
      },
    };
  };

/** Something that is in between until it is taken away. */
const inBetween =
  (make: (machine: Machine) => Promise<{ stop(): Promise<unknown> }>): Trouble['make'] =>
  async ({ machine }) => {
    const obstacle = await make(machine);
    return { broken: {}, mend: async () => (await obstacle.stop(), {}) };
  };

let running: { stop(): Promise<unknown> }[] = [];

const troubles: Trouble[] = [
  {
    title: 'a proxy that refuses',
    code: 'proxy-refused',
    hop: 'proxy',
    phases: both,
    make: async ({ machine }) => {
      const port = await freePort();
      const conf = `[cloud]\n  proxy = http://127.0.0.1:${port}\n`;
      return { broken: { conf }, mend: async () => (running.push(await startTinyproxy(machine, { port })), { conf }) };
    },
  },
  {
    title: 'a proxy that demands credentials: 407',
    code: 'proxy-auth',
    hop: 'proxy',
    phases: both,
    make: throughTinyproxy({ login: { user: 'u', password: 'p' } }),
  },
  {
    title: 'a proxy that forbids the port: CONNECT 403',
    code: 'proxy-forbids',
    hop: 'proxy',
    phases: both,
    make: throughTinyproxy({ onlyPort: 8443 }),
  },
  {
    title: 'an authority that nobody knows',
    code: 'tls-untrusted',
    hop: 'tls',
    phases: both,
    make: async ({ machine }) => {
      const { remedyFile, stop } = await distrustTheCloud(machine);
      running.push({ stop });
      const remedy = `install -o netdata ${remedyFile} ${claimFolder}/cloud_fullchain.pem`;
      return { broken: {}, mend: async () => (await machine.must(remedy), {}) };
    },
  },
  {
    title: 'a certificate of another host',
    code: 'tls-wrong-host',
    hop: 'tls',
    phases: both,
    make: async ({ machine }) => {
      await machine.must(`echo '127.0.0.1 cloud.example.com' >>/etc/hosts`);
      return { broken: { options: ['-url=https://cloud.example.com'] }, mend: async () => ({}) };
    },
  },
  {
    title: 'an expired certificate',
    code: 'tls-expired',
    hop: 'tls',
    phases: both,
    make: inBetween((machine) =>
      standsInFront(machine, machine.ca.issue('front-old', 'DNS:app.netdata.cloud', longAgo, lastYear)),
    ),
  },
  {
    title: 'a clock that stands in 1970',
    code: 'clock-wrong',
    hop: 'tls',
    phases: both,
    make: async ({ machine }) => ({ broken: { env: await in1970(machine) }, mend: async () => ({}) }),
  },
  {
    title: 'something in front that does not let the upgrade through',
    code: 'websocket-stripped',
    hop: 'websocket',
    phases: ['link'],
    make: inBetween((machine) =>
      standsInFront(machine, machine.ca.issue('front', 'DNS:app.netdata.cloud', longAgo, farAhead)),
    ),
  },
  { title: 'no name server', code: 'dns-down', hop: 'dns', phases: both, make: inBetween(losesItsNameServer) },
  { title: 'packets are dropped', code: 'tcp-timeout', hop: 'tcp', phases: both, make: inBetween(dropsPackets) },
  {
    title: 'an expired token',
    code: 'token-expired',
    hop: 'claim',
    phases: ['claim'],
    make: async ({ cloud }, token) => {
      const { token: bad, tokenId } = await makeToken(cloud, '--expires', '1s');
      await eventually(async () => ((await stateOf(cloud, tokenId)) === 'expired' ? true : undefined));
      return { broken: { options: [`-token=${bad}`] }, mend: async () => ({ options: [`-token=${token}`] }) };
    },
  },
  {
    title: 'a used-up token',
    code: 'token-used-up',
    hop: 'claim',
    phases: ['claim'],
    make: async ({ machine, cloud }, token) => {
      const { token: bad } = await makeToken(cloud, '--uses', '1');
      expect(await claimAnother(machine, bad, randomUUID(), randomUUID())).toBe(204);
      return { broken: { options: [`-token=${bad}`] }, mend: async () => ({ options: [`-token=${token}`] }) };
    },
  },
  {
    title: 'a revoked token',
    code: 'token-revoked',
    hop: 'claim',
    phases: ['claim'],
    make: async ({ cloud }, token) => {
      const { token: bad, tokenId } = await makeToken(cloud);
      await cloud.ok('token', 'revoke', tokenId);
      return { broken: { options: [`-token=${bad}`] }, mend: async () => ({ options: [`-token=${token}`] }) };
    },
  },
  {
    title: 'a room of nobody',
    code: 'room-unknown',
    hop: 'claim',
    phases: ['claim'],
    make: async () => ({
      broken: { options: ['-rooms=room1,no-such-room'] },
      mend: async () => ({ options: ['-rooms=room1,room2'] }),
    }),
  },
  {
    title: 'a node that is claimed in another Space',
    code: 'claimed-elsewhere',
    hop: 'claim',
    phases: ['claim'],
    make: async ({ machine, cloud, node }) => {
      const space = (await cloud.ok('space', 'create', 'Elsewhere')).trim();
      const { token } = await makeToken(cloud, '--space', space);
      const id = await node.uid();
      expect(await claimAnother(machine, token, id, id)).toBe(204);
      return { broken: {}, mend: async () => ({ options: [`-id=${randomUUID()}`] }) };
    },
  },
];

interface Report {
  ok: boolean;
  target: string;
  hops: {
    hop: string;
    phase: string;
    ok: boolean | null;
    ms: number | null;
    code: string | null;
    cause: string | null;
    remedy: string | null;
  }[];
  codes: string[];
}

test('fifteen troubles, fifteen codes', () => {
  expect(new Set(troubles.map(({ code }) => code)).size).toBe(15);
});

describeOnMachine('the doctor', (world) => {
  test.each(troubles.map((trouble) => [trouble.title, trouble] as const))(
    '%s',
    { timeout: 120_000 },
    async (_, trouble) => {
      const { cloud, node } = world;
      await node.start();
      const { token } = await makeToken(cloud, '--uses', '1');
      try {
        const { broken, mend } = await trouble.make(world, token);
        const tokens = await cloud.ok('token', 'list', '--json');
        const nodes = await cloud.nodes();
        const row = doctorTable[trouble.code];

        const answer = await check(world, token, broken, '-json');
        const report = JSON.parse(answer.stdout) as Report;
        expect(report.codes).toEqual([trouble.code]);
        expect({ code: answer.code, ok: report.ok }).toEqual({ code: row.exitCode, ok: false });
        const found = report.hops.filter(({ ok }) => ok === false);
        expect(found.map(({ hop, phase, code }) => ({ hop, phase, code }))).toEqual(
          trouble.phases.map((phase) => ({ hop: trouble.hop, phase, code: trouble.code })),
        );
        for (const { cause, remedy } of found) {
          expect(cause).toMatch(/\S{3}/);
          expect(remedy).toMatch(/\S{3}/);
        }
        for (const { ok, code } of report.hops) if (ok === true) expect(code).toBeNull();

        const text = await check(world, token, broken);
        expect(text.code).toBe(row.exitCode);
        expect(text.stdout).toContain(`[${trouble.code}]`);
        expect(text.stdout).toMatch(/would fail/);
        expect(text.stdout).toMatch(/^ {2}Remedy: \S/m);
        // For a file as for a person.
        expect(text.stdout).not.toContain('\u001b');

        const after = await mend();
        const well = await check(world, token, after, '-json');
        expect(JSON.parse(well.stdout)).toMatchObject({ ok: true, codes: [] });
        expect(well.code).toBe(0);

        // Nothing was taken, nothing was made, nothing was told.
        expect(await cloud.ok('token', 'list', '--json')).toBe(tokens);
        expect(await cloud.nodes()).toEqual(nodes);
        expect(await node.facts()).toBe('TTFF');
        for (const { stdout, stderr } of [answer, text, well]) {
          expect(`${stdout}${stderr}`).not.toContain(token);
          expect(`${stdout}${stderr}`).not.toMatch(/cst_\w|PRIVATE KEY/);
        }
      } finally {
        for (const one of running) await one.stop();
        running = [];
      }
    },
  );

  test('what the doctor found well is well: the claim that follows it passes with the same words', async () => {
    const { cloud, node } = world;
    await node.start();
    const { token, tokenId } = await makeToken(cloud, '--uses', '1');
    expect((await check(world, token, {}, '-json')).code).toBe(0);
    expect(await node.claim(`-token=${token}`, `-url=${cloudUrl}`)).toMatchObject(claimed);
    await cloud.live(await node.uid());
    // A claimed node is looked at without a token, and its link stays up meanwhile.
    const again = await check(world, undefined, {}, '-json');
    expect(again.code).toBe(0);
    const hops = (JSON.parse(again.stdout) as Report).hops.filter(({ phase, ok }) => phase === 'link' && ok === true);
    expect(hops.map(({ hop }) => hop)).toEqual(expect.arrayContaining(['challenge', 'password', 'websocket']));
    expect(await node.facts()).toBe('TTTT');
    expect(await stateOf(cloud, tokenId)).toBe('used-up');
    // Yet its own claim is repeated by that token, as a claim would be.
    expect(JSON.parse((await check(world, token, {}, '-json')).stdout)).toMatchObject({ ok: true, codes: [] });
  });
});

/** As the service user; the service itself is started anew when it has other settings. */
async function check(
  { machine }: MachineWorld,
  token: string | undefined,
  { options = [], env = {}, conf = '' }: Check,
  ...more: string[]
): Promise<Finished> {
  await machine.must('cat >/etc/netdata/netdata.conf', { input: conf });
  const given = token === undefined ? [] : [`-token=${token}`];
  const words = ['netdata-claim.sh', '-check', ...more, ...given, `-url=${cloudUrl}`, ...options];
  return machine.run([...withVariables(env), ...words], { user: 'netdata' });
}

const makeToken = async (cloud: CloudInside, ...words: string[]): Promise<{ token: string; tokenId: string }> =>
  JSON.parse(await cloud.ok('token', '--json', ...words)) as { token: string; tokenId: string };

async function stateOf(cloud: CloudInside, tokenId: string): Promise<string | undefined> {
  const tokens = JSON.parse(await cloud.ok('token', 'list', '--json')) as { tokenId: string; state: string }[];
  return tokens.find((token) => token.tokenId === tokenId)?.state;
}

/** Another machine's claim; answers its status. */
async function claimAnother(machine: Machine, token: string, claimId: string, machineGuid: string): Promise<number> {
  const reach = await machine.reach(443);
  try {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const body = {
      node: { id: claimId, hostname: 'another' },
      token,
      rooms: [],
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
      mGUID: machineGuid,
    };
    const target = { url: `https://localhost:${reach.port}`, caPem: machine.ca.ca };
    const path = `/api/v1/spaces/nodes/${claimId}`;
    return (await fetchCloud(target, 'PUT', path, { body: JSON.stringify(body) })).status;
  } finally {
    await reach.close();
  }
}
