// GET /spaces/:spaceId/audit, /spaces/:spaceId/audit/choices, /spaces/:spaceId/audit/export.

import { AuditChoices, AuditExportQuery, AuditPage, AuditQuery, mostAuditRows } from '@claimstead/wire/cloud-api/audit';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { parseNodeId, type AccountId, type SpaceId } from '@claimstead/wire/ids';
import type { z } from 'zod';
import { route, type RouteEntry } from '../http/routes.ts';
import { exportHead, exportLine } from './audit-export.ts';
import { auditRowView } from './audit-view.ts';
import { auditKindsOfSpace } from './audit-words.ts';
import type { AuditFilter, AuditStore } from './audit.ts';

/** Rows of one file: some years of a fleet, and some 20 MB at most. What is older is reached by its time. */
const mostExportedRows = 50_000;

export function auditRoutes({ audit }: { audit: AuditStore }): RouteEntry[] {
  const path = `${apiBase}/spaces/:spaceId/audit`;
  return [
    route({
      method: 'GET',
      path,
      permission: 'see-audit',
      summary: 'What was decided in the Space, newest first.',
      query: AuditQuery,
      responses: { 200: AuditPage },
      handle: async ({ who, query: { before, most, ...filter } }) => {
        // One more than asked for tells whether there is another page.
        const rows = await audit.page(who.spaceId, { ...filterOf(filter), before }, most + 1);
        const shown = rows.slice(0, most);
        const next = rows.length > most ? (shown.at(-1)?.seq ?? null) : null;
        return { status: 200, body: { rows: shown.map(auditRowView), next, head: await audit.head() } };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/choices`,
      permission: 'see-audit',
      summary: 'What the audit of the Space can be narrowed to: kinds of decisions, and people.',
      responses: { 200: AuditChoices },
      handle: async ({ who }) => {
        const people = await audit.people(who.spaceId);
        return {
          status: 200,
          body: {
            kinds: auditKindsOfSpace(),
            people: people.map(({ accountId: id, name, email }) => ({ id, name, email })),
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/export`,
      permission: 'see-audit',
      summary: `The same as a file, newest first, ${mostExportedRows} rows at most.`,
      query: AuditExportQuery,
      handle: async ({ who, query: { format, ...filter }, signal }) => {
        const file = await exported(audit, who.spaceId, filterOf(filter), format, signal);
        return {
          status: 200,
          headers: {
            'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
            'content-disposition': `attachment; filename="audit.${format}"`,
          },
          body: file,
        };
      },
    }),
  ];
}

/** In portions, so that others are served meanwhile. */
async function exported(
  audit: AuditStore,
  spaceId: SpaceId,
  filter: AuditFilter,
  format: 'csv' | 'jsonl',
  signal: AbortSignal,
): Promise<string> {
  const lines = [exportHead(format)];
  let before: number | undefined;
  while (lines.length <= mostExportedRows && !signal.aborted) {
    const rows = await audit.page(spaceId, { ...filter, before }, mostAuditRows);
    for (const row of rows) lines.push(exportLine(auditRowView(row), format));
    before = rows.at(-1)?.seq;
    if (before === undefined || rows.length < mostAuditRows) break;
    await new Promise(setImmediate);
  }
  return lines.join('');
}

type Filter = Omit<z.output<typeof AuditExportQuery>, 'format'>;

const filterOf = ({ kind, accountId, nodeId, find, from, until }: Filter): AuditFilter => ({
  kind,
  accountId: accountId?.toLowerCase() as AccountId | undefined,
  nodeId: parseNodeId(nodeId),
  fromMs: from === undefined ? undefined : Date.parse(from),
  untilMs: until === undefined ? undefined : Date.parse(until),
  find,
});
