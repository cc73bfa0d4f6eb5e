// The edge cases of a claim: what the Cloud answers, and what comes instead of an answer. Scripted Clouds stand behind real addresses.

import { afterEach, expect, test } from 'vitest';
import { startFaultProxy } from '../harness/fault-proxy.ts';
import { claimFolder } from '../harness/namespace-node.ts';
import { scriptedInside, type ScriptedInside } from '../harness/namespace-scripted.ts';
import { claimed, describeOnMachine, notFound } from '../harness/namespace-world.ts';

const refusal = (status: number, errorMsgKey: string) => ({
  status,
  body: JSON.stringify({ errorCode: 'x', errorMsgKey, errorMessage: '\u001b[31mEVIL' }, undefined, 2),
});

describeOnMachine('what the Cloud answers', (world) => {
  let scripted: ScriptedInside | undefined;
  afterEach(async () => {
    await scripted?.close();
    scripted = undefined;
  });

  test.each([
    ['500', refusal(500, 'ErrInternalServerError'), 15],
    ['503', refusal(503, 'ErrServiceUnavailable'), 17],
    ['504', refusal(504, 'ErrGatewayTimeout'), 16],
    ['503 while it still works on it', refusal(503, 'ErrProcessingClaim'), 14],
    ['a page of a gateway, 502', { status: 502, body: '<html><h1>Bad Gateway</h1></html>' }, 7],
    ['an empty 500', { status: 500 }, 15],
  ])('row 26: %s may be tried again, and the sentence says so', async (_, answer, code) => {
    const { machine, node } = world;
    scripted = await scriptedInside(machine, 8443, [answer]);
    await node.start();
    const { stdout, stderr, ...rest } = await node.claim('-token=cst_canary', `-url=${scripted.url}`);
    expect({ code: rest.code, stdout, stderr }).toEqual({ code, stdout: '', stderr: expect.stringMatching(/again/) });
    expect(notFound(stderr)).toEqual([]);
    expect(stderr).not.toMatch(/EVIL|cst_canary|<h1>/);
    expect(await node.facts()).toBe('TTFF');
    expect((await machine.shell(`ls ${claimFolder}/claimed_id`)).code).not.toBe(0);
    // A fault that may pass is not believed at once.
    expect(scripted.cloud.requests.length).toBeGreaterThan(1);
    await node.stop();
    expect(await node.claimAtStart('-token=cst_canary', `-url=${scripted.url}`)).toBe(code);
    const log = await node.grep();
    expect(log).toMatch(/ERROR.*claim failed: .*again/);
    expect(log).not.toMatch(/EVIL|cst_canary|<h1>/);
    expect(await node.facts()).toBe('TTFF');
  });

  test.each([
    ['a page with status 200', { status: 200, body: '<html>Welcome</html>' }],
    ['an empty 200', { status: 200 }],
    ['a redirect', { status: 302 }],
    ['a refusal that nobody knows', refusal(418, 'ErrTeapot')],
  ])('row 26: %s is no answer to a claim', async (_, answer) => {
    const { machine, node } = world;
    scripted = await scriptedInside(machine, 8443, [answer]);
    expect(await node.claimAtStart('-token=cst_canary', `-url=${scripted.url}`)).toBe(7);
    const log = await node.grep();
    expect(log).toMatch(/claim failed: .*\d{3}/);
    expect(log).not.toMatch(/EVIL|cst_canary|Welcome/);
    expect(await node.facts()).toBe('TTFF');
  });

  test('row 27: the answer is lost; the claim is asked for again, and there is one node', async () => {
    const { machine, cloud, node } = world;
    const inside = await machine.reach(443);
    const fault = await startFaultProxy(inside.port, 'swallow');
    const offered = await machine.offer(fault.port, 9443);
    try {
      await node.start();
      const uid = await node.uid();
      const options = [`-token=${await cloud.token()}`, '-url=https://app.netdata.cloud:9443'];
      const lost = await node.claim(...options);
      expect({ code: lost.code, stdout: lost.stdout }).toEqual({ code: 4, stdout: '' });
      expect(lost.stderr).toMatch(/claim.*(answer|broken|hung up)/);
      expect(notFound(lost.stderr)).toEqual([]);
      // The Cloud did its part.
      expect((await cloud.node(uid))?.state).toBe('unseen');
      expect(await node.facts()).toBe('TTFF');
      fault.fault = 'pass';
      expect(await node.claim(...options)).toMatchObject(claimed);
      await cloud.live(uid);
      await node.become('TTTT');
      expect((await cloud.nodes()).filter(({ machineGuid }) => machineGuid === uid)).toHaveLength(1);
    } finally {
      await offered.close();
      await fault.close();
      await inside.close();
    }
  });
});
