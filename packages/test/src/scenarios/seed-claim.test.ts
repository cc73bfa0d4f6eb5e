// What the documentation of claiming tells people to type, typed on a machine where Netdata is installed: each block does what it promises.

import { expect, test } from 'vitest';
import { claimFolder } from '../harness/namespace-node.ts';
import { claimed, describeOnMachine, success } from '../harness/namespace-world.ts';
import {
  asServiceUser,
  besideRunningAgent,
  fillIn,
  filterOfDockerLogs,
  reload,
  trailingCommandOfDockerRun,
  withDefaults,
  withSudo,
} from './seed/commands.ts';

describeOnMachine('claiming as documented', (world) => {
  /** The promise of every way to claim: live within a minute, in both rooms, and the files belong to the service user. */
  const expectClaimed = async (uid: string): Promise<void> => {
    const { machine, cloud, node } = world;
    const { rooms, hostname } = await cloud.live(uid);
    expect({ rooms: rooms.toSorted(), hostname }).toEqual({
      rooms: ['All nodes', 'room1', 'room2'],
      hostname: 'claimed-machine',
    });
    expect(await node.facts()).toBe('TTTT');
    const owners = await machine.must(`stat -c '%U:%G' ${claimFolder} ${claimFolder}/*`);
    expect(new Set(owners.trim().split('\n'))).toEqual(new Set(['netdata:netdata']));
    expect(await machine.must(`stat -c %a ${claimFolder}/private.pem`)).toBe('600\n');
  };

  test('in a shell of the service user, opened with sudo on a terminal', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    const block = fillIn(asServiceUser, { token: await cloud.token() });
    const { code, stdout } = await machine.shell(block, { user: 'ada', terminal: true });
    expect(stdout.split(/\r?\n/)).toContain(success);
    expect(code).toBe(0);
    await expectClaimed(await node.uid());
  }, 60_000);

  test('with sudo', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    const { code, stdout } = await machine.shell(fillIn(withSudo, { token: await cloud.token() }), { user: 'ada' });
    expect({ code, stdout }).toEqual(claimed);
    await expectClaimed(await node.uid());
  }, 60_000);

  test('with what stands behind the image in docker run, and its log is found', async () => {
    const { machine, cloud, node } = world;
    const block = fillIn(trailingCommandOfDockerRun, { token: await cloud.token() });
    const daemon = machine.start(['bash', '-c', `exec ${block}`], { user: 'netdata' });
    try {
      await node.become('TTTT');
      await expectClaimed(await node.uid());
      const found = await machine.must(filterOfDockerLogs, { input: await node.errorLog() });
      expect(found).toContain(success);
      expect(found).toMatch(/ACLK.*connected/i);
      expect(daemon.child.exitCode).toBeNull();
    } finally {
      // In a container this is process 1, and this is how it is ended.
      expect((await daemon.stop()).code).toBe(0);
    }
  }, 60_000);

  test('with a token and rooms alone: every other option has its default', async () => {
    const { machine, cloud, node } = world;
    await node.start();
    const block = fillIn(withDefaults, { token: await cloud.token() });
    const { code, stdout } = await machine.shell(block, { user: 'netdata' });
    expect({ code, stdout }).toEqual(claimed);
    await expectClaimed(await node.uid());
    expect(await machine.must(`cat ${claimFolder}/cloud.conf`)).toMatch(/= https:\/\/netdata\.cloud\/?$/m);
    // Telling the agent once more by hand is harmless.
    expect((await machine.shell(reload, { user: 'netdata' })).code).toBe(0);
    await expectClaimed(await node.uid());
  }, 60_000);

  test('with the daemon’s own command line, beside the agent that runs', async () => {
    const { machine, cloud, node } = world;
    const service = await node.start();
    const block = fillIn(besideRunningAgent, { token: await cloud.token() });
    const { code, stdout } = await machine.shell(block, { user: 'netdata' });
    expect({ code, stdout }).toEqual(claimed);
    await expectClaimed(await node.uid());
    expect(service.child.exitCode).toBeNull();
  }, 60_000);
});
