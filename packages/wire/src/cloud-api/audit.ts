// The audit of a Space: GET /spaces/:spaceId/audit, GET /spaces/:spaceId/audit/choices, GET /spaces/:spaceId/audit/export.

import { z } from 'zod';

export const mostAuditRows = 200;

const Filter = {
  kind: z.string().min(1).max(64).optional(),
  accountId: z.uuid().optional(),
  nodeId: z.uuid().optional(),
  /** Looked for in names, ids, networks and details, in whatever case. */
  find: z.string().min(1).max(128).optional(),
  from: z.iso.datetime().optional(),
  /** Not included. */
  until: z.iso.datetime().optional(),
};

/** Newest first; `before` is the `next` of the page before. */
export const AuditQuery = z.strictObject({
  ...Filter,
  before: z.coerce.number().int().min(1).optional(),
  most: z.coerce.number().int().min(1).max(mostAuditRows).default(50),
});
export type AuditQuery = z.input<typeof AuditQuery>;

/** `format`: csv for tables, jsonl for programs. */
export const AuditExportQuery = z.strictObject({ ...Filter, format: z.enum(['csv', 'jsonl']) });
export type AuditExportQuery = z.input<typeof AuditExportQuery>;

export const AuditRowView = z.object({
  /** Counts every row of the Cloud; a Space's own leave gaps. */
  seq: z.int(),
  at: z.iso.datetime(),
  kind: z.string(),
  /** The same in words. */
  says: z.string(),
  /** Who did it; null = an agent, somebody on the machine of the Cloud, or the Cloud itself. Without a name: is gone since. */
  account: z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() }).nullable(),
  node: z.object({ id: z.string(), hostname: z.string().nullable() }).nullable(),
  claimId: z.string().nullable(),
  tokenId: z.string().nullable(),
  sourceNetwork: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditRowView = z.infer<typeof AuditRowView>;

export const AuditPage = z.object({
  rows: z.array(AuditRowView),
  /** What to give as `before` for the next page; null = there is none. */
  next: z.int().nullable(),
  /** The newest row of the whole Cloud. Noted elsewhere, its hash shows later whether anything before it was changed. */
  head: z.object({ seq: z.int(), hash: z.string() }),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** What one can filter by. */
export const AuditChoices = z.object({
  kinds: z.array(z.object({ kind: z.string(), says: z.string(), group: z.string() })),
  people: z.array(z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })),
});
export type AuditChoices = z.infer<typeof AuditChoices>;
