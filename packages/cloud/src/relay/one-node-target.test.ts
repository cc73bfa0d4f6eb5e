import type { NodeFacts } from '@claimstead/wire/cloud-api/nodes';
import type { encodeUpstream } from '@claimstead/wire/link/envelope';
import type { MachineGuid, NodeId } from '@claimstead/wire/ids';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimIdentity, link, newIdentity, type LinkedAgent } from '../gateway/testing/linked-agent.ts';
import { firstPerson, join, kindOf, type Person } from '../invitation/join-in-tests.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import { oneNodeTarget } from './one-node-target.ts';
import { relayablePaths } from './relay-target.ts';

describe('a target for one node', () => {
  const node = { nodeId: 'aaaa' as NodeId, machineGuid: 'bbbb' as MachineGuid };
  const scope = 'scope_nodes=aaaa%7Cbbbb';
  it.each([
    ['/api/v1/data?chart=system.cpu&after=-5', '/api/v1/data?chart=system.cpu&after=-5'],
    ['/api/v1/alarms?all', '/api/v1/alarms?all'],
    ['/api/v1/allmetrics?format=json', '/api/v1/allmetrics?format=json'],
    ['/api/v3/data', `/api/v3/data?${scope}`],
    ['/api/v2/data?scope_nodes=*&contexts=system.cpu', `/api/v2/data?${scope}&contexts=system.cpu`],
    ['/api/v2/nodes?scope%5Fnodes=*&scope_nodes=*&scope_nodes', `/api/v2/nodes?${scope}`],
    ['/api/v3/contexts?nodes=*', `/api/v3/contexts?${scope}&nodes=*`],
    ['/api/v3/alert_transitions?scope_nodes=aaaa&alert=x%20y', `/api/v3/alert_transitions?${scope}&alert=x%20y`],
  ])('%s', (asked, sent) => {
    expect(oneNodeTarget(asked, node)).toBe(sent);
  });

  it.each([
    '/api/v2/data?=scope_nodes=*',
    '/api/v2/data?x==scope_nodes=*',
    '/api/v2/data?x=1%26scope_nodes=*',
    '/api/v2/data?x%26scope_nodes%3D*',
    '/api/v2/data?x=1%2]scope_nodes=*',
    '/api/v2/data?x=%80',
    '/api/v2/data?x=%',
    '/api/v3/alert_transitions?transition=8d8e7f0a-0000-4000-8000-000000000000',
    '/api/v3/alert_transitions?=transition=8d8e7f0a',
    '/api/v3/alert_transitions?tr%61nsition=8d8e7f0a',
    '/api/v1/allmetrics?format=prometheus_all_hosts',
    '/api/v1/allmetrics?format=prometheus%5Fall_hosts',
    '/api/v1/weights',
    '/api/v1/metric_correlations',
    '/api/v1/aclk',
    '/api/v2/info',
    '/api/v2/alert_config?config=x',
    '/api/v3/stream_info',
    '/api/v3/allmetrics',
  ])('never %s', (asked) => {
    expect(() => oneNodeTarget(asked, node)).toThrow(/relay|agent/);
  });

  it('names the node on every path of several nodes, or is none', () => {
    for (const path of relayablePaths) {
      if (path.startsWith('/api/v1/')) continue;
      let sent = '';
      try {
        sent = oneNodeTarget(`${path}?scope_nodes=*`, node);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'relay-path-refused' });
        continue;
      }
      expect(sent).toBe(`${path}?${scope}`);
    }
  });
});

describe('somebody who sees one child of a parent', () => {
  let running: RunningCloud;
  let admin: Person;
  let person: Person;
  let parent: LinkedAgent;
  let nodeId: string;
  const machineGuid = randomUUID();
  beforeAll(async () => {
    running = await startRunningCloud();
    const first = await firstPerson(running);
    ({ admin } = first);
    const { spaceId } = first;
    const identity = newIdentity();
    await claimIdentity(running, identity, { hostname: 'parent' });
    parent = await link(running, identity, { hostname: 'parent' });
    parent.body = '{}';
    const { claimId } = identity;
    type Data = NonNullable<Parameters<typeof encodeUpstream<'UpdateNodeInfo'>>[1]['data']>;
    parent.say('UpdateNodeInfo', { claimId, machineGuid, data: { name: 'child' } as Data });
    const find = async (hostname: string): Promise<{ nodeId: string; state: string } | undefined> =>
      (await admin.ask('GET', `spaces/${spaceId}/nodes`))
        .json<{ nodes: { nodeId: string; hostname: string; state: string }[] }>()
        .nodes.find((node) => node.hostname === hostname);
    while ((await find('child')) === undefined) running.clock.advance(1000);
    nodeId = (await find('child'))?.nodeId ?? '';
    const there = { liveness: true, queryable: true, hops: 1, sessionId: 1n };
    parent.say('UpdateNodeInstanceConnection', { claimId, nodeId, ...there });
    while ((await find('child'))?.state !== 'live') running.clock.advance(1);
    const roomId = String((await admin.ask('POST', `spaces/${spaceId}/rooms`, { name: 'Few' })).json()['id']);
    await admin.ask('PUT', `nodes/${nodeId}/rooms`, { roomIds: [roomId] });
    person = await join(running, admin, spaceId, { email: 'few@example.net', role: 'member', roomIds: [roomId] });
  });
  afterAll(async () => {
    parent.socket.terminate();
    await running.close();
  });

  it('asks the parent for that child, whatever they write; who sees all nodes asks as they like', async () => {
    const path = `nodes/${nodeId}/agent/api/v3/data?scope_nodes=*&contexts=system.cpu`;
    expect((await person.ask('GET', path)).status).toBe(200);
    expect(parent.asked.at(-1)).toBe(
      `/node/${nodeId}/api/v3/data?scope_nodes=${nodeId}%7C${machineGuid}&contexts=system.cpu`,
    );
    expect((await admin.ask('GET', path)).status).toBe(200);
    expect(parent.asked.at(-1)).toBe(`/node/${nodeId}/api/v3/data?scope_nodes=*&contexts=system.cpu`);
    const before = parent.asked.length;
    expect(kindOf(await person.ask('GET', `nodes/${nodeId}/agent/api/v2/info`))).toBe('relay-path-refused');
    expect(kindOf(await person.ask('GET', `nodes/${nodeId}/agent/api/v2/data?=scope_nodes=*`))).toBe(
      'relay-query-refused',
    );
    expect(parent.asked).toHaveLength(before);
    expect((await person.ask('GET', `nodes/${nodeId}/agent/api/v1/charts`)).status).toBe(200);
    expect(parent.asked.at(-1)).toBe(`/node/${nodeId}/api/v1/charts`);
  });

  it('is not told which parent answers for it', async () => {
    const facts = async (who: Person): Promise<NodeFacts> =>
      (await who.ask('GET', `nodes/${nodeId}/facts`)).json<NodeFacts>();
    expect((await facts(admin)).paths).toMatchObject([{ hostname: 'parent', live: true }]);
    expect((await facts(person)).paths).toEqual([]);
  });
});
