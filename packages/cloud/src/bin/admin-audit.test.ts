// `claimstead admin audit` as it is shipped, asking a whole Cloud.

import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertAudit } from '../audit/audit-store.ts';
import { cloudFolder } from '../config/data-folder.ts';
import { mostRowsAnswered, type AdminAuditRow } from '../control/audit-commands.ts';
import { claimBody, startRunningCloud, type RunningCloud } from '../main-in-tests.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { bundleProgram, type Bundle } from './program-in-tests.ts';

/** What fills the pages; it belongs to no Space. */
const fillers = 2 * mostRowsAnswered;
let bundle: Bundle;
let running: RunningCloud;
let [cookie, spaceId, nodeId] = ['', '', ''];
beforeAll(async () => {
  bundle = await bundleProgram();
  running = await startRunningCloud();
  const token = await running.claimToken();
  const body = claimBody({ token, hostname: '=cmd|calc' });
  await running.ask({ method: 'PUT', path: `/api/v1/spaces/nodes/${body.node.id}`, body });
  running.clock.advance(60_000);
  cookie = await running.signIn();
  const [claimed] = (await rows('--kind', 'claim-accepted')).list;
  spaceId = claimed?.spaceId ?? '';
  nodeId = claimed?.nodeId ?? '';
  const atMs = running.clock.nowMs() + 60_000;
  const storage = await openSqlite({
    file: cloudFolder(running.folder).databaseFile,
    now: () => atMs,
    synchronous: 'OFF',
    lockWaitMs: 5000,
  });
  await storage.write(async (tx) => {
    for (let n = 0; n < fillers; n++)
      await insertAudit(tx, { atMs: atMs + Math.floor(n / mostRowsAnswered), kind: 'sign-in-refused', details: { n } });
  });
  await storage.close();
}, 90_000);
afterAll(async () => {
  await running.close();
  bundle.remove();
});

const admin = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const given = [bundle.program, 'admin', 'audit', ...args, '--data', running.folder];
    const child = execFile(process.execPath, given, { maxBuffer: 64 << 20 }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
const rows = async (...args: string[]): Promise<{ list: AdminAuditRow[]; err: string }> => {
  const { code, out, err } = await admin('--json', ...args);
  expect(code, err).toBe(0);
  return { list: JSON.parse(out) as AdminAuditRow[], err };
};
const kinds = async (...args: string[]): Promise<string[]> => (await rows(...args)).list.map(({ kind }) => kind);

it('narrows the audit by kind, account, node, Space and time, all at once', async () => {
  const { list, err } = await rows('--kind', 'signed-in', '--account', running.email.toUpperCase());
  expect(list).toMatchObject([{ kind: 'signed-in', spaceId: null, accountEmail: running.email }]);
  expect(err).toBe('');
  const [signIn] = list;
  expect(await kinds('--account', signIn?.accountId ?? '')).toEqual(['signed-in']);
  expect(await kinds('--kind', 'claim-accepted', '--account', running.email)).toEqual([]);
  expect(await kinds('--node', nodeId)).toEqual(['claim-accepted']);
  expect(await kinds('--space', spaceId)).toEqual(['space-made', 'token-made', 'claim-accepted']);
  expect(await kinds('--space', spaceId, '--kind', 'signed-in')).toEqual([]);
  const at = signIn?.at ?? '';
  expect(await kinds('--until', at)).toEqual(['space-made', 'token-made', 'claim-accepted']);
  expect(await kinds('--since', '24h', '--until', at, '--kind', 'token-made')).toEqual(['token-made']);
  expect(await kinds('--since', at, '--account', running.email)).toEqual(['signed-in']);
  expect(await kinds('--until', '2026-01-01')).toEqual([]);
  expect(await admin('--until', '7d')).toMatchObject({ code: 0, out: 'Nothing that was written down fits.\n' });
});

it('refuses what it cannot look for, in one sentence', async () => {
  for (const [args, code, sentence] of [
    [['--kind', 'goat-sold'], 2, /knows no such kind; claimstead admin audit --help lists all of them\./],
    [['--since', 'yesterday'], 2, /It must be a time like 2026-01-31,/],
    [['--since', '2026-02-30'], 2, /It must be a time like/],
    [
      ['--since', '2026-01-02', '--until', '2026-01-02T00:00Z'],
      2,
      /^claimstead: --since must be before --until; .*\.\n$/,
    ],
    [['--node', 'web-1'], 2, /It must be the id of a node/],
    [['--json', '--csv'], 2, /'--csv' cannot be used with option '--json'/],
    [['--account', 'nobody@example.com'], 1, /^claimstead: No account has that e-mail address or id; .*\.\n$/],
    [['--account', nodeId], 1, /^claimstead: No account has/],
    [['--space', 'nowhere'], 1, /^claimstead: No one Space has that id or name; .*\.\n$/],
  ] as const)
    expect(await admin(...args), args.join(' ')).toMatchObject({ code, out: '', err: expect.stringMatching(sentence) });
  expect((await admin('--help')).out).toMatch(/^ {2}signed-in +Signed in$/m);
});

it('prints the newest that fit, or all of them page by page, oldest first', async () => {
  const newest = await rows();
  const all = await rows('--all');
  expect(all.err).toBe('');
  expect(all.list.map(({ seq }) => seq)).toEqual(Array.from({ length: 4 + fillers }, (_, before) => before + 1));
  expect(all.list.slice(0, 4).map(({ kind }) => kind)).toEqual([
    'space-made',
    'token-made',
    'claim-accepted',
    'signed-in',
  ]);
  expect(newest.list).toEqual(all.list.slice(-mostRowsAnswered));
  expect(newest.err).toBe('claimstead: Older rows are left out; --all prints them.\n');
  // Exactly as many as there is room for.
  const latest = await rows('--since', newest.list[0]?.at ?? '');
  expect(latest).toEqual({ list: newest.list, err: '' });
  const lines = (await admin('--all')).out.split('\n');
  expect(lines).toHaveLength(1 + 4 + fillers + 1);
  expect(lines.filter((line) => line.startsWith('SEQ'))).toHaveLength(1);
  expect((await rows('--all', '--kind', 'sign-in-refused')).list).toHaveLength(fillers);
  expect(await admin('verify')).toMatchObject({ code: 0, out: expect.stringContaining(`All ${4 + fillers} rows`) });
});

// [trust T30]
it('writes CSV as the page of the Space exports it, the other way around', async () => {
  const { code, out, err } = await admin('--csv', '--space', spaceId);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain(`,'=cmd|calc,`);
  const exported = await running.ask({ path: `spaces/${spaceId}/audit/export?format=csv`, cookie });
  const [head = '', ...lines] = exported.text.trimEnd().split('\r\n');
  expect(out).toBe([head, ...lines.toReversed(), ''].join('\r\n'));
  const all = (await admin('--csv', '--all')).out.split('\r\n');
  expect(all).toHaveLength(1 + 4 + fillers + 1);
  expect(all.filter((line) => line === head)).toHaveLength(1);
  expect(all[4]).toContain(`,signed-in,Signed in,${running.email},127.0.0.1,`);
  expect((await admin('--csv', '--kind', 'room-made')).out).toBe(`${head}\r\n`);
});
