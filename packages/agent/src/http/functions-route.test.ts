import { expect, test } from 'vitest';
import type { AgentFunction } from '../functions/agent-function.ts';
import { fillTable, maxRows } from '../functions/table.ts';
import type { AgentReply } from './route.ts';
import { answer } from './routes.ts';
import { nowSecond, testNode } from './testing.ts';

const numbers = (count: number, name = 'numbers'): AgentFunction => ({
  name,
  help: 'Shows numbers.',
  timeoutSeconds: 10,
  updateEverySeconds: 5,
  priority: 100,
  run: async () =>
    fillTable(
      {
        columns: [
          { key: 'N', name: 'Number', type: 'integer', isKey: true, cell: (n: number) => n },
          { key: 'Share', name: 'Share', type: 'bar-with-integer', units: '%', decimals: 2, cell: (n) => n / 0 },
          { key: 'Half', name: 'Half', type: 'bar-with-integer', units: '%', decimals: 2, cell: (n) => n / 2 },
        ],
        defaultSort: 'N',
        charts: { Half: { name: 'Half', columns: ['Half'] } },
        defaultCharts: [['Half', 'N']],
        groupBy: { N: { name: 'Number', columns: ['N'] } },
      },
      Array.from({ length: count }, (_, i) => i),
    ),
});

/** Ends when it is told to, and never by itself. */
const endless: AgentFunction = {
  ...numbers(0, 'endless'),
  run: (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    }),
};

const node = testNode([], [numbers(2), numbers(maxRows + 1, 'many'), endless]);
const json = ({ body }: { body: string | Buffer }): Record<string, unknown> =>
  JSON.parse(body.toString()) as Record<string, unknown>;

test('the list names each function with what it needs, in the shape of stock agents', async () => {
  const { functions } = json(await node.get('/api/v1/functions', 'link')) as { functions: Record<string, object> };
  expect(Object.keys(functions)).toEqual(['numbers', 'many', 'endless']);
  expect(functions['numbers']).toEqual({
    help: 'Shows numbers.',
    timeout: 10,
    version: 0,
    options: ['GLOBAL'],
    tags: 'top',
    access: ['signed-in', 'same-space', 'anonymous-data', 'sensitive-data'],
    priority: 100,
  });
});

test('a table has the keys of stock agents, null for what is no number, and the largest value of a bar', async () => {
  const reply = await node.get('/api/v1/function?function=numbers&timeout=5', 'link');
  expect(reply).toMatchObject({ status: 200, contentType: 'application/json; charset=utf-8' });
  expect(json(reply)).toEqual({
    hostname: 'node"1',
    status: 200,
    type: 'table',
    update_every: 5,
    has_history: false,
    help: 'Shows numbers.',
    data: [
      [0, null, 0],
      [1, null, 0.5],
    ],
    columns: {
      N: {
        index: 0,
        unique_key: true,
        name: 'Number',
        visible: true,
        type: 'integer',
        visualization: 'value',
        value_options: { transform: 'number', decimal_points: 0, default_value: null },
        sort: 'ascending',
        sortable: true,
        sticky: false,
        summary: 'count',
        filter: 'multiselect',
        full_width: false,
        wrap: false,
        default_expanded_filter: false,
      },
      Share: expect.objectContaining({ index: 1, max: 0 }) as object,
      Half: expect.objectContaining({
        index: 2,
        units: '%',
        visualization: 'bar',
        value_options: { units: '%', transform: 'number', decimal_points: 2, default_value: null },
        max: 0.5,
        sort: 'descending',
        summary: 'sum',
        filter: 'range',
      }) as object,
    },
    default_sort_column: 'N',
    charts: { Half: { name: 'Half', type: 'stacked-bar', columns: ['Half'] } },
    default_charts: [['Half', 'N']],
    group_by: { N: { name: 'Number', columns: ['N'] } },
    expires: nowSecond + 5,
  });
});

test('what is too long for an answer is cut off, and said so', async () => {
  const { data, partial, help } = json(await node.get('/api/v1/function?function=many', 'link'));
  expect(data).toHaveLength(maxRows);
  expect(partial).toBe(true);
  expect(help).toContain(`These are ${maxRows} of ${maxRows + 1} rows.`);
});

test.each([
  ['/api/v1/function', 400, /Name a function/],
  ['/api/v1/function?function=nothing', 404, /no function "nothing"/],
])('%s is answered with %d and a sentence', async (target, status, words) => {
  const reply = await node.get(target, 'link');
  expect(reply.status).toBe(status);
  expect(json(reply)).toEqual({ status, errorMessage: expect.stringMatching(words) as string });
});

test.each([
  [0x1b, 200],
  [0x7ff, 200],
  [0x0b, 403],
  [0x1a, 403],
  [0x19, 403],
  [0x13, 403],
  [0, 403],
])('over the link the permissions %d are answered with %d', async (permissions, status) => {
  const reply = await node.get('/api/v1/function?function=numbers', 'link', permissions);
  expect(reply.status).toBe(status);
  if (status === 403) expect(json(reply)['errorMessage']).toContain('You lack permissions');
});

test('the local port knows nobody: it lists functions and runs none', async () => {
  expect((await node.get('/api/v1/functions')).status).toBe(200);
  const reply = await node.get('/api/v1/function?function=numbers');
  expect(reply.status).toBe(412);
  expect(json(reply)['errorMessage']).toContain('only through the Cloud');
});

test('data needs the permission for it as well', async () => {
  expect((await node.get('/api/v1/charts', 'link', 0x08)).status).toBe(200);
  expect((await node.get('/api/v1/charts', 'link', 0)).status).toBe(403);
});

test('a function ends with its asker or its time, and too many at once are refused', async () => {
  const abort = new AbortController();
  const call = async (query: string): Promise<AgentReply> =>
    answer(node.routes, {
      method: 'GET',
      path: '/api/v1/function',
      query: new URLSearchParams(query),
      source: 'link',
      permissions: 0x1b,
      signal: abort.signal,
    });
  const waiting = Array.from({ length: 4 }, () => call('function=endless'));
  expect(await call('function=numbers')).toMatchObject({ status: 503 });
  abort.abort();
  for (const reply of await Promise.all(waiting)) expect(reply.status).toBe(499);
  const late = await node.get('/api/v1/function?function=endless&timeout=1', 'link');
  expect(late.status).toBe(504);
  expect(json(late)['errorMessage']).toContain('longer than 1 s');
  expect((await node.get('/api/v1/function?function=numbers', 'link')).status).toBe(200);
});
