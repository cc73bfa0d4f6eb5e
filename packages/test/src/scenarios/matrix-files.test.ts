// The edge cases of a claim: what stands on the disk, and who may read and write it.

import { expect, test } from 'vitest';
import { claimFolder } from '../harness/namespace-node.ts';
import { scriptedInside } from '../harness/namespace-scripted.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';

const url = '-url=https://app.netdata.cloud';

describeOnMachine('what stands on the disk', (world) => {
  /** Claims, waits until the node is live, and stops the agent. */
  const claimedAndStopped = async (): Promise<string> => {
    const { cloud, node } = world;
    await node.start();
    expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
    const uid = await node.uid();
    await cloud.live(uid);
    await node.stop();
    return uid;
  };

  test('rows 7 and 8: what cannot be written is said before the Cloud is asked; the agent starts anyway', async () => {
    const { machine, node } = world;
    const counting = await scriptedInside(machine, 8443, [{ status: 204 }]);
    const asService = `exec setpriv --reuid=netdata --regid=netdata --init-groups netdata-claim.sh "$@"`;
    const attempt = (prefix: string) =>
      machine.run(['bash', '-c', prefix, 'bash', '-token=cst_canary', `-url=${counting.url}`]);
    try {
      await node.start();
      await node.stop();
      for (const [name, prepare, as] of [
        ['missing below a folder of root', `rm -rf ${claimFolder}`, asService],
        ['a file', `rm -rf ${claimFolder}; touch ${claimFolder}; chown netdata: ${claimFolder}`, asService],
        ['a file, for root', `rm -rf ${claimFolder}; touch ${claimFolder}`, 'exec netdata-claim.sh "$@"'],
        ['not writable', `rm -rf ${claimFolder}; install -d -m 0550 -o netdata -g netdata ${claimFolder}`, asService],
        [
          'a full disk',
          `rm -rf ${claimFolder}; install -d -m 0770 -o netdata -g netdata ${claimFolder}
           mount -t tmpfs -o size=4k,uid=20101,gid=20101,mode=0770 tmpfs ${claimFolder}
           head -c 4096 /dev/zero >${claimFolder}/ballast`,
          asService,
        ],
      ] as const) {
        await machine.must(prepare);
        const { code, stdout, stderr } = await attempt(as);
        expect({ name, code, stdout }).toEqual({ name, code: 2, stdout: '' });
        expect(stderr).toContain(claimFolder);
        expect(notFound(stderr)).toEqual([]);
        // What is root's is not the agent's to claim with.
        const expected = name.endsWith('for root') ? { code: 6, words: 'with sudo' } : { code: 2, words: claimFolder };
        const codeAtStart = await node.claimAtStart('-token=cst_canary', `-url=${counting.url}`);
        expect({ name, codeAtStart, facts: await node.facts() }).toEqual({
          name,
          codeAtStart: expected.code,
          facts: 'TTFF',
        });
        expect(await node.grep()).toContain(expected.words);
        await node.reinstall();
        await node.start();
        await node.stop();
      }
      expect(counting.cloud.connections).toBe(0);
    } finally {
      await machine.shell(`umount ${claimFolder}`);
      await counting.close();
    }
  });

  test('row 9: a claimed_id that the agent may not read is an error with its path', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedAndStopped();
    await machine.must(`chown root:root ${claimFolder}/claimed_id; chmod 0600 ${claimFolder}/claimed_id`);
    await node.restart();
    expect(await node.facts()).toBe('TTFF');
    expect(await node.logged(/ERROR.*claimed_id/)).toContain(claimFolder);
    expect((await cloud.node(uid))?.state).toBe('offline');
  });

  test('row 10: a private key that may not be read is an error with its path; made readable, it connects', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedAndStopped();
    await machine.must(`chown root:root ${claimFolder}/private.pem`);
    await node.restart();
    expect(await node.facts()).toBe('TTTF');
    expect(await node.logged(/ERROR.*private\.pem/)).toContain(claimFolder);
    expect((await cloud.node(uid))?.state).toBe('offline');
    const lines = (await node.grep()).split('\n').filter((line) => line.includes('private.pem'));
    expect(lines.length).toBeLessThanOrEqual(3);
    await machine.must(`chown netdata:netdata ${claimFolder}/private.pem`);
    expect((await node.cli('reload-claiming-state')).code).toBe(0);
    await node.become('TTTT');
    await cloud.live(uid);
  });

  test('row 11: a corrupt key is an error, and a key of another claim is told by the Cloud', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedAndStopped();
    await machine.must(`cp -a ${claimFolder} /tmp/kept; head -c 200 /tmp/kept/private.pem >${claimFolder}/private.pem`);
    await node.restart();
    expect(await node.facts()).toBe('TTTF');
    await node.logged(/ERROR.*private\.pem/);
    expect((await cloud.node(uid))?.state).toBe('offline');
    await node.stop();
    // A whole pair, but not the one that the Cloud knows.
    await machine.must(
      `openssl genrsa -out ${claimFolder}/private.pem 2048 2>/dev/null
       openssl rsa -in ${claimFolder}/private.pem -pubout -out ${claimFolder}/public.pem 2>/dev/null
       chown netdata: ${claimFolder}/*.pem; chmod 0600 ${claimFolder}/private.pem`,
    );
    await node.restart();
    await node.logged(/ERROR.*ACLK.*key/);
    expect(await node.facts()).toBe('TTTF');
    expect((await cloud.node(uid))?.state).toBe('offline');
    await node.stop();
    await machine.must(`rm -rf ${claimFolder}; mv /tmp/kept ${claimFolder}`);
    await node.restart();
    await cloud.live(uid);
  });

  test('row 12: an empty claimed_id is no claim, a newline is nothing, anything else is an error', async () => {
    const { machine, cloud, node } = world;
    const uid = await claimedAndStopped();
    await machine.must(`cp -a ${claimFolder}/claimed_id /tmp/kept; : >${claimFolder}/claimed_id`);
    await node.restart();
    expect(await node.facts()).toBe('TTFF');
    await node.stop();
    await machine.must(`printf '%s\\r\\n' "$(cat /tmp/kept)" >${claimFolder}/claimed_id`);
    await node.restart();
    await node.become('TTTT');
    await cloud.live(uid);
    await node.stop();
    await machine.must(`echo 'not-an-id' >${claimFolder}/claimed_id`);
    await node.restart();
    expect(await node.facts()).toBe('TTFF');
    expect(await node.logged(/ERROR.*claimed_id/)).toMatch(/UUID/);
    expect((await cloud.node(uid))?.state).toBe('offline');
  });

  test('row 16: a cloud_fullchain.pem that cannot be used is named, by the claim and by the link', async () => {
    const { machine, cloud, node } = world;
    const chain = `${claimFolder}/cloud_fullchain.pem`;
    for (const prepare of [
      `echo 'no certificate' >${chain}`,
      `cp /run/claimstead/shared/ca.pem ${chain}; chown root: ${chain}; chmod 0600 ${chain}`,
    ]) {
      await node.start();
      await machine.must(prepare);
      const words = ['netdata-claim.sh', `-token=${await cloud.token()}`, url];
      const { code, stdout, stderr } = await machine.run(words, { user: 'netdata' });
      expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(chain) });
      expect(notFound(stderr)).toEqual([]);
      expect(await node.facts()).toBe('TTFF');
      const uid = await node.uid();
      expect(await cloud.node(uid)).toBeUndefined();
      await machine.must(`rm ${chain}`);
      expect(await node.claim(...words.slice(1))).toMatchObject(claimed);
      await cloud.live(uid);
      await node.stop();
      await machine.must(prepare);
      await node.restart();
      await node.logged(/ERROR.*cloud_fullchain\.pem/);
      expect(await node.facts()).toBe('TTTF');
      expect((await cloud.node(uid))?.state).toBe('offline');
      await node.reinstall();
    }
  });
});
