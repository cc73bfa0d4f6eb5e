// Every route × every principal × {own, foreign, deleted, random}. Four answers are expected and no others: done, 401 to who is nobody, 403 to
// a member whose role may not, and for everything else one and the same 404, byte for byte. [trust T8, X1]

import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '@claimstead/cloud/main-in-tests';
import { rows, type Row } from '../matrix/rows.ts';
import {
  createMatrixWorld,
  isProgram,
  principals,
  roleOf,
  type Ids,
  type MatrixWorld,
  type Principal,
} from '../matrix/world.ts';

let world: MatrixWorld;
let operations: string[];

beforeAll(async () => {
  world = await createMatrixWorld();
  const { paths } = (await world.running.ask({ path: 'openapi.json' })).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}, 60_000);
afterAll(() => world.close());

const isRole = (principal: Principal): boolean => roleOf(principal) !== undefined;
const isKnown = (principal: Principal): boolean =>
  isRole(principal) || principal === 'outsider' || principal === 'program-outsider' || principal === 'former';

function ask(operation: string, row: Row, principal: Principal, ids: Ids, body?: object): Promise<HttpAnswer> {
  const [method = '', pattern = ''] = operation.split(' ');
  const path = pattern
    .replace('{*}', 'api/v1/charts')
    .replace(/\{(\w+)\}/g, (_, key: string) => ids[key] ?? randomUUID());
  return world.ask(principal, { method, path: `${path}${row.query ?? ''}`, body: body ?? row.body?.(world, ids) });
}

/** What must not differ: all but the time and the name of the request. */
const bytesOf = ({ status, headers, text }: HttpAnswer): string => {
  const { date: _date, ...kept } = headers;
  const { requestId: _requestId, ...problem } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify([status, { ...kept, 'content-length': undefined }, problem]);
};

const cells = Object.entries(rows);

it('has a row for every route, and a route for every row', () => {
  expect(operations.length).toBeGreaterThan(20);
  expect(Object.keys(rows).toSorted()).toEqual(operations.toSorted());
});

describe.each(cells.filter(([, row]) => Array.isArray(row.who) || row.who === 'signed-in'))('%s', (operation, row) => {
  const names = (key: string): boolean => operation.includes(`{${key}}`);
  const may = (principal: Principal): boolean => {
    if (row.who === 'signed-in') return isKnown(principal) && (row.programs === true || !isProgram(principal));
    const role = roleOf(principal);
    return role !== undefined && row.who.includes(role);
  };

  it('does for those who may, and for nobody else, what is asked of something own', async () => {
    for (const principal of principals) {
      if (may(principal) && row.onlyRefusals) continue;
      const ids = { ...world.own, ...(may(principal) && (await row.fresh?.(world))) };
      const { status, text } = await ask(operation, row, principal, ids);
      const said = `${principal}: ${status} ${text.slice(0, 200)}`;
      if (!isKnown(principal)) expect(status, said).toBe(401);
      else if (may(principal)) expect(row.own ?? [200, 201, 202, 204], said).toContain(status);
      else expect(status, said).toBe(isRole(principal) || row.who === 'signed-in' ? 403 : 404);
    }
  });

  it('answers foreign, deleted and random ids alike', async () => {
    const keys = ['spaceId', 'nodeId', 'roomId', 'accountId', 'tokenId', 'invitationId', 'webhookId'].filter(names);
    for (const key of keys) {
      for (const principal of principals.filter(isKnown)) {
        if (row.who === 'signed-in') continue;
        const standings = [world.foreign, world.deleted, world.random()].flatMap((ids) => ids[key] ?? []);
        // The outsider is at home in the other Space: to them ids of ours are the foreign ones.
        if (principal.endsWith('outsider')) standings.splice(0, 1, world.own[key] ?? randomUUID());
        const answers = [];
        for (const id of standings) answers.push(await ask(operation, row, principal, { ...world.own, [key]: id }));
        const different = new Set(answers.map(bytesOf));
        expect([...different], `${principal}, ${key}`).toHaveLength(1);
        const isRoleTooLow = isRole(principal) && !may(principal) && key !== 'spaceId' && key !== 'nodeId';
        expect(answers[0]?.status, `${principal}, ${key}: ${answers[0]?.text}`).toBe(isRoleTooLow ? 403 : 404);
      }
    }
  });
});

const withNestedIds = cells.flatMap(([operation, row]) => (row.nested ? [{ operation, row, nested: row.nested }] : []));
describe.each(withNestedIds)('the body of $operation', ({ operation, row, nested }) => {
  it('may name foreign, deleted and random ids, which are answered alike', async () => {
    const answers = [];
    for (const ids of [world.foreign, world.deleted, world.random()])
      answers.push(await ask(operation, row, 'admin', world.own, nested(ids)));
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
    expect(answers[0]?.status).toBeGreaterThanOrEqual(400);
  });
});

const withBody = cells.flatMap(([operation, row]) => (row.body ? [{ operation, row, body: row.body }] : []));
describe.each(withBody)('the body of $operation', ({ operation, row, body }) => {
  it('is refused with anything that the route does not know', async () => {
    const known = body(world, world.own);
    for (const extra of ['role', 'isAdmin', 'userId', 'spaceId', 'id'].filter((key) => !(key in known))) {
      const { status } = await ask(operation, row, 'admin', world.own, { ...known, [extra]: 'admin' });
      expect(status, extra).toBe(400);
    }
  });
});
