// Walks the whole chain of the audit, as of one moment, in portions: an audit may be larger than what one wants in memory.

import type { Queries } from '../storage/storage.ts';
import { createChainWalk, type AuditHead, type AuditVerdict } from './audit-chain.ts';

const rowsAtOnce = 1000;

/** `queries` of one snapshot. `noted`: a hash from elsewhere that one of the rows must have. */
export async function verifyAudit(queries: Queries, noted: string | undefined): Promise<AuditVerdict> {
  const walk = createChainWalk(noted);
  let after: number | undefined;
  for (;;) {
    const all = queries.selectFrom('audit').selectAll().orderBy('seq').limit(rowsAtOnce);
    const rows = await (after === undefined ? all : all.where('seq', '>', after)).execute();
    for (const row of rows) {
      const wrong = walk.row(row);
      if (wrong !== undefined) return wrong;
    }
    after = rows.at(-1)?.seq;
    if (after === undefined || rows.length < rowsAtOnce) break;
  }
  const { count } = await queries
    .selectFrom('audit')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return walk.end(Number(count), await auditHead(queries));
}

export const auditHead = (queries: Queries): Promise<AuditHead | undefined> =>
  queries.selectFrom('auditHead').select(['seq', 'hash']).executeTakeFirst();
