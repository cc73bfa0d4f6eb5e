// The edge cases of a claim: who runs it, whether the agent runs, and whether it may have a Cloud at all.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { claimFolder, installationFile } from '../harness/namespace-node.ts';
import { scriptedInside } from '../harness/namespace-scripted.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';
import { eventually } from '../harness/programs.ts';

const url = '-url=https://app.netdata.cloud';

describeOnMachine('who claims, and what is installed', (world) => {
  test('row 6: another user is refused before anything is touched, and told who may', async () => {
    const { machine, node } = world;
    const counting = await scriptedInside(machine, 8443, [{ status: 204 }]);
    try {
      await node.start();
      for (const user of ['nobody', 'ada'] as const) {
        const words = ['netdata-claim.sh', '-token=cst_canary', `-url=${counting.url}`];
        const { code, stdout, stderr } = await machine.run(words, { user });
        expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
        expect(stderr).toMatch(/\bnetdata\b/);
        expect(stderr).toMatch(/sudo/);
        expect(stderr).toContain(user);
        expect(notFound(stderr)).toEqual([]);
      }
      expect(await machine.must(`ls -A ${claimFolder}`)).toBe('');
      expect(counting.cloud.connections).toBe(0);
      expect(await node.facts()).toBe('TTFF');
    } finally {
      await counting.close();
    }
  });

  test('row 6: the service user of netdata.conf counts, a commented line does not', async () => {
    const { machine, cloud, node } = world;
    await node.start({ conf: '[global]\n  # run as user = nobody\n' });
    expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
    await node.stop();
    await machine.must('printf "[global]\\n  run as user = ada\\n" >/etc/netdata/netdata.conf');
    const refused = await machine.run(['netdata-claim.sh', `-token=${await cloud.token()}`, url], { user: 'netdata' });
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 6,
      stderr: expect.stringMatching(/\bada\b/),
    });
  });

  test('row 28: the agent does not run; the claim is kept and counts at the next start', async () => {
    const { cloud, node } = world;
    await node.start();
    const uid = await node.uid();
    await node.stop();
    const { code, stdout, stderr } = await node.claim(`-token=${await cloud.token()}`, url);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(/claim.*(start|reload-claiming-state)/);
    expect(notFound(stderr)).toEqual([]);
    expect((await cloud.node(uid))?.state).toBe('unseen');
    expect(await node.facts()).toBe('none');
    // Told so beforehand, it is what was expected.
    expect(await node.claim(`-token=${await cloud.token()}`, url, '-daemon-not-running')).toMatchObject(claimed);
    await node.restart();
    await cloud.live(uid);
    await node.become('TTTT');
    expect(await node.grep()).toMatch(/claim state read from claim\.d.* is claimed[^]*ACLK.*connected/);
  });

  test('row 29: switched off, it refuses with the setting that would change it', async () => {
    const { cloud, node } = world;
    await node.start({ conf: '[global]\n  netdata cloud = disable\n' });
    expect(await node.facts()).toBe('FTFF');
    const refused = await node.claim(`-token=${await cloud.token()}`, url);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 3, stdout: '' });
    for (const { stderr, code } of [refused, await node.cli('reload-claiming-state')]) {
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/netdata cloud/);
      expect(stderr).toMatch(/\[global\]|section \[global\]/);
    }
    expect(notFound(refused.stderr)).toEqual([]);
    expect(await node.grep()).toMatch(/cloud.*\[global\].*netdata cloud|netdata cloud.*\[global\]/);
    expect(await node.facts()).toBe('FTFF');
    expect(await cloud.node(await node.uid())).toBeUndefined();
  });

  test.each([
    ['31', 'installed without a Cloud part', '[cloud]\n  disabled = yes\n', 'FFFF', /--disable-cloud/],
    ['32', 'a part could not be built', '[cloud]\n  missing = libmosquitto\n', 'TFFF', /libmosquitto/],
  ])('row %s: %s; a claim is refused with that reason', async (_, __, installation, facts, reason) => {
    const { machine, cloud, node } = world;
    await machine.must(`cat >${installationFile}`, { input: installation });
    await node.start();
    expect(await node.facts()).toBe(facts);
    expect((await node.grep()).split('\n').find((line) => line.includes('ACLK'))).toMatch(reason);
    const { code, stdout, stderr } = await node.claim(`-token=${await cloud.token()}`, url);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/claim.*install/);
    expect(stderr).toMatch(reason);
    expect(notFound(stderr)).toEqual([]);
    expect(await node.facts()).toBe(facts);
    expect(await cloud.node(await node.uid())).toBeUndefined();
  });

  test('row 33: the agent never ran, so there is no id and no request', async () => {
    const { machine, node } = world;
    const counting = await scriptedInside(machine, 8443, [{ status: 204 }]);
    try {
      const { code, stdout, stderr } = await node.claim('-token=cst_canary', `-url=${counting.url}`);
      expect({ code, stdout }).toEqual({ code: 18, stdout: '' });
      expect(stderr).toMatch(/claim.*start the agent once/);
      expect(notFound(stderr)).toEqual([]);
      expect((await machine.shell(`ls ${claimFolder}/*`)).code).not.toBe(0);
      expect(counting.cloud.connections).toBe(0);
    } finally {
      await counting.close();
    }
  });

  test('row 34: of two claims at once one waits or says that the other is in progress; there is one node', async () => {
    const { cloud, node } = world;
    await node.start();
    const token = await cloud.token();
    const both = await Promise.all([1, 2, 3].map(() => node.claim(`-token=${token}`, url)));
    const codes = both.map(({ code }) => code);
    expect(codes).toContain(0);
    expect(both.filter(({ code }) => code !== 0 && code !== 14)).toEqual([]);
    for (const { stderr } of both.filter(({ code }) => code === 14)) expect(stderr).toMatch(/claim.*in progress/);
    const uid = await node.uid();
    await cloud.live(uid);
    await node.become('TTTT');
    expect((await cloud.nodes()).filter(({ machineGuid }) => machineGuid === uid)).toHaveLength(1);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'row 35: %s in the middle leaves no token behind, and the next claim succeeds',
    async (signal) => {
      const { machine, cloud, node } = world;
      const silent = await scriptedInside(machine, 8443, ['hang']);
      try {
        await node.start();
        // A word of its own: other machines, whose processes are seen here, too, claim at the same time.
        const words = ['netdata-claim.sh', '-verbose', '-token=cst_row_35', `-url=${silent.url}`];
        const running = machine.start(words, { user: 'netdata' });
        await eventually(() => (silent.cloud.requests.length > 0 ? true : undefined));
        const inArguments = await machine.shell('grep -l "[c]st_canary" /proc/[0-9]*/cmdline');
        expect(inArguments.stdout).toBe('');
        const ended = await Promise.race([running.stop(signal), pause(10_000, undefined)]);
        expect(ended?.stdout).toBe('');
        expect(ended?.stderr).toMatch(/claim/);
        expect(ended?.stderr).not.toContain('cst_row_35');
        const left = await machine.shell(
          `grep -rl cst_row_35 /etc/netdata /var/lib/netdata /var/log/netdata /run/netdata /tmp`,
        );
        expect(left.stdout).toBe('');
        expect(await node.facts()).toBe('TTFF');
        expect(await node.grep()).not.toContain('cst_row_35');
        expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
        await cloud.live(await node.uid());
      } finally {
        await silent.close();
      }
    },
  );

  test('row 40: what floods the log takes no line of the link or the claim away', async () => {
    const { cloud, node } = world;
    await node.start({ conf: 'this is not a setting\n'.repeat(2000) });
    // There is a flood, and it is held back.
    const lines = (await node.errorLog()).split('\n').filter((line) => line.includes('netdata.conf'));
    expect(lines.length).toBeGreaterThan(50);
    expect(await node.errorLog()).toMatch(/there are too many lines/);
    expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
    await cloud.live(await node.uid());
    await node.become('TTTT');
    expect(await node.grep()).toMatch(/claim state read from claim\.d.*claimed[^]*ACLK.*connected/i);
  });
});
