// `claimstead admin audit`: rows of the audit, asked for page by page and printed as they come, oldest first. So a whole audit needs the memory of
// one page, here and in the Cloud, and an export that is made again is the one before with more at its end.

import { exportHead, exportLine } from '../audit/audit-export.ts';
import { auditRowView } from '../audit/audit-view.ts';
import { auditKindWords } from '../audit/audit-words.ts';
import { ConfigError } from '../config/config-error.ts';
import { mostRowsAnswered, type AdminAuditRow, type AuditWanted } from '../control/audit-commands.ts';
import { createTable, print } from './print.ts';

/** As it is typed. */
export interface AuditAsked extends Pick<AuditWanted, 'kind' | 'account' | 'nodeId' | 'fromMs' | 'untilMs'> {
  space: string | undefined;
  /** Every row, instead of the newest. */
  all: boolean;
  form: 'table' | 'json' | 'csv';
}

/** `ask` throws what the Cloud refuses with. */
export async function printAudit(
  ask: (command: 'audit', body: AuditWanted) => Promise<unknown>,
  { all, form, space, ...filter }: AuditAsked,
): Promise<void> {
  const { fromMs, untilMs } = filter;
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs)
    throw new ConfigError('--since must be before --until; no row can be between them.');
  const rowsOf = async (place: { before?: number; after?: number }, most = mostRowsAnswered) =>
    (await ask('audit', { ...filter, ...place, space: space ?? null, most })) as AdminAuditRow[];
  const { part, end } = forms[form]();
  let rows = await rowsOf(all ? { after: 0 } : {});
  const [first] = rows;
  for (;;) {
    if (rows.length > 0) await print(part(rows));
    const last = rows.at(-1);
    if (!all || last === undefined || rows.length < mostRowsAnswered) break;
    rows = await rowsOf({ after: last.seq });
  }
  await print(end());
  if (all || first === undefined || rows.length < mostRowsAnswered) return;
  if ((await rowsOf({ before: first.seq }, 1)).length > 0)
    process.stderr.write('claimstead: Older rows are left out; --all prints them.\n');
}

/** `part` is text of the next rows, of which there are some; `end` what stands after the last, or for none at all. */
interface Form {
  part(rows: readonly AdminAuditRow[]): string;
  end(): string;
}

const heads = ['SEQ', 'AT', 'KIND', 'SAYS', 'ACCOUNT', 'FROM', 'SPACE', 'NODE', 'CLAIM', 'TOKEN', 'DETAILS'];

const forms: Readonly<Record<AuditAsked['form'], () => Form>> = {
  table() {
    const table = createTable();
    let unsaid = [heads];
    return {
      part(rows) {
        const text = table([...unsaid, ...rows.map(cells)]);
        unsaid = [];
        return text;
      },
      end: () => (unsaid.length === 0 ? '' : 'Nothing that was written down fits.\n'),
    };
  },
  json() {
    let before = '[';
    return {
      part: (rows) =>
        rows
          .map((row) => {
            const text = `${before}\n  ${JSON.stringify(row, undefined, 2).replaceAll('\n', '\n  ')}`;
            before = ',';
            return text;
          })
          .join(''),
      end: () => (before === '[' ? '[]\n' : '\n]\n'),
    };
  },
  csv() {
    let head = exportHead('csv');
    return {
      part(rows) {
        const lines = rows.map(({ at, ...row }) => exportLine(auditRowView({ ...row, atMs: Date.parse(at) }), 'csv'));
        const text = `${head}${lines.join('')}`;
        head = '';
        return text;
      },
      end: () => head,
    };
  },
};

const cells = (row: AdminAuditRow): string[] => [
  String(row.seq),
  row.at,
  row.kind,
  auditKindWords(row.kind).says,
  row.accountId ?? '-',
  row.sourceNetwork ?? '-',
  row.spaceId ?? '-',
  row.nodeId ?? '-',
  row.claimId ?? '-',
  row.tokenId ?? '-',
  JSON.stringify(row.details),
];
