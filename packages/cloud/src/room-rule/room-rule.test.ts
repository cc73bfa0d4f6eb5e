import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { mostRoomRules, type RoomRule } from '@claimstead/wire/cloud-api/room-rules';
import type { encodeUpstream } from '@claimstead/wire/link/envelope';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimIdentity, link, newIdentity, type LinkedAgent } from '../gateway/testing/linked-agent.ts';
import { firstPerson, join } from '../invitation/join-in-tests.ts';
import { claimBody, startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { mostRulesOfSpace } from './room-rule.ts';

let running: RunningCloud;
let cookie: string;
let spaceId: string;
let roomId: string;
const agents: LinkedAgent[] = [];
beforeEach(async () => {
  running = await startRunningCloud();
  cookie = await running.signIn();
  spaceId = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
  roomId = await newRoom('Web');
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.socket.terminate();
  await running.close();
});

const ask = (method: string, path: string, body?: object): Promise<HttpAnswer> =>
  running.ask({ method, path, cookie, ...(body && { body }) });
const newRoom = async (name: string): Promise<string> =>
  (await ask('POST', `spaces/${spaceId}/rooms`, { name })).json<{ id: string }>().id;
const save = (rules: RoomRule[], id = roomId): Promise<HttpAnswer> =>
  ask('PUT', `spaces/${spaceId}/rooms/${id}/rules`, { rules });
const byName = (pattern: string): RoomRule => ({ by: 'host-name', pattern });
const nodes = async (): Promise<NodeView[]> =>
  (await ask('GET', `spaces/${spaceId}/nodes`)).json<{ nodes: NodeView[] }>().nodes;
const roomsOf = async (hostname: string): Promise<string[]> =>
  (await nodes()).find((node) => node.hostname === hostname)?.rooms.map(({ name }) => name) ?? [];
const claim = async (hostname: string): Promise<string> => {
  const body = claimBody({ token: await running.claimToken(), hostname });
  const path = `/api/v1/spaces/nodes/${body.node.id}`;
  expect((await running.ask({ method: 'PUT', path, body: JSON.stringify(body) })).status).toBe(204);
  return (await nodes()).find((node) => node.hostname === hostname)?.nodeId ?? '';
};
interface Row {
  kind: string;
  accountId: string | null;
  details: Record<string, unknown>;
}
const audit = async (kind: string): Promise<Row[]> =>
  (await running.admin<Row[]>('audit', { space: null })).filter((row) => row.kind === kind);

/** Gathered changes are acted on when the clock has moved; then until it is so. */
async function settled(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    running.clock.advance(300);
    if (await holds()) return;
  }
  throw new Error('it never came to be');
}
const joins = (hostname: string, room: string): Promise<void> =>
  settled(async () => (await roomsOf(hostname)).includes(room));

const linked = async (hostname: string): Promise<LinkedAgent> => {
  const identity = newIdentity();
  await claimIdentity(running, identity, { hostname });
  const agent = await link(running, identity, { hostname });
  agents.push(agent);
  return agent;
};
const tell = async (
  agent: LinkedAgent,
  name: string,
  hostLabels: Record<string, string>,
  machineGuid = agent.identity.machineGuid,
): Promise<void> => {
  const { claimId } = agent.identity;
  type Data = NonNullable<Parameters<typeof encodeUpstream<'UpdateNodeInfo'>>[1]['data']>;
  const before = agent.packets.filter(({ cmd }) => cmd === 'puback').length;
  agent.say('UpdateNodeInfo', { claimId, machineGuid, data: { name, hostLabels } as Data });
  await agent.until(() => agent.packets.filter(({ cmd }) => cmd === 'puback').length > before);
};

