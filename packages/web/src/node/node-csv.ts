// Nodes as a table for other programs: RFC 4180, every cell between quotes. Names come from strangers, and a spreadsheet runs a cell that
// begins like a formula; so such a cell gets an apostrophe before it, which spreadsheets take as "this is text". Pure.

import { plainText } from '../ui/plain-text.ts';
import type { ManagedNode } from './managed-nodes.ts';
import { whyWords } from './managed-nodes.ts';

/**
 * What a spreadsheet may begin to calculate at, also behind blanks and invisible characters, also in the full width of East Asian keyboards.
 * A tab or a line end can move the rest into a cell of its own.
 */
const beginsLikeFormula = /^[\p{Z}\p{C}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** Marks that steer a terminal or reorder text are shown as what they are, as on every page. */
export function csvCell(text: string): string {
  const safe = beginsLikeFormula.test(text) ? `'${text}` : text;
  return `"${plainText(safe).replaceAll('"', '""')}"`;
}

export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');

const columns: readonly [name: string, value: (one: ManagedNode) => string | null | undefined][] = [
  ['host name', ({ node }) => node.hostname],
  ['state', ({ node }) => node.state],
  ['since', ({ node }) => node.since],
  ['why', ({ more }) => whyWords(more)],
  ['last link error', ({ node }) => node.lastLinkError],
  [
    'contested',
    ({ node }) => node.contested?.hosts.map(({ hostname, address }) => `${hostname} (${address})`).join('; '),
  ],
  ['rooms', ({ node }) => node.rooms.map(({ name }) => name).join('; ')],
  ['agent version', ({ node }) => node.info?.agentVersion],
  ['streamed by', ({ node }) => node.via?.hostname],
  ['key fingerprint (sha256)', ({ more }) => more?.keyFingerprint],
  ['claimed at', ({ more }) => more?.claimed?.at],
  ['claimed by', ({ more }) => more?.claimed?.by?.email],
  ['claimed with token', ({ more }) => more?.claimed?.tokenName],
  ['claimed from', ({ more }) => more?.claimed?.from],
  ['node id', ({ node }) => node.nodeId],
  ['claim id', ({ node }) => node.claimId],
  ['machine guid', ({ node }) => node.machineGuid],
];

export const nodesCsv = (nodes: readonly ManagedNode[]): string =>
  csvOf([columns.map(([name]) => name), ...nodes.map((one) => columns.map(([, value]) => value(one) ?? ''))]);
