// Two machines with one key, over a whole Cloud. [trust T5]

import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import type { AdminAuditRow } from '../control/audit-commands.ts';
import type { AdminNode } from '../control/control-commands.ts';
import { askCloud } from '../control/control-client.ts';
import { silentLog } from '../log.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import { rivalryWindowMs } from './contested.ts';
import { answerWithinMs } from './probe.ts';
import {
  askPassword,
  claimIdentity,
  link,
  newIdentity,
  type Identity,
  type LinkedAgent,
} from './testing/linked-agent.ts';

let cloud: RunningCloud;
let logged: { event: string; hosts: readonly string[] | undefined }[];
let identity: Identity;
beforeEach(async () => {
  logged = [];
  const warn: typeof silentLog.warn = (event, fields) => void logged.push({ event, hosts: fields?.hosts });
  cloud = await startRunningCloud({ log: { ...silentLog, warn } });
  identity = newIdentity();
  await claimIdentity(cloud, identity);
});
afterEach(() => cloud.close());

const node = async (): Promise<AdminNode> => {
  const [only] = await cloud.admin<AdminNode[]>('nodes');
  if (only === undefined) throw new Error('no node');
  return only;
};
/** Looks at the node until it is as wanted: the count of a takeover waits for the pong of who was taken over. */
async function until(isSo: (node: AdminNode) => boolean): Promise<AdminNode> {
  for (;;) {
    const now = await node();
    if (isSo(now)) return now;
  }
}
const whoAnswers = async (): Promise<string> => {
  const { nodeId } = await node();
  return (await askCloud(cloud.folder, 'query', { node: nodeId, target: '/api/v1/info' })).body.toString();
};
const kinds = async (): Promise<string[]> =>
  (await cloud.admin<AdminAuditRow[]>('audit', { space: null })).map(({ kind }) => kind);

/** Twins that take the link from each other until it is contested; the last is up. */
async function contest(lastAutoPong = true): Promise<LinkedAgent[]> {
  const agents: LinkedAgent[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const hostname = turn % 2 === 0 ? 'web-1' : 'copy-of-web-1';
    const autoPong = turn < 4 || lastAutoPong;
    agents.push(await link(cloud, identity, { hostname, autoPong, body: `"${turn}"` }));
  }
  await until(({ contested }) => contested !== null);
  return agents;
}

