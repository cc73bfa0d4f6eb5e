import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { managedNodes, matchingNodes, sortedNodes, whyWords } from './managed-nodes.ts';
import { csvCell, csvOf, nodesCsv } from './node-csv.ts';
import { choose, chooseAll, noSelection, onlyExisting } from './row-selection.ts';

const node = (nodeId: string, change: Partial<NodeView> = {}): NodeView =>
  ({
    nodeId,
    hostname: nodeId,
    state: 'live',
    since: '2026-01-01T00:00:00.000Z',
    claimedAt: '2026-01-01T00:00:00.000Z',
    rooms: [],
    contested: null,
    info: null,
    via: null,
    lastLinkError: null,
    claimId: null,
    machineGuid: nodeId,
    ...change,
  }) as NodeView;
const version = (agentVersion: string) => ({ info: { agentVersion } }) as Partial<NodeView>;

describe('the list', () => {
  const all = managedNodes(
    [
      node('web-10', { state: 'offline', ...version('v2.9.0') }),
      node('web-2', version('v2.10.0')),
      node('db', { contested: { hosts: [], sinceMs: 1 } }),
    ],
    undefined,
  );
  const names = (search: Parameters<typeof sortedNodes>[1]): string[] =>
    matchingNodes(sortedNodes(all, search), search).map((one) => one.node.hostname);
  it('is by name with numbers as numbers, unless somebody sorts', () => {
    expect(names({})).toEqual(['db', 'web-2', 'web-10']);
    expect(names({ order: 'descending' })).toEqual(['web-10', 'web-2', 'db']);
    expect(names({ sort: 'state' })).toEqual(['web-10', 'db', 'web-2']);
    expect(names({ sort: 'version', order: 'descending' })).toEqual(['web-2', 'web-10', 'db']);
  });
  it('shows what fits every filter; a version of "" is one that was not told', () => {
    expect(names({ state: 'live', find: 'WEB' })).toEqual(['web-2']);
    expect(names({ version: '' })).toEqual(['db']);
    expect(names({ contested: 'only' })).toEqual(['db']);
  });
  it('says why a node is not live, and shows marks that would reorder the sentence', () => {
    const down = { cause: 'link-closed', words: 'a\u202eb', since: '' } as const;
    expect(whyWords({ down } as ClaimedNodeView)).toBe('Its link closed because a\ufffdb.');
  });
});

describe('choosing rows', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];
  const one = (id: string, isRange = false) => ({ id, isRange });
  const after = (...steps: { id: string; isRange: boolean }[]): string[] =>
    [...steps.reduce((now, { id, isRange }) => choose(now, id, { order, isRange }), noSelection).chosen].sort();
  it('takes ranges in both directions, from where the last choice was', () => {
    expect(after(one('b'), one('d', true))).toEqual(['b', 'c', 'd']);
    expect(after(one('d'), one('b', true))).toEqual(['b', 'c', 'd']);
    expect(after(one('b'), one('d', true), one('c'))).toEqual(['b', 'd']);
    expect(after(one('c', true))).toEqual(['c']);
  });
  it('chooses all that are shown, or none of them, and forgets what is gone', () => {
    const all = chooseAll({ chosen: new Set(['z', 'a']), anchor: null }, order);
    expect([...all.chosen].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'z']);
    expect([...chooseAll(all, order).chosen]).toEqual(['z']);
    expect([...onlyExisting(all, (id) => id === 'b').chosen]).toEqual(['b']);
  });
});

/** RFC 4180, read back. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split('\r\n').slice(0, -1)) {
    const cells = line.match(/"(?:[^"]|"")*"/g) ?? [];
    expect(cells.join(',')).toBe(line);
    rows.push(cells.map((cell) => cell.slice(1, -1).replaceAll('""', '"')));
  }
  return rows;
}

describe('the table for other programs', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u200b=1', '\ufeff@x', '＝1', '＋1'])(
    'lets %j not be calculated',
    (text) => expect(csvCell(text)).toMatch(/^"'/),
  );
  it('leaves other text alone, but for quotes and marks that steer', () => {
    expect(csvCell('web-1')).toBe('"web-1"');
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    expect(csvCell('\u001b[31mred\u202e')).toBe('"\ufffd[31mred\ufffd"');
  });
  it('has as many cells in every row, whatever strangers are called', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 3, maxLength: 3 })), (rows) => {
        const read = readCsv(csvOf(rows));
        expect(read.map((row) => row.length)).toEqual(rows.map(() => 3));
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    const [heads, row] = readCsv(nodesCsv(managedNodes([node('=cmd|x', { lastLinkError: '@no' })], undefined)));
    expect(heads?.length).toBe(row?.length);
    expect(row?.slice(0, 2)).toEqual(["'=cmd|x", 'live']);
    expect(row).toContain("'@no");
  });
});
