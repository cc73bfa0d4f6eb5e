// What is given on the command line, read; whatever cannot be is refused in one sentence.

import { parseNodeId } from '@claimstead/wire/ids';
import { InvalidArgumentError } from 'commander';
import { auditKinds } from '../audit/audit-words.ts';

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(text);
}

export function hash(text: string): string {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) throw new InvalidArgumentError('It must be a hash of 64 letters and digits.');
  return text.toLowerCase();
}

/** May be given several times; each may be a comma list. */
export function rooms(text: string, before: string[] = []): string[] {
  const named = text.split(',').map((one) => one.trim());
  return [...before, ...named.filter((one) => one !== '')];
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `30m`, `12h` or `7d`; undefined for anything else. */
function span(text: string): number | undefined {
  const [, count = '', unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  return count === '' ? undefined : Number(count) * (unitMs[unit] ?? 0);
}

/** A year at most. */
export function duration(text: string): number {
  const ms = span(text);
  if (ms === undefined || ms > 365 * 86_400_000)
    throw new InvalidArgumentError('It must be a time like 90s, 30m, 12h or 7d, a year at most.');
  return ms;
}

/** A day, or a moment of one, in UTC; or how long ago. */
export function time(text: string): number {
  const ago = span(text);
  if (ago !== undefined) return Math.max(0, Date.now() - ago);
  const [, day = '', clock = '00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)Z?)?$/.exec(text) ?? [];
  const ms = Date.parse(`${day}T${clock}Z`);
  // The 30th of February is read as the 2nd of March.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day))
    throw new InvalidArgumentError('It must be a time like 2026-01-31, 2026-01-31T08:30Z (both UTC), 24h or 7d.');
  return ms;
}

export function auditKind(text: string): string {
  if (!auditKinds().some(({ kind }) => kind === text))
    throw new InvalidArgumentError('The audit knows no such kind; claimstead admin audit --help lists all of them.');
  return text;
}

export function nodeId(text: string): string {
  const id = parseNodeId(text);
  if (id === undefined)
    throw new InvalidArgumentError('It must be the id of a node, as claimstead admin nodes lists it.');
  return id;
}
