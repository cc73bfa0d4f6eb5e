// A row of the audit as people see it: in words, with the names of whom and what it tells of.

import type { AuditRowView } from '@claimstead/wire/cloud-api/audit';
import { auditKindWords } from './audit-words.ts';

/** As it is read back, or as it came over the private socket. */
type Told = Omit<AuditRowView, 'at' | 'says' | 'account' | 'node'> & {
  atMs: number;
  accountId: string | null;
  accountName: string | null;
  accountEmail: string | null;
  nodeId: string | null;
  hostname: string | null;
};

export function auditRowView(row: Told): AuditRowView {
  const { seq, atMs, kind, accountId, accountName, accountEmail, nodeId, claimId, tokenId, sourceNetwork } = row;
  const { details } = row;
  // A node that is gone was called by a name when that was written.
  const hostname = row.hostname ?? (typeof details['hostname'] === 'string' ? details['hostname'] : null);
  return {
    seq,
    at: new Date(atMs).toISOString(),
    kind,
    says: auditKindWords(kind).says,
    account: accountId === null ? null : { id: accountId, name: accountName, email: accountEmail },
    node: nodeId === null ? null : { id: nodeId, hostname },
    claimId,
    tokenId,
    sourceNetwork,
    details,
  };
}
