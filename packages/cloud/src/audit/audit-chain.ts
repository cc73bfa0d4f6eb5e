// The chain of the audit: each row holds the SHA-256 of the hash before it and of all that it says, and a row in a table of its own holds the
// number and the hash of the newest one. So a row that was edited, taken out, put in or cut off at the end is found by whoever walks the chain.
// Somebody who may write in the database can compute it all anew from some row on: against that helps a hash that was noted elsewhere. [trust T30]

import { createHash } from 'node:crypto';

/** What a row says, as it is kept: every column but the hash, or edits of one would go unseen. */
export interface ChainedRow {
  seq: number;
  atMs: number;
  kind: string;
  accountId: string | null;
  spaceId: string | null;
  nodeId: string | null;
  claimId: string | null;
  tokenId: string | null;
  sourceNetwork: string | null;
  /** The text, not what it is parsed to. */
  details: string;
}

/** What stands before the first row. */
export const firstAuditHash = '0'.repeat(64);

/** Fields in the order in which they are hashed; never changed, as every hash there is was made so. */
const chainedFields = {
  seq: 0,
  atMs: 1,
  kind: 2,
  accountId: 3,
  spaceId: 4,
  nodeId: 5,
  claimId: 6,
  tokenId: 7,
  sourceNetwork: 8,
  details: 9,
} as const satisfies Record<keyof ChainedRow, number>;
const fieldsInOrder = (Object.keys(chainedFields) as (keyof ChainedRow)[]).toSorted(
  (a, b) => chainedFields[a] - chainedFields[b],
);

/** JSON of a list: no value can be mistaken for two, nor null for the word. */
export function auditHash(previousHash: string, row: ChainedRow): string {
  const said = fieldsInOrder.map((field) => row[field]);
  return createHash('sha256')
    .update(JSON.stringify(['claimstead audit 1', previousHash, ...said]))
    .digest('hex');
}

export interface AuditHead {
  /** 0 and `firstAuditHash` before the first row. */
  seq: number;
  hash: string;
}

/** `seq` is the first row that is not as it was; `noted`: the row whose hash was given to compare with. */
export type AuditVerdict =
  | { holds: true; rows: number; head: AuditHead; noted: number | undefined }
  | { holds: false; fault: 'edited' | 'missing' | 'added'; seq: number }
  | { holds: false; fault: 'not-noted'; seq: number };

/** Takes the rows one after the other, by their numbers; `row` answers what is wrong, `end` the verdict. */
export function createChainWalk(noted: string | undefined) {
  let last: AuditHead = { seq: 0, hash: firstAuditHash };
  let notedAt: number | undefined;
  return {
    row(row: ChainedRow & { hash: string }): AuditVerdict | undefined {
      const expected = last.seq + 1;
      if (!Number.isInteger(row.seq) || row.seq < expected) return { holds: false, fault: 'added', seq: row.seq };
      if (row.seq > expected) return { holds: false, fault: 'missing', seq: expected };
      const hash = auditHash(last.hash, row);
      if (hash !== row.hash) return { holds: false, fault: 'edited', seq: row.seq };
      last = { seq: row.seq, hash };
      if (hash === noted) notedAt = row.seq;
      return undefined;
    },
    /** `rows` as the database counts them, and the head as it is kept; undefined = there is none. */
    end(rows: number, head: AuditHead | undefined): AuditVerdict {
      if (rows > last.seq) return { holds: false, fault: 'added', seq: last.seq + 1 };
      if (head === undefined || head.seq > last.seq) return { holds: false, fault: 'missing', seq: last.seq + 1 };
      if (head.seq < last.seq) return { holds: false, fault: 'added', seq: head.seq + 1 };
      if (head.hash !== last.hash) return { holds: false, fault: 'edited', seq: last.seq };
      if (noted !== undefined && notedAt === undefined) return { holds: false, fault: 'not-noted', seq: last.seq };
      return { holds: true, rows: last.seq, head: last, noted: notedAt };
    },
  };
}

/** One sentence, for the command line. */
export function auditVerdictWords(verdict: AuditVerdict): string {
  if (verdict.holds) {
    const { rows, head, noted } = verdict;
    const all = rows === 1 ? 'The one row of the audit holds' : `All ${rows} rows of the audit hold`;
    const compared = noted === undefined ? '' : `, row ${noted} has the hash that was noted`;
    return rows === 0
      ? 'The audit has no row yet, and none was taken away.'
      : `${all}${compared}; the newest, row ${head.seq}, has the hash ${head.hash}.`;
  }
  switch (verdict.fault) {
    case 'edited':
      return `Row ${verdict.seq} of the audit was edited: it does not say what its hash was made of.`;
    case 'missing':
      return `Row ${verdict.seq} of the audit is missing: it was written, and somebody took it away.`;
    case 'added':
      return `Row ${verdict.seq} of the audit was added by something else than the Cloud.`;
    case 'not-noted':
      return `No row of the audit has the hash that was noted, up to row ${verdict.seq}: rows were rewritten or cut off since, or the hash is of another Cloud.`;
  }
}
