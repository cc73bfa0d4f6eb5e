// The audit in SQL.

import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { AuditTable } from '../storage/schema.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { actingDetails } from './acting-token.ts';
import { auditHash, firstAuditHash } from './audit-chain.ts';
import type { AuditEntry, AuditFilter, AuditStore } from './audit.ts';
import { auditHead, verifyAudit } from './audit-chain-store.ts';

export function createAuditStore(storage: Storage): AuditStore {
  return {
    add: (entry) => storage.write((tx) => insertAudit(tx, entry)),
    async page(spaceId, filter, most) {
      const all = storage.read
        .selectFrom('audit')
        .leftJoin('account', 'account.accountId', 'audit.accountId')
        .leftJoin('node', (join) =>
          // A node that moved elsewhere keeps its name to itself.
          join.onRef('node.nodeId', '=', 'audit.nodeId').onRef('node.spaceId', '=', 'audit.spaceId'),
        )
        .selectAll('audit')
        .select(['account.name as accountName', 'account.email as accountEmail', 'node.hostname'])
        .where(matching(filter))
        .orderBy('audit.seq', filter.after === undefined ? 'desc' : 'asc')
        .limit(most);
      const rows = await (spaceId === 'all' ? all : all.where('audit.spaceId', '=', spaceId)).execute();
      return rows.map(withDetails);
    },
    people: (spaceId) =>
      storage.read
        .selectFrom('audit')
        .leftJoin('account', 'account.accountId', 'audit.accountId')
        .select(['audit.accountId', 'account.name', 'account.email'])
        .distinct()
        .where('audit.spaceId', '=', spaceId)
        .where('audit.accountId', 'is not', null)
        .orderBy('account.name')
        .orderBy('audit.accountId')
        .$narrowType<{ accountId: NonNullable<AuditEntry['accountId']> }>()
        .execute(),
    head: async () => (await auditHead(storage.read)) ?? { seq: 0, hash: firstAuditHash },
    verify: (noted) => storage.snapshot((queries) => verifyAudit(queries, noted)),
  };
}

function withDetails<Row extends AuditTable>({ details, ...row }: Row) {
  return { ...row, details: JSON.parse(details) as Record<string, unknown> };
}

/** The query joins account and node; so names stand with their tables, in the words of the database. */
function matching({ before, after, kind, accountId, nodeId, fromMs, untilMs, find }: AuditFilter): RawBuilder<SqlBool> {
  const wanted = [sql<SqlBool>`1 = 1`];
  if (before !== undefined) wanted.push(sql`audit.seq < ${before}`);
  if (after !== undefined) wanted.push(sql`audit.seq > ${after}`);
  if (kind !== undefined) wanted.push(sql`audit.kind = ${kind}`);
  if (accountId !== undefined) wanted.push(sql`audit.account_id = ${accountId}`);
  if (nodeId !== undefined) wanted.push(sql`audit.node_id = ${nodeId}`);
  if (fromMs !== undefined) wanted.push(sql`audit.at_ms >= ${fromMs}`);
  if (untilMs !== undefined) wanted.push(sql`audit.at_ms < ${untilMs}`);
  if (find !== undefined) {
    const like = `%${find.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const places = searched.map((column) => sql`lower(${sql.ref(column)}) like lower(${like}) escape '\\'`);
    wanted.push(sql`(${sql.join(places, sql` or `)})`);
  }
  return sql`${sql.join(wanted, sql` and `)}`;
}

const searched = [
  'audit.kind',
  'audit.details',
  'audit.source_network',
  'audit.node_id',
  'audit.claim_id',
  'audit.token_id',
  'account.name',
  'account.email',
  'node.hostname',
];

/** Part of the transaction of what it tells. Transactions run one after the other, so the next number, and the hash before it, are nobody else's. */
export async function insertAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  const { accountId = null, spaceId = null, nodeId = null } = entry;
  const { claimId = null, tokenId = null, sourceNetwork = null } = entry;
  const last = await tx.selectFrom('auditHead').select(['seq', 'hash']).executeTakeFirst();
  // A row that somebody put behind the newest stays, to be found: it must not stop the Cloud.
  const { newest } = await tx
    .selectFrom('audit')
    .select((e) => e.fn.max('seq').as('newest'))
    .executeTakeFirstOrThrow();
  const row = {
    seq: Math.max(last?.seq ?? 0, Number(newest)) + 1,
    atMs: entry.atMs,
    kind: entry.kind,
    accountId,
    spaceId,
    nodeId,
    claimId,
    tokenId,
    sourceNetwork,
    details: JSON.stringify({ ...entry.details, ...actingDetails(accountId) }),
  };
  const hash = auditHash(last?.hash ?? firstAuditHash, row);
  await tx
    .insertInto('audit')
    .values({ ...row, hash })
    .execute();
  await tx.updateTable('auditHead').set({ seq: row.seq, hash }).execute();
}
