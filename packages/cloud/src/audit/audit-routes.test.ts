import type { AuditPage } from '@claimstead/wire/cloud-api/audit';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimBody, startRunningCloud, type HttpAnswer, type RunningCloud } from '../main-in-tests.ts';
import { csvCell, exportLine } from './audit-export.ts';
import { auditKinds, auditKindWords } from './audit-words.ts';

describe('the audit of a Space', () => {
  let running: RunningCloud;
  let cookie = '';
  let spaceId = '';
  const hosts = ['web-1', '=cmd|calc', 'a,"b";c', 'Z\u00fcrich', '100%_x'];
  const nodeIds: string[] = [];
  beforeAll(async () => {
    running = await startRunningCloud();
    cookie = await running.signIn();
    spaceId = (await ask('spaces')).json<{ spaces: { id: string }[] }>().spaces[0]?.id ?? '';
    const token = await running.claimToken({});
    for (const hostname of hosts) {
      running.clock.advance(60_000);
      const body = claimBody({ token, hostname });
      await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
    }
    const { nodes } = (await ask(`spaces/${spaceId}/nodes`)).json<{ nodes: { nodeId: string; hostname: string }[] }>();
    for (const hostname of hosts) nodeIds.push(nodes.find((node) => node.hostname === hostname)?.nodeId ?? '');
    await running.ask({ method: 'POST', path: `spaces/${spaceId}/claim-commands`, body: { roomIds: [] }, cookie });
  });
  afterAll(() => running.close());
  /** The second row is the sign-in of the test, which is in no Space. */
  const ofTheSpace = [9, 8, 7, 6, 5, 4, 3, 1];
  const ask = (path: string): Promise<HttpAnswer> => running.ask({ path, cookie });
  const page = async (query: Record<string, string | number> = {}): Promise<AuditPage> => {
    const search = new URLSearchParams(
      Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    );
    return (await ask(`spaces/${spaceId}/audit?${search.toString()}`)).json<AuditPage>();
  };
  const names = async (query: Record<string, string | number>): Promise<(string | null)[]> =>
    (await page(query)).rows.map((row) => row.node?.hostname ?? null);

  it('comes newest first, in words, with names of today', async () => {
    const { rows, next, head } = await page();
    expect(rows.map((row) => row.says)).toEqual([
      'Claiming token made',
      ...hosts.map(() => 'Node claimed'),
      'Claiming token made',
      'Space made',
    ]);
    expect(rows.map((row) => row.seq)).toEqual(ofTheSpace);
    expect(next).toBeNull();
    expect(head).toEqual({ seq: 9, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(rows[1]).toMatchObject({ node: { id: nodeIds[4], hostname: '100%_x' }, sourceNetwork: '127.0.0.1' });
  });

  it('is read page by page, and what comes meanwhile moves nothing', async () => {
    const seen: number[] = [];
    let before: number | null | undefined;
    do {
      const { rows, next } = await page({ most: 3, ...(before ? { before } : {}) });
      seen.push(...rows.map((row) => row.seq));
      before = next;
    } while (before !== null);
    expect(seen).toEqual(ofTheSpace);
    for (const query of ['most=201', 'most=0', 'before=x', 'other=1', 'from=yesterday', 'accountId=x'])
      expect((await ask(`spaces/${spaceId}/audit?${query}`)).status, query).toBe(400);
  });

  it('is narrowed by kind, node, time and words', async () => {
    expect(await names({ kind: 'claim-accepted' })).toEqual(hosts.toReversed());
    expect(await names({ nodeId: nodeIds[0] ?? '' })).toEqual(['web-1']);
    expect(await names({ find: 'WEB-1' })).toEqual(['web-1']);
    expect(await names({ find: '%_' })).toEqual(['100%_x']);
    expect(await names({ find: '"b"' })).toEqual(['a,"b";c']);
    expect(await names({ find: 'a,' })).toEqual(['a,"b";c']);
    expect(await names({ kind: 'no-such' })).toEqual([]);
    const { rows } = await page();
    const at = rows[3]?.at ?? '';
    expect((await page({ from: at })).rows.map((row) => row.seq)).toEqual([9, 8, 7, 6]);
    expect((await page({ until: at })).rows.map((row) => row.seq)).toEqual([5, 4, 3, 1]);
    expect((await page({ accountId: randomUUID() })).rows).toEqual([]);
  });

  it('goes into files, one row on a line', async () => {
    const csv = await ask(`spaces/${spaceId}/audit/export?format=csv&kind=claim-accepted`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit.csv"');
    const lines = csv.text.split('\r\n');
    expect(lines).toHaveLength(hosts.length + 2);
    expect(lines[0]).toMatch(/^seq,at,kind,says,account,/);
    expect(csv.text).toContain(`,'=cmd|calc,`);
    expect(csv.text).toContain(`,"a,""b"";c",`);
    const jsonl = await ask(`spaces/${spaceId}/audit/export?format=jsonl`);
    const rows = jsonl.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number });
    expect(rows.map((row) => row.seq)).toEqual((await page()).rows.map((row) => row.seq));
  });

  it('keeps the name of a node that is gone', async () => {
    await running.ask({ method: 'DELETE', path: `nodes/${nodeIds[3]}`, cookie });
    expect(await names({ kind: 'node-removed' })).toEqual(['Z\u00fcrich']);
  });

  it('offers what one can narrow it to', async () => {
    const { kinds, people } = (await ask(`spaces/${spaceId}/audit/choices`)).json<{
      kinds: object[];
      people: object[];
    }>();
    expect(kinds).toContainEqual({ kind: 'claim-accepted', says: 'Node claimed', group: 'Claims and nodes' });
    expect(people).toBeInstanceOf(Array);
    // What no row of a Space is would only ever find nothing.
    const offered = (kinds as { kind: string }[]).map(({ kind }) => kind);
    expect(offered).toContain('api-token-made');
    for (const kind of ['signed-in', 'password-changed', 'restored']) expect(offered).not.toContain(kind);
  });
});

// [trust T30]
describe('hostile names', () => {
  const names = [
    'a\nb',
    'a\r\nb',
    '\u001b[2J',
    'x\u2028y\u2029z',
    '\u202Eevil\u2066',
    '\u0085',
    '\ud800',
    '\u{E0041}',
    '=1+1',
    '\t=1',
    '＝1',
  ];
  const row = (name: string) => ({
    seq: 1,
    at: '2026-01-01T00:00:00.000Z',
    kind: 'node-removed',
    says: 'Node removed',
    account: null,
    node: { id: name, hostname: name },
    claimId: null,
    tokenId: null,
    sourceNetwork: null,
    details: { [name]: name },
  });

  it.each(names)('keep one row on one line: %j', (name) => {
    for (const format of ['csv', 'jsonl'] as const) {
      const line = exportLine(row(name), format);
      expect(line).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*\r?\n$/u);
    }
    expect(JSON.parse(exportLine(row(name), 'jsonl'))).toEqual(row(name));
  });

  it('are no formulas', () => {
    for (const name of ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '＝1', '＋1', ' =1', '\u00a0@x'])
      expect(csvCell(name), name).toMatch(/^'/);
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  });
});

describe('words', () => {
  it('are there for every kind, and readable for one that is not known', () => {
    for (const { says, group } of auditKinds()) expect(`${group}: ${says}`).toMatch(/^[A-Z].+: [A-Z].+[^.]$/);
    expect(auditKindWords('goat-sold')).toEqual({ says: 'Goat sold', group: 'Others' });
    expect(auditKindWords('constructor').group).toBe('Others');
  });
});
