// The edge cases of a claim: who a node is. The same id from two sides, another id for the same node, an id that the Cloud gave up.

import { afterEach, expect, test } from 'vitest';
import { claimFolder, factsAt, type Facts } from '../harness/namespace-node.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';
import { within } from '../harness/namespace.ts';
import type { Running } from '../harness/programs.ts';

const url = '-url=https://app.netdata.cloud';

interface AdminAuditRow {
  kind: string;
  nodeId: string | null;
  claimId: string | null;
  details: Record<string, unknown>;
}

describeOnMachine('who a node is', (world) => {
  /** A second agent on the same machine, with folders and a port of its own. */
  const second = {
    env: {
      NETDATA_USER_CONFIG_DIR: '/tmp/second/etc',
      NETDATA_LIB_DIR: '/tmp/second/lib',
      NETDATA_LOG_DIR: '/tmp/second/log',
      NETDATA_RUN_DIR: '/tmp/second/run',
    },
    running: undefined as Running | undefined,
    log: async () => (await world.machine.shell('cat /tmp/second/log/error.log')).stdout,
  };
  afterEach(async () => {
    await second.running?.stop();
    second.running = undefined;
    await world.machine.must('rm -rf /tmp/second');
  });

  /** What a copied disk has: configuration, claim and machine GUID; another port, so that both can listen. */
  const copy = async (): Promise<void> => {
    await world.machine.must(
      `mkdir -p /tmp/second/log /tmp/second/run
       cp -a /etc/netdata /tmp/second/etc; cp -a /var/lib/netdata /tmp/second/lib
       printf '[global]\\n  hostname = the-copy\\n[web]\\n  default port = 19998\\n' >/tmp/second/etc/netdata.conf
       chown -R netdata: /tmp/second`,
    );
  };
  const factsOfSecond = (): Promise<Facts> => factsAt(world.machine, 19998);
  const startSecond = async (linked = true): Promise<void> => {
    const service = world.machine.start(['netdata', '-D'], { user: 'netdata', env: second.env });
    second.running = service;
    const isLinked = async (): Promise<true | undefined> =>
      (await factsOfSecond()).endsWith(linked ? 'T' : 'F') ? true : undefined;
    await within('the link of the second agent', isLinked, async () => `${service.stderr()}${await second.log()}`);
  };

  const claimedNode = async (): Promise<string> => {
    const { cloud, node } = world;
    await node.start();
    expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
    const uid = await node.uid();
    await cloud.live(uid);
    await node.become('TTTT');
    return uid;
  };
  const state = async (): Promise<string> =>
    world.machine.must(`cd ${claimFolder} && for file in *; do echo "$file"; cat "$file"; done`);
  /** What the audit has about a node, oldest first. */
  const audited = async ({ nodeId }: { nodeId: string }): Promise<AdminAuditRow[]> =>
    (JSON.parse(await world.cloud.ok('audit', '--json')) as AdminAuditRow[]).filter((row) => row.nodeId === nodeId);

  test('row 23: claimed in another Space, it is refused with the way to a new identity, and nothing changes', async () => {
    const { machine, cloud, node } = world;
    const space = (await cloud.ok('space', 'create', 'Another Space')).trim();
    const uid = await claimedNode();
    const [filesBefore, nodeBefore] = [await state(), await cloud.node(uid)];
    const { code, stdout, stderr } = await node.claim(`-token=${await cloud.token('--space', space)}`, url);
    expect({ code, stdout }).toEqual({ code: 13, stdout: '' });
    expect(stderr).toMatch(/claim.*-id=\$\(uuidgen\)/);
    expect(notFound(stderr)).toEqual([]);
    expect(await state()).toBe(filesBefore);
    expect(await cloud.node(uid)).toEqual(nodeBefore);
    expect(await node.facts()).toBe('TTTT');
    // What the sentence proposes works: a key is known to one Space only.
    expect(stderr).toMatch(/delete private\.pem and public\.pem/);
    await machine.must(`rm ${claimFolder}/private.pem ${claimFolder}/public.pem`);
    const words = [`-token=${await cloud.token('--space', space)}`, url, '-id=5f0c1b9e-2f0d-4a5e-9d7c-0a1b2c3d4e5f'];
    expect(await node.claim(...words)).toMatchObject(claimed);
    await node.become('TTTT');
  });

  test('row 24: the lost key of a node that is not connected is replaced by a claim in the same Space', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedNode();
    const before = await cloud.node(uid);
    await node.stop();
    await machine.must(`rm -rf ${claimFolder}`);
    await within(
      'the old session to end',
      async () => ((await cloud.node(uid))?.state === 'live' ? undefined : true),
      async () => 'still live',
    );
    await node.restart();
    expect(await node.facts()).toBe('TTFF');
    expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
    const after = await cloud.live(uid);
    expect(after.nodeId).toBe(before?.nodeId);
    await node.become('TTTT');
    expect(await node.grep()).toMatch(/claim state read from claim\.d.*claimed[^]*ACLK.*connected/i);
    expect((await cloud.nodes()).filter(({ machineGuid }) => machineGuid === uid)).toHaveLength(1);
    expect((await audited(after)).map(({ kind }) => kind)).toEqual([
      'claim-accepted',
      'claim-accepted',
      'key-replaced',
    ]);
  });

  test('row 24: while the node is connected, another key is refused and nothing changes', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedNode();
    const before = await cloud.node(uid);
    await copy();
    await machine.must('rm -rf /tmp/second/etc/claim.d/*');
    await startSecond(false);
    const words = ['netdata-claim.sh', `-token=${await cloud.token()}`, url];
    const { code, stdout, stderr } = await machine.run(words, { user: 'netdata', env: second.env });
    expect({ code, stdout, stderr }).toEqual({
      code: 13,
      stdout: '',
      stderr: expect.stringMatching(/claimed already/),
    });
    expect(notFound(stderr)).toEqual([]);
    expect((await machine.shell('ls /tmp/second/etc/claim.d/claimed_id')).code).not.toBe(0);
    expect(before?.state).toBe('live');
    expect(await cloud.node(uid)).toEqual(before);
    expect((await audited(before ?? { nodeId: '' })).map(({ kind }) => kind)).toEqual(['claim-accepted']);
    expect(await node.facts()).toBe('TTTT');
  });

  test('row 36: a copied machine is found out; both logs say so, and the Cloud names both', async () => {
    const { cloud, node } = world;
    const uid = await claimedNode();
    await node.stop();
    await copy();
    await node.restart();
    await cloud.live(uid);
    await startSecond();
    await node.logged(/ERROR.*ACLK.*same identity/i);
    // They would take the link from each other for ever, some seconds after each loss; restarts are quicker.
    await node.restart();
    await node.become('TTTT');
    await second.running?.stop();
    await startSecond();
    await node.restart();
    const contested = await within(
      'both names',
      async () => {
        const known = (await cloud.node(uid)) as { contested?: { hosts: { hostname: string }[] } | null } | undefined;
        return known?.contested ?? undefined;
      },
      async () => `${await node.grep()}\n${await second.log()}`,
    );
    expect(contested.hosts.map(({ hostname }) => hostname).toSorted()).toEqual(['claimed-machine', 'the-copy']);
    // Whoever is refused has it in its own log, with both names and when it asks again.
    const refusal = /ERROR.*ACLK.*Several machines.*next attempt in (\d+)/;
    const line = await within(
      'the refusal',
      async () => `${await node.grep()}\n${await second.log()}`.split('\n').find((one) => refusal.test(one)),
      async () => `${await node.grep()}\n${await second.log()}`,
    );
    for (const name of ['claimed-machine (', 'the-copy (']) expect(line).toContain(name);
    expect(Number(refusal.exec(line)?.[1])).toBeGreaterThanOrEqual(59);
    const facts = [await node.facts(), await factsOfSecond()];
    expect(facts.toSorted((a, b) => a.localeCompare(b))).toEqual(['TTTF', 'TTTT']);
    const [only, ...others] = (await cloud.nodes()).filter(({ machineGuid }) => machineGuid === uid);
    expect([only?.state, others]).toEqual(['live', []]);
    expect((await audited(only ?? { nodeId: '' })).at(-1)).toMatchObject({
      kind: 'identity-contested',
      details: { hosts: expect.arrayContaining([expect.stringContaining('the-copy (')]) as unknown },
    });
  });

  test('row 37: claimed under another id while connected, the link follows: one node, held by the new claim', async () => {
    const { cloud, node } = world;
    const before = await cloud.node(await claimedNode());
    const id = '0d6a7c1e-8f53-4f0e-b6de-6f0a3c7f1b2a';
    expect(await node.claim(`-token=${await cloud.token()}`, url, `-id=${id}`, '-rooms=room2')).toMatchObject(claimed);
    const isLive = async () => (await cloud.nodes()).find((one) => one.claimId === id && one.state === 'live');
    const now = await within('the new id live', isLive, node.grep);
    expect(now.rooms).toContain('room2');
    await node.become('TTTT');
    expect(await node.grep()).toMatch(/ACLK.*connected[^]*claim state read[^]* is claimed[^]*ACLK.*connected/);
    // It is one node, which the new claim holds and the old one holds no more.
    expect(now.nodeId).toBe(before?.nodeId);
    expect((await cloud.nodes()).filter(({ machineGuid }) => machineGuid === now.machineGuid)).toHaveLength(1);
    expect((await audited(now)).at(-1)).toMatchObject({
      kind: 'claim-accepted',
      claimId: id,
      details: { retiredClaimId: before?.claimId },
    });
  });

  test('row 38: removed in the Cloud while connected, it says so, stays claimed on its disk, and does not come back', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedNode();
    const { nodeId = '' } = (await cloud.node(uid)) ?? {};
    const client = await cloud.client();
    expect((await client.send('DELETE', `/nodes/${nodeId}`)).status).toBe(204);
    await node.logged(/ERROR.*ACLK.*(no longer|not) claimed/i);
    // It asks once more, and then slowly: only a person can mend it.
    await node.logged(/ERROR.*ACLK.*removed.*next attempt in [3-9]\d\./);
    await node.become('TTTF');
    expect(await machine.must(`cat ${claimFolder}/claimed_id`)).not.toBe('');
    expect(await cloud.node(uid)).toBeUndefined();
    expect((await audited({ nodeId })).at(-1)?.kind).toBe('node-removed');
    // The way back is the claim.
    expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
    await cloud.live(uid);
    await node.become('TTTT');
  });
});
