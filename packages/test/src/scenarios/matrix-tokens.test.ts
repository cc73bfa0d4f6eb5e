// The edge cases of a claim, first part: what was typed. Of each case: the exit code and the sentence, what the log tells, what the agent
// says of itself, and what the Cloud has of it.

import { makeClaimToken } from '@claimstead/wire/claim/claim-token';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { claimFolder } from '../harness/namespace-node.ts';
import { scriptedInside } from '../harness/namespace-scripted.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';
import { within } from '../harness/namespace.ts';

const url = '-url=https://app.netdata.cloud';

interface AdminToken {
  tokenId: string;
  usesLeft: number | null;
  state: string;
}

describeOnMachine('what was typed', (world) => {
  const tokens = async (): Promise<AdminToken[]> =>
    JSON.parse(await world.cloud.ok('token', 'list', '--json')) as AdminToken[];

  /** What came of a claim that is refused: by hand, and at the start of a daemon. */
  const refusal = async (...options: string[]): Promise<object> => {
    const { cloud, node } = world;
    await node.start();
    const before = await cloud.nodes();
    const byHand = await node.claim(...options);
    await node.stop();
    return {
      ...byHand,
      notFound: notFound(byHand.stderr),
      codeAtStart: await node.claimAtStart(...options),
      log: await node.grep(),
      facts: await node.facts(),
      created: (await cloud.nodes()).length - before.length,
    };
  };
  const refusedWith = (code: number, sentence: RegExp): object => ({
    code,
    stdout: '',
    stderr: expect.stringMatching(sentence),
    notFound: [],
    codeAtStart: code,
    log: expect.stringMatching(sentence),
    facts: 'TTFF',
    created: 0,
  });

  test('row 1: all good', async () => {
    const { cloud, node } = world;
    await node.start();
    expect(await node.claim(`-token=${await cloud.token()}`, '-rooms=room1,room2', url)).toMatchObject(claimed);
    expect((await node.facts()).slice(0, 3)).toBe('TTT');
    const uid = await node.uid();
    expect((await cloud.live(uid)).rooms).toEqual(expect.arrayContaining(['room1', 'room2']));
    await node.become('TTTT');
    expect(await node.grep()).toMatch(/claim state read from claim\.d.*claimed[^]*ACLK.*connected/i);
  });

  test('row 2: a token that nobody made', async () => {
    const token = makeClaimToken(randomBytes);
    expect(await refusal(`-token=${token}`, url)).toEqual(refusedWith(12, /claim.*token.*unknown/));
  });

  test('row 2: a token with a typing error', async () => {
    expect(await refusal('-token=cst_wrong', url)).toEqual(refusedWith(12, /claim.*token.*typing error/));
  });

  test('row 2: a token that is used up', async () => {
    const { cloud, node } = world;
    const token = await cloud.token('--uses', '1');
    await node.start();
    expect(await node.claim(`-token=${token}`, url)).toMatchObject(claimed);
    await node.reinstall();
    expect(await refusal(`-token=${token}`, url)).toEqual(refusedWith(12, /claim.*token/));
  });

  test('row 2: a token that expired', async () => {
    const { cloud } = world;
    const token = await cloud.token('--expires', '1s');
    await within(
      'the end of the token',
      async () => (await tokens()).find(({ state }) => state === 'expired'),
      async () => JSON.stringify(await tokens()),
    );
    expect(await refusal(`-token=${token}`, url)).toEqual(refusedWith(12, /claim.*token/));
  });

  test('row 2: a token that was revoked', async () => {
    const { cloud } = world;
    const known = new Set((await tokens()).map(({ tokenId }) => tokenId));
    const token = await cloud.token();
    const made = (await tokens()).find(({ tokenId }) => !known.has(tokenId));
    await cloud.ok('token', 'revoke', made?.tokenId ?? '');
    expect(await refusal(`-token=${token}`, url)).toEqual(refusedWith(12, /claim.*token/));
  });

  test('rows 3, 4 and 5: what cannot be a claim is refused here, and the Cloud hears nothing of it', async () => {
    const { machine, node } = world;
    const counting = await scriptedInside(machine, 8443, [{ status: 204 }]);
    const to = `-url=${counting.url}`;
    try {
      await node.start();
      for (const [options, code, sentence] of [
        [[to], 1, /no token/i],
        [['-token=', to], 1, /no token/i],
        [['-token', 'cst_secret', to], 1, /-token=/],
        [['-tokens=cst_secret', to], 1, /-tokens/],
      ] as const) {
        const { stdout, stderr, ...rest } = await node.claim(...options);
        expect({ options, code: rest.code, stdout }).toEqual({ options, code, stdout: '' });
        expect(stderr).toMatch(sentence);
        expect(stderr).not.toContain('cst_secret');
        expect(notFound(stderr)).toEqual([]);
      }
      for (const help of ['--help', '-help', '-h']) {
        const { code, stdout } = await node.claim(help);
        expect(code).toBe(0);
        expect(stdout).toMatch(/-token=TOKEN/);
      }
      await node.stop();
      expect(await node.claimAtStart(to)).toBe(1);
      expect(await node.grep()).toMatch(/claim.*no token/i);
      expect(await node.facts()).toBe('TTFF');
      expect(counting.cloud.connections).toBe(0);
    } finally {
      await counting.close();
    }
  });

  test('row 22: the same claim again is success and one node', async () => {
    const { cloud, node } = world;
    await node.start();
    const uid = await node.uid();
    for (let time = 0; time < 3; time++) {
      expect(await node.claim(`-token=${await cloud.token()}`, url)).toMatchObject(claimed);
      await cloud.live(uid);
      await node.become('TTTT');
    }
    // Each of them was read again by the agent.
    expect((await node.grep()).match(/claim state read from claim\.d.* is claimed/g)).toHaveLength(3);
    expect((await cloud.nodes()).filter(({ machineGuid }) => machineGuid === uid)).toHaveLength(1);
  });

  test('row 25: an unknown room is named, and nothing is created', async () => {
    const token = await world.cloud.token('--uses', '5');
    expect(await refusal(`-token=${token}`, '-rooms=room1,no-such-room', url)).toEqual(
      refusedWith(10, /claim.*no-such-room/),
    );
    expect((await tokens()).filter(({ usesLeft }) => usesLeft === 5)).toHaveLength(1);
  });

  test('row 30: what a shell would act upon is taken as it is written, everywhere', async () => {
    const { machine, cloud, node } = world;
    const evil = '"; touch /tmp/acted; $(touch /tmp/acted) `touch /tmp/acted` | \\ é';
    await node.start();
    for (const [options, code] of [
      [[`-token=$(touch /tmp/acted)`, url], 1],
      [['-token=$(touch${IFS}/tmp/acted)', url], 12],
      [[`-token=${await cloud.token()}`, `-rooms=${evil}`, url], 10],
      [[`-token=x`, '-url=https://$(touch /tmp/acted)'], 1],
      [[`-token=x`, url, '-proxy=http://`touch /tmp/acted`:1'], 1],
      [[`-token=x`, url, '-id=$(touch /tmp/acted)'], 8],
    ] as const) {
      const refused = await node.claim(...options);
      expect({ options, code: refused.code, stdout: refused.stdout }).toEqual({ options, code, stdout: '' });
      expect(notFound(refused.stderr)).toEqual([]);
    }
    expect(await node.facts()).toBe('TTFF');
    expect(await cloud.node(await node.uid())).toBeUndefined();
    // The agent announces its own name later; the claim's is what the Cloud has until then.
    expect(await node.claim(`-token=${await cloud.token()}`, `-hostname=${evil}`, '-noreload', url)).toMatchObject(
      claimed,
    );
    expect((await cloud.node(await node.uid()))?.hostname).toBe(evil);
    await node.stop();
    await machine.must(`rm -rf ${claimFolder}/*`);
    expect(await node.claimAtStart('-token=$(touch${IFS}/tmp/acted);`touch${IFS}/tmp/acted`', url)).toBe(12);
    expect(await node.logged(/claim ended with code 12/)).not.toContain('/tmp/acted');
    expect(await node.facts()).toBe('TTFF');
    expect((await machine.shell('ls /tmp/acted')).code).not.toBe(0);
  });
});
