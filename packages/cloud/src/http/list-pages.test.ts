// Lists of a Space in pages: what is refused everywhere, and those of people and tokens, asked for from outside.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstPerson, invite, join, kindOf, type Person } from '../invitation/join-in-tests.ts';
import { startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import { writeCursor } from './cursor.ts';

let running: RunningCloud;
let admin: Person;
let spaceId: string;
let roomIds: string[];
beforeAll(async () => {
  running = await startRunningCloud();
  ({ admin, spaceId } = await firstPerson(running));
  const made = await Promise.all(['One', 'Two'].map((name) => admin.ask('POST', `spaces/${spaceId}/rooms`, { name })));
  roomIds = made.map((answer) => String(answer.json()['id'])).toSorted();
  // Names that differ by case alone, two of one name, and one that is no plain text.
  for (const email of ['b@a.example', 'B@b.example', 'a@example.net', 'Ünder@example.net', 'b@c.example'])
    await join(running, admin, spaceId, { email, role: 'member', roomIds });
  for (let n = 0; n < 5; n++) {
    // Some of one moment, and some of the next.
    if (n === 3) running.clock.advance(1);
    await invite(admin, spaceId, {
      email: `invited-${n}@example.net`,
      role: 'member',
      roomIds: n === 2 ? roomIds : [],
    });
    const token = {
      name: `Token ${n}`,
      lifetimeMs: 3_600_000,
      usesLeft: null,
      sourceNetworks: [],
      admitsByHand: false,
    };
    const answer = await admin.ask('POST', `spaces/${spaceId}/claim-tokens`, {
      ...token,
      roomIds: n === 2 ? roomIds : [],
    });
    if (answer.status !== 201) throw new Error(`no token: ${answer.text}`);
  }
});
afterAll(() => running.close());

type Page = { next: string | null } & Record<string, unknown[]>;
const page = async (list: string, query: string): Promise<Page> => {
  const answer = await admin.ask('GET', `spaces/${spaceId}/${list}${query}`);
  expect(answer.status).toBe(200);
  return answer.json<Page>();
};

describe.each([
  ['members', 'members', 6],
  ['invitations', 'invitations', 5],
  ['claim-tokens', 'tokens', 5],
])('%s', (list, key, count) => {
  it('are whole without a word, and the same in pages of any size', async () => {
    const whole = await page(list, '');
    expect([whole[key]?.length, whole.next]).toEqual([count, null]);
    for (const limit of [1, 2, count - 1, count, 2000]) {
      const all = [await page(list, `?limit=${limit}`)];
      for (let next = all[0]?.next ?? null; next !== null; next = all.at(-1)?.next ?? null)
        all.push(await page(list, `?limit=${limit}&cursor=${next}`));
      expect(all.flatMap((one) => one[key])).toEqual(whole[key]);
      expect(all).toHaveLength(Math.ceil(count / limit));
    }
  });
});

it.each([
  ['invitations', 'invitations'],
  ['claim-tokens', 'tokens'],
])('%s go on where they ended when the last that was shown is gone', async (list, key) => {
  const first = await page(list, '?limit=2');
  const [, last] = first[key] as { id?: string; invitationId?: string }[];
  const rest = await page(list, `?cursor=${first.next}`);
  expect(kindOf(await admin.ask('DELETE', `spaces/${spaceId}/${list}/${last?.id ?? last?.invitationId}`))).toBe('done');
  expect((await page(list, `?cursor=${first.next}`))[key]).toEqual(rest[key]);
});

it('tells the rooms of each', async () => {
  const told = (await page('members', ''))['members'] as { name: string; roomIds: string[] }[];
  expect(told.filter((member) => member.roomIds.length > 0).map((member) => member.roomIds.toSorted())).toEqual(
    Array.from({ length: 5 }, () => roomIds),
  );
  const invited = (await page('invitations', ''))['invitations'] as { email: string; roomIds: string[] }[];
  expect(invited.find(({ email }) => email === 'invited-2@example.net')?.roomIds.toSorted()).toEqual(roomIds);
});

describe.each(['nodes', 'claimed-nodes', 'members', 'invitations', 'claim-tokens'])('%s', (list) => {
  it.each([
    '?limit=0',
    '?limit=2001',
    '?limit=-1',
    '?limit=1.5',
    '?limit=',
    '?limit=many',
    '?page=2',
    '?cursor=',
    `?cursor=${'x'.repeat(3000)}`,
    '?cursor=%00',
    '?cursor=..%2F..%2Fetc',
    `?cursor=${Buffer.from('not json').toString('base64url')}`,
    `?cursor=${Buffer.from('{"hostname":"a"}').toString('base64url')}`,
    `?cursor=${Buffer.from('[1,2]').toString('base64url')}`,
    `?cursor=${Buffer.from([0xff, 0xfe]).toString('base64url')}`,
    `?cursor=${writeCursor(['a', 'b', 'c'])}`,
    '?cursor=W10&cursor=W10',
  ])('refuse %s', async (query) => {
    const answer = await admin.ask('GET', `spaces/${spaceId}/${list}${query}`);
    expect([answer.status, kindOf(answer)]).toEqual([400, 'invalid-request']);
    expect(answer.text).not.toMatch(/select|sqlite|cursor=/i);
  });
});

it.each(['invitations', 'claim-tokens'])('%s refuse a cursor of no moment', async (list) => {
  for (const atMs of ['soon', '', '1.5', '1e400', ' ']) {
    const answer = await admin.ask('GET', `spaces/${spaceId}/${list}?cursor=${writeCursor([atMs, 'x'])}`);
    expect([answer.status, kindOf(answer)]).toEqual([400, 'invalid-request']);
  }
});