describe('two machines with one key', () => {
  it('take the link from each other at once, and the one that loses it is told so first', async () => {
    const agents: LinkedAgent[] = [];
    for (let turn = 0; turn < 4; turn++) {
      agents.push(await link(cloud, identity, { body: `"${turn}"` }));
      expect(await whoAnswers()).toBe(`"${turn}"`);
      const loser = agents.at(-2);
      await loser?.until(() => loser.closed);
      expect(loser?.disconnectReason).toBe(turn === 0 ? undefined : 0x8e);
    }
    expect(await node()).toMatchObject({ state: 'live', contested: null });
  });

  it('are told apart after the fourth attempt: who is up stays, the other is refused with both names', async () => {
    const agents = await contest();
    const holder = agents.at(-1);
    for (let attempt = 0; attempt < 3; attempt++) {
      const refusal = await askPassword(cloud, identity);
      expect(refusal.status).toBe(409);
      expect(refusal.json()).toEqual({
        errorCode: 'link-contested',
        errorMsgKey: 'ErrIdentityContested',
        errorMessage: expect.stringMatching(
          /web-1 \(127\.0\.0\.1\) is connected, copy-of-web-1 \(127\.0\.0\.1\) is refused/,
        ),
        errorRetryDelaySeconds: 60,
      });
      expect(await whoAnswers()).toBe('"4"');
    }
    expect(agents.filter(({ closed }) => !closed)).toEqual([holder]);
    const hosts = [
      { hostname: 'web-1', address: '127.0.0.1' },
      { hostname: 'copy-of-web-1', address: '127.0.0.1' },
    ];
    const shown = await node();
    expect(shown).toMatchObject({ state: 'live', contested: { hosts, sinceMs: cloud.clock.nowMs() } });
    const cookie = await cloud.signIn();
    const view = (await cloud.ask({ path: `nodes/${shown.nodeId}`, cookie })).json<NodeView>();
    expect(view.contested).toEqual(shown.contested);
    // One line, when it began; who of the two was connected then is a matter of milliseconds.
    const lines = logged.filter(({ hosts: named }) => named !== undefined);
    expect(lines).toEqual([{ event: expect.stringContaining('claim'), hosts: expect.anything() as unknown }]);
    expect(lines[0]?.hosts?.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'copy-of-web-1 (127.0.0.1)',
      'web-1 (127.0.0.1)',
    ]);
  });

  it('never are connected both, and only who is connected answers, however they hammer', async () => {
    const agents: LinkedAgent[] = [];
    const working = new Set(['web-1', 'copy-of-web-1']);
    const hammer = async (hostname: string): Promise<void> => {
      for (let turn = 0; turn < 15; turn++) {
        const admitted = await link(cloud, identity, {
          hostname,
          body: `"${hostname}-${turn}"`,
          onStart: (agent) => void agents.push(agent),
        }).catch((refusal: Error) => refusal.message);
        // Both may have been given the same challenge, which is good for one of them.
        if (typeof admitted === 'string') expect(admitted).toMatch(/ErrIdentityContested|ErrIncorrectResponse/);
      }
      working.delete(hostname);
    };
    const watch = async (): Promise<number> => {
      let answers = 0;
      while (working.size > 0) {
        // Whoever was told before the question that it is taken over must not be the one that answers it.
        const lost = agents.filter(({ disconnectReason, closed }) => closed || disconnectReason !== undefined);
        const answer = await whoAnswers();
        expect(lost.map(({ body }) => body)).not.toContain(answer);
        if (answer.startsWith('"')) answers += 1;
      }
      return answers;
    };
    const [answers] = await Promise.all([watch(), hammer('web-1'), hammer('copy-of-web-1')]);
    expect(answers).toBeGreaterThan(0);
    const { contested, state } = await until((now) => now.contested !== null);
    expect([state, contested?.hosts.length]).toEqual(['live', 2]);
    const open = (): LinkedAgent[] => agents.filter(({ closed }) => !closed);
    for (const agent of agents) await agent.until(() => agent.closed || open().length === 1);
    expect(await whoAnswers()).toBe(open()[0]?.body);
  });

  it('are forgiven ten minutes after the last attempt', async () => {
    const [holder] = (await contest()).slice(-1);
    cloud.clock.advance(rivalryWindowMs - 1);
    // Nothing was heard of the holder for ten minutes of this clock, so its link has ended; it comes back.
    await holder?.until(() => holder.closed);
    await until(({ state }) => state === 'offline');
    const again = await link(cloud, identity);
    expect(await node()).toMatchObject({ state: 'live', contested: { hosts: expect.anything() as unknown } });
    cloud.clock.advance(1);
    expect((await until(({ contested }) => contested === null)).state).toBe('live');
    const newcomer = await link(cloud, identity);
    await again.until(() => again.closed);
    expect([again.disconnectReason, newcomer.closed]).toEqual([0x8e, false]);
    // The audit is written beside the work.
    while ((await kinds()).at(-1) !== 'identity-settled');
    expect((await kinds()).filter((kind) => kind.startsWith('identity-'))).toEqual([
      'identity-contested',
      'identity-settled',
    ]);
  });

  it('are forgotten when the claim ends', async () => {
    await contest();
    const { nodeId } = await node();
    const cookie = await cloud.signIn();
    const headers = { origin: cloud.cloud.url.origin };
    expect((await cloud.ask({ method: 'DELETE', path: `nodes/${nodeId}`, cookie, headers })).status).toBe(204);
    expect((await claimIdentity(cloud, identity)).status).toBe(204);
    const fresh = await link(cloud, identity);
    expect((await node()).contested).toBeNull();
    await link(cloud, identity);
    await fresh.until(() => fresh.closed);
  });
});

describe('one machine whose connections die', () => {
  it('is let in at once however often, and never called contested', async () => {
    for (let turn = 0; turn < 12; turn++) {
      // What the Cloud still takes for a link answers no ping: the machine lost its network, and is back.
      const dead = await link(cloud, identity, { autoPong: false });
      expect(dead.closed).toBe(false);
    }
    expect(await node()).toMatchObject({ state: 'live', contested: null });
    expect((await kinds()).filter((kind) => kind.startsWith('identity-'))).toEqual([]);
  });

  it('is let in after five seconds where the identity is contested', async () => {
    const [holder] = (await contest(false)).slice(-1);
    const pinged = holder === undefined ? undefined : once(holder.socket, 'ping');
    const asked = askPassword(cloud, identity);
    await pinged;
    cloud.clock.advance(answerWithinMs);
    expect((await asked).status).toBe(201);
    await holder?.until(() => holder.closed);
    expect(holder?.disconnectReason).toBe(0x8d);
    const back = await link(cloud, identity, { body: '"back"' });
    expect(await whoAnswers()).toBe('"back"');
    expect(back.closed).toBe(false);
  });
});