describe('a room rule', () => {
  it('puts nodes that are there into the room at once, says how many, and names itself in the audit', async () => {
    await claim('web-1');
    await claim('WEB-2');
    await claim('db-1');
    const saved = await save([byName('web-*'), byName('web-*')]);
    expect(saved.json()).toEqual({ rules: [byName('web-*')], moved: 2 });
    expect(await roomsOf('WEB-2')).toEqual(['All nodes', 'Web']);
    expect(await roomsOf('db-1')).toEqual(['All nodes']);
    const [changed] = await audit('room-rules-changed');
    expect(changed?.accountId).not.toBeNull();
    expect(changed?.details).toEqual({ roomId, name: 'Web', added: ['host name web-*'], removed: [] });
    const moves = await audit('node-moved');
    expect(moves).toHaveLength(2);
    expect(moves[0]).toMatchObject({
      accountId: null,
      details: { joined: [roomId], left: [], because: 'room-rule', room: 'Web', rule: 'host name web-*' },
    });
    // Saved as it is, nothing has changed.
    expect((await save([byName('web-*')])).json()).toMatchObject({ moved: 0 });
    expect(await audit('room-rules-changed')).toHaveLength(1);
  });

  it('puts a node into the room that is claimed later, or takes another host name', async () => {
    await save([byName('web-*')]);
    await claim('web-9');
    await joins('web-9', 'Web');
    const agent = await linked('fresh');
    running.clock.advance(61_000);
    await tell(agent, 'web-10', {});
    await joins('web-10', 'Web');
    expect(await audit('node-moved')).toHaveLength(2);
  });

  it('looks at labels as the agent tells them, and at those of a child as its parent does', async () => {
    await save([{ by: 'label', key: 'role', pattern: 'web?' }]);
    const parent = await linked('parent');
    await tell(parent, 'parent', { role: 'other', Role: 'web1' });
    const child = randomUUID();
    await tell(parent, 'child', { role: 'WEB1' }, child);
    await joins('child', 'Web');
    expect(await roomsOf('parent')).toEqual(['All nodes']);
    await tell(parent, 'parent', { role: 'web2' });
    await joins('parent', 'Web');
    // A rule that was right once takes nobody out.
    await tell(parent, 'parent', { role: 'db' });
    running.clock.advance(1000);
    expect(await roomsOf('parent')).toContain('Web');
  });

  it('does not put a node back that somebody took out, until the rule is another', async () => {
    const nodeId = await claim('web-1');
    const witness = await newRoom('Witness');
    await save([byName('web-*')]);
    await ask('PUT', `nodes/${nodeId}/rooms`, { roomIds: [] });
    await save([byName('web-*'), byName('nobody')]);
    // A rule of another room acts after both have been looked at.
    await save([byName('fresh-*')], witness);
    await claim('fresh-1');
    await joins('fresh-1', 'Witness');
    expect(await roomsOf('web-1')).toEqual(['All nodes']);
    expect((await save([byName('web-?')])).json()).toMatchObject({ moved: 1 });
    expect(await roomsOf('web-1')).toContain('Web');
  });

  it('leaves a node alone that waits for admission, until it is admitted', async () => {
    await save([byName('web-*')]);
    await ask('PUT', `spaces/${spaceId}/admission`, { isOn: true });
    const nodeId = await claim('web-1');
    running.clock.advance(1000);
    expect((await save([byName('w*')])).json()).toMatchObject({ moved: 0 });
    expect(await roomsOf('web-1')).toEqual(['All nodes']);
    await ask('POST', `nodes/${nodeId}/admit`);
    await joins('web-1', 'Web');
  });

  it('shows before it is saved which nodes it names', async () => {
    const inRoom = await claim('web-1');
    await claim('web-2');
    await ask('PUT', `nodes/${inRoom}/rooms`, { roomIds: [roomId] });
    const labelled = await linked('labelled');
    await tell(labelled, 'labelled', { env: 'prod' });
    const rules = [byName('web-*'), byName('*-2'), { by: 'label', key: 'env', pattern: '*' } as const];
    const answer = await ask('POST', `spaces/${spaceId}/rooms/${roomId}/rules/preview`, { rules });
    expect(answer.json()).toMatchObject({
      count: 3,
      counts: [2, 1, 1],
      nodes: [
        { hostname: 'labelled', isInRoom: false },
        { hostname: 'web-1', isInRoom: true },
        { hostname: 'web-2', isInRoom: false },
      ],
    });
    expect((await ask('GET', `spaces/${spaceId}/rooms/${roomId}/rules`)).json()).toEqual({ rules: [] });
  });

  it('is bounded, and none is kept of the room of all nodes', async () => {
    const rule = byName('x');
    for (const rules of [
      Array.from({ length: 21 }, (_, n) => byName(`x${n}`)),
      [byName('x'.repeat(129))],
      [byName('a\nb')],
      [byName(' ')],
      [{ ...rule, key: 'unasked' }],
      [{ by: 'label', pattern: 'without a key' }],
    ])
      expect((await save(rules as RoomRule[])).status).toBe(400);
    const { rooms } = (await ask('GET', `spaces/${spaceId}/rooms`)).json<{
      rooms: { id: string; holdsAllNodes: boolean }[];
    }>();
    const all = rooms.find(({ holdsAllNodes }) => holdsAllNodes)?.id ?? '';
    expect((await save([rule], all)).status).toBe(403);
    expect((await save([rule], randomUUID())).status).toBe(404);
  });

  it('is one of so many of a Space, however many rooms they are spread over', async () => {
    const many = Array.from({ length: mostRoomRules }, (_, n) => byName(`x${n}`));
    const ids: string[] = [];
    for (let n = 0; n < mostRulesOfSpace / mostRoomRules; n++) ids.push(await newRoom(`Room ${n}`));
    for (const id of ids) expect((await save(many, id)).status).toBe(200);
    expect((await save([byName('one more')])).status).toBe(403);
    expect((await save([])).status).toBe(200);
    expect((await save([byName('other')], ids[0])).status).toBe(200);
    expect((await save([byName('one more')])).status).toBe(200);
  });

  it('shows a node to members of its room, and to nobody else who is limited to rooms', async () => {
    const { admin } = await firstPerson(running);
    const other = await newRoom('Other');
    const [inside, outside] = [
      await join(running, admin, spaceId, { email: 'in@example.net', role: 'member', roomIds: [roomId] }),
      await join(running, admin, spaceId, { email: 'out@example.net', role: 'member', roomIds: [other] }),
    ];
    const nodeId = await claim('web-1');
    const sees = async (who: typeof inside): Promise<number> => (await who.ask('GET', `nodes/${nodeId}`)).status;
    expect(await sees(inside)).toBe(404);
    await save([byName('web-*')]);
    expect(await sees(inside)).toBe(200);
    expect(await sees(outside)).toBe(404);
    expect((await inside.ask('GET', `spaces/${spaceId}/rooms/${roomId}/rules`)).status).toBe(403);
  });

  it('ends with its room', async () => {
    await save([byName('web-*')]);
    await ask('DELETE', `spaces/${spaceId}/rooms/${roomId}`);
    await claim('web-1');
    const other = await newRoom('Other');
    await save([byName('web-*')], other);
    expect(await roomsOf('web-1')).toEqual(['All nodes', 'Other']);
  });
});

it('acts at the next start on what the Cloud ended in the middle of', async () => {
  await save([byName('web-*')]);
  // Claimed, and gone before anything was gathered.
  const body = claimBody({ token: await running.claimToken(), hostname: 'web-1' });
  await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body: JSON.stringify(body) });
  expect(await roomsOf('web-1')).toEqual(['All nodes']);
  await running.cloud.close();
  running = await startRunningCloud({ folder: running.folder });
  await joins('web-1', 'Web');
});
