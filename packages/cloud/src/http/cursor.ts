// Where a page of a list ends, as whoever asks hands it back. It holds nothing but what the last entry of that page showed anyway, so it is
// not signed: a made-up one only starts at another place of a list that its asker may read.

import { CloudError } from '@claimstead/wire/errors';

/** The values that the list is sorted by. */
export const writeCursor = (values: readonly string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/** Throws `invalid-request` for what is none with so many values. */
export function readCursor<const Names extends readonly string[]>(
  cursor: string | undefined,
  names: Names,
): Record<Names[number], string> | undefined {
  if (cursor === undefined) return undefined;
  try {
    if (!/^[\w-]+$/.test(cursor)) throw new Error('not base64url');
    const values: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(cursor, 'base64url')),
    );
    const isOurs =
      Array.isArray(values) && values.length === names.length && values.every((value) => typeof value === 'string');
    if (!isOurs) throw new Error('not the values of this list');
    return Object.fromEntries(names.map((name, at) => [name, String(values[at])])) as Record<Names[number], string>;
  } catch (cause) {
    throw notANext(cause);
  }
}

/** Of a list by time: `atMs` is milliseconds since 1970. Throws as above. */
export function readTimeCursor(cursor: string | undefined): { atMs: number; id: string } | undefined {
  const values = readCursor(cursor, ['atMs', 'id']);
  if (values === undefined) return undefined;
  const atMs = Number(values.atMs);
  if (values.atMs.trim() === '' || !Number.isSafeInteger(atMs)) throw notANext();
  return { atMs, id: values.id };
}

const notANext = (cause?: unknown) =>
  new CloudError('invalid-request', { detail: 'cursor must be the `next` of the page before.', cause });

/**
 * One page, read at once. `read` leaves out what whoever asks does not see: were that done here, a page of few would be read by reading on over
 * all the others, and everybody else would wait.
 */
export async function pageOf<Entry>(parts: {
  limit: number;
  /** Up to `count` entries of those that may be seen. */
  read: (count: number) => Promise<Entry[]>;
  cursorOf: (entry: Entry) => string;
}): Promise<{ page: Entry[]; next: string | null }> {
  const { limit } = parts;
  // One more than asked for tells whether there is another page.
  const read = await parts.read(limit + 1);
  const page = read.slice(0, limit);
  const last = page.at(-1);
  return { page, next: read.length > limit && last !== undefined ? parts.cursorOf(last) : null };
}
