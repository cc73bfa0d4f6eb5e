// Files with one column per CPU and one line per thing that is counted: /proc/interrupts, /proc/softirqs.

import type { Cursor } from './cursor.ts';

const colon = 58;

export interface CpuRow {
  /** What stands before the colon, e.g. `24` or `TIMER`. */
  name: string;
  nameBytes: Buffer;
  /** What stands behind the numbers, '' for nothing. */
  description: string;
  /** One count per CPU of the table; NaN where the line was shorter. */
  counts: Float64Array;
  total: number;
}

/** The lines of the last parse, in the order of the file. Lines are recognised by name: they come and go. */
export class CpuTable {
  /** Numbers of the CPUs that have a column; those that are offline have none. */
  cpus: number[] = [];
  rows: CpuRow[] = [];
  #known = new Map<string, CpuRow>();
  #header: Buffer = Buffer.alloc(0);

  /** An empty or foreign text gives no rows. */
  parse(cursor: Cursor): void {
    this.#parseHeader(cursor);
    let line = 0;
    while (!cursor.atEnd && this.cpus.length > 0) {
      cursor.skipBlanks();
      const row = this.#rowAt(line, cursor);
      if (row !== undefined) {
        this.#parseCounts(row, cursor);
        line++;
      }
      cursor.nextLine();
    }
    this.rows.length = line;
    if (this.#known.size > 2 * line + 64) this.#known = new Map(this.rows.map((row) => [row.name, row]));
  }

  #parseHeader(cursor: Cursor): void {
    const from = cursor.at;
    while (!cursor.atLineEnd) cursor.at++;
    const same = this.#header.length === cursor.at - from && this.#header.compare(cursor.bytes, from, cursor.at) === 0;
    if (!same) {
      this.#header = Buffer.from(cursor.bytes.subarray(from, cursor.at));
      const names = this.#header.toString('latin1').split(/\s+/);
      this.cpus = names.filter((name) => /^CPU\d{1,5}$/.test(name)).map((name) => Number(name.slice(3)));
      this.rows = [];
      this.#known.clear();
    }
    cursor.nextLine();
  }

  #rowAt(line: number, cursor: Cursor): CpuRow | undefined {
    const from = cursor.at;
    while (!cursor.atWordEnd && cursor.bytes[cursor.at] !== colon) cursor.at++;
    const to = cursor.at;
    if (cursor.atWordEnd || to === from) return undefined;
    cursor.at++;
    const expected = this.rows[line];
    if (expected !== undefined && expected.nameBytes.length === to - from) {
      if (expected.nameBytes.compare(cursor.bytes, from, to) === 0) return expected;
    }
    const nameBytes = Buffer.from(cursor.bytes.subarray(from, to));
    const name = nameBytes.toString('latin1');
    const row = this.#known.get(name) ?? {
      name,
      nameBytes,
      description: '',
      counts: new Float64Array(this.cpus.length),
      total: 0,
    };
    this.#known.set(name, row);
    this.rows[line] = row;
    this.#describe(row, cursor);
    return row;
  }

  #describe(row: CpuRow, cursor: Cursor): void {
    const { at } = cursor;
    for (let i = 0; i < this.cpus.length && !Number.isNaN(cursor.number()); i++);
    row.description = cursor.restOfLine();
    cursor.at = at;
  }

  #parseCounts(row: CpuRow, cursor: Cursor): void {
    row.total = 0;
    for (let i = 0; i < row.counts.length; i++) {
      const count = cursor.number();
      row.counts[i] = count;
      if (count === count) row.total += count;
    }
  }
}
