// The audit as a file: one row, one line, whatever the names in it hold. [trust T30]

import type { AuditRowView } from '@claimstead/wire/cloud-api/audit';

/** Marks that end a line, steer a terminal or turn the direction of text, for some reader or other. */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const escaped = (sign: string): string =>
  Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');

/** Such marks as JSON writes them, in JSON as well as in any other text: then they are letters. */
export const onOneLine = (text: string): string => text.replace(steering, escaped);

/** What spreadsheets take for the beginning of a formula, also in its wide form, and behind blanks. */
const formula = /^\p{Z}*[=+\-@＝＋－＠\t\r]/u;

export function csvCell(text: string): string {
  const line = onOneLine(text);
  const harmless = formula.test(text) ? `'${line}` : line;
  return /[",;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const columns: readonly [string, (row: AuditRowView) => string | null][] = [
  ['seq', ({ seq }) => String(seq)],
  ['at', ({ at }) => at],
  ['kind', ({ kind }) => kind],
  ['says', ({ says }) => says],
  ['account', ({ account }) => account?.email ?? account?.id ?? null],
  ['network', ({ sourceNetwork }) => sourceNetwork],
  ['node', ({ node }) => node?.hostname ?? null],
  ['node id', ({ node }) => node?.id ?? null],
  ['claim id', ({ claimId }) => claimId],
  ['token id', ({ tokenId }) => tokenId],
  ['details', ({ details }) => JSON.stringify(details)],
];

export const exportHead = (format: 'csv' | 'jsonl'): string =>
  format === 'csv' ? `${columns.map(([name]) => name).join(',')}\r\n` : '';

export const exportLine = (row: AuditRowView, format: 'csv' | 'jsonl'): string =>
  format === 'csv'
    ? `${columns.map(([, cell]) => csvCell(cell(row) ?? '')).join(',')}\r\n`
    : `${onOneLine(JSON.stringify(row))}\n`;
