// Lists of nodes in pages, asked for from outside.

import SqliteDatabase, { type Statement } from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cloudFolder } from '../config/data-folder.ts';
import { writeCursor } from '../http/cursor.ts';
import { firstPerson, join, kindOf, type Person } from '../invitation/join-in-tests.ts';
import { claimBody, startRunningCloud, type RunningCloud } from '../main-in-tests.ts';

interface Page {
  nodes: { nodeId: string; hostname: string; rooms: { name: string }[] }[];
  next: string | null;
}

/** Two of one name, names that differ by case alone, and one that is no plain text. */
const hostnames = ['b', 'A', 'a', 'C', 'twin', 'twin', 'Ünder', 'z"\\%'];
let running: RunningCloud;
let admin: Person;
let spaceId: string;
let roomId: string;
beforeAll(async () => {
  running = await startRunningCloud();
  ({ admin, spaceId } = await firstPerson(running));
  roomId = String((await admin.ask('POST', `spaces/${spaceId}/rooms`, { name: 'Few' })).json()['id']);
  for (const hostname of hostnames) await claim(hostname, ['b', 'twin'].includes(hostname));
});
afterAll(() => running.close());

async function claim(hostname: string, isInRoom = false): Promise<void> {
  const body = claimBody({ token: await running.claimToken({ rooms: isInRoom ? ['few'] : [] }), hostname });
  expect((await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body })).status).toBe(204);
}

/** As if claimed long ago; in no room but that of all nodes. */
function addNodes(count: number): void {
  const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile);
  const add = database.prepare(
    "insert into node (node_id, space_id, machine_guid, hostname, claimed_at_ms) values (?, ?, ?, 'many', 0)",
  );
  database.transaction(() => {
    for (let n = 0; n < count; n++) add.run(randomUUID(), spaceId, randomUUID());
  })();
  database.close();
}

const page = async (who: Person, list: string, query: string): Promise<Page> =>
  (await who.ask('GET', `spaces/${spaceId}/${list}${query}`)).json<Page>();
/** Every page of so many, one after the other. */
async function pages(who: Person, list: string, limit: number): Promise<Page[]> {
  const all = [await page(who, list, `?limit=${limit}`)];
  for (let next = all[0]?.next ?? null; next !== null; next = all.at(-1)?.next ?? null)
    all.push(await page(who, list, `?limit=${limit}&cursor=${next}`));
  return all;
}
const ids = (some: readonly Page[]): string[] => some.flatMap(({ nodes }) => nodes.map(({ nodeId }) => nodeId));

describe.each(['nodes', 'claimed-nodes'])('%s', (list) => {
  it('are whole without a word, and the same in pages of any size', async () => {
    const whole = await page(admin, list, '');
    expect([whole.nodes.length, whole.next]).toEqual([hostnames.length, null]);
    for (const limit of [1, 2, 3, hostnames.length - 1, hostnames.length, 2000]) {
      const all = await pages(admin, list, limit);
      expect(ids(all)).toEqual(ids([whole]));
      expect(all).toHaveLength(Math.ceil(hostnames.length / limit));
    }
  });
});

describe('nodes in pages', () => {
  it('go on where they ended when nodes come and go in between', async () => {
    const first = await page(admin, 'nodes', '?limit=3');
    expect(first.nodes.map(({ hostname }) => hostname.toLowerCase())).toEqual(['a', 'a', 'b']);
    const gone = first.nodes[2]?.nodeId ?? '';
    const before = ids([await page(admin, 'nodes', '')]);
    expect(kindOf(await admin.ask('DELETE', `nodes/${gone}`))).toBe('done');
    await claim('0-before');
    const rest = await page(admin, 'nodes', `?cursor=${first.next}`);
    expect(ids([rest])).toEqual(before.slice(3));
    await claim('b', true);
  });

  it('show who sees few of them full pages, and no cursor that names another', async () => {
    const person = await join(running, admin, spaceId, { email: 'few@example.net', role: 'member', roomIds: [roomId] });
    const all = await pages(person, 'nodes', 1);
    expect(
      all.map(({ nodes }) => nodes.map(({ hostname, rooms }) => [hostname, rooms.map(({ name }) => name)])),
    ).toEqual(['b', 'twin', 'twin'].map((hostname) => [[hostname, ['Few']]]));
    for (const { next } of all)
      if (next !== null) expect(Buffer.from(next, 'base64url').toString()).toMatch(/^\["(b|twin)"/);
  });

  it('start anywhere for a cursor that somebody made up, with what they may see alone', async () => {
    const made = writeCursor(["' or 1=1 --", 'x']);
    const answer = await page(admin, 'nodes', `?cursor=${made}`);
    expect(answer.nodes.length).toBeLessThanOrEqual(hostnames.length + 1);
    const other = await join(running, admin, spaceId, { email: 'none@example.net', role: 'member', roomIds: [] });
    expect(await page(other, 'nodes', `?cursor=${writeCursor(['', ''])}`)).toEqual({ nodes: [], next: null });
  });

  it('are read at once for who sees none of thousands, whatever the size of a page', async () => {
    const [none, few] = await Promise.all([
      join(running, admin, spaceId, { email: 'of-none@example.net', role: 'observer', roomIds: [] }),
      join(running, admin, spaceId, { email: 'of-few@example.net', role: 'observer', roomIds: [roomId] }),
    ]);
    addNodes(3000);
    const database = new SqliteDatabase(':memory:');
    const reads = vi.spyOn(Object.getPrototypeOf(database.prepare('select 1')) as Statement, 'all');
    database.close();
    const readsOfNodes = (): number =>
      reads.mock.contexts.filter((statement) => /from "node".* limit/.test((statement as Statement).source)).length;
    expect(await page(none, 'nodes', '?limit=1')).toEqual({ nodes: [], next: null });
    expect(readsOfNodes()).toBe(1);
    expect((await pages(few, 'nodes', 2)).map(({ nodes }) => nodes.map(({ hostname }) => hostname))).toEqual([
      ['b', 'twin'],
      ['twin'],
    ]);
    expect(readsOfNodes()).toBe(3);
    reads.mockRestore();
  });
});
