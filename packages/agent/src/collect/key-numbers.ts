// Files that say `Key value` or `Key: value unit` line by line (meminfo, vmstat, snmp6), and files that say it in pairs of
// lines, names above numbers (snmp, netstat). Only the keys that somebody asked for are kept.

import type { Cursor } from './cursor.ts';

const colon = 58;
const newline = 10;

/** The wanted keys of a file and their numbers; a key that the file did not have is NaN. */
export class KeyNumbers {
  readonly values: Float64Array;
  readonly #keys: Buffer[];
  /** Hash of a key → where it is in `values`. No strings are made of what a file says. */
  readonly #byHash = new Map<number, number>();

  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => Buffer.from(key));
    this.values = new Float64Array(keys.length).fill(NaN);
    for (const [i, key] of this.#keys.entries()) {
      const hash = hashOf(key, 0, key.length);
      if (this.#byHash.has(hash)) throw new Error(`The keys "${keys[i]}" and another one share a hash; reword hashOf.`);
      this.#byHash.set(hash, i);
    }
  }

  /** Forgets all numbers. */
  clear(): void {
    this.values.fill(NaN);
  }

  /** Where a key's number is, -1 for a key that nobody asked for. */
  indexOf(bytes: Buffer, from: number, to: number): number {
    const index = this.#byHash.get(hashOf(bytes, from, to));
    if (index === undefined) return -1;
    const key = this.#keys[index] as Buffer;
    return key.length === to - from && key.compare(bytes, from, to) === 0 ? index : -1;
  }

  /** Reads a file of `Key value` lines. */
  parseLines(cursor: Cursor): void {
    this.clear();
    const { values } = this;
    while (!cursor.atEnd) {
      const from = cursor.at;
      while (!cursor.atWordEnd && cursor.bytes[cursor.at] !== colon) cursor.at++;
      const index = this.indexOf(cursor.bytes, from, cursor.at);
      if (index >= 0) {
        if (!cursor.atEnd && cursor.bytes[cursor.at] === colon) cursor.at++;
        values[index] = cursor.number();
      }
      cursor.nextLine();
    }
  }
}

/**
 * Reads a file whose lines come in pairs, `Tcp: ActiveOpens …` above `Tcp: 27 …`; the keys are `Tcp.ActiveOpens`.
 * Kernels add columns, so that the places are found anew when a line of names differs from the one seen before.
 */
export class PairedLines {
  readonly #numbers: KeyNumbers;
  readonly #seen: { names: Buffer; places: Int16Array }[] = [];

  constructor(numbers: KeyNumbers) {
    this.#numbers = numbers;
  }

  /** Adds what the file says; several files can fill one set of numbers, which the caller clears before. */
  parse(cursor: Cursor): void {
    for (let pair = 0; !cursor.atEnd; pair++) {
      const places = this.#placesOf(pair, cursor);
      cursor.nextLine();
      cursor.skipWord();
      for (let column = 0; column < places.length; column++) {
        const value = cursor.number();
        if (value !== value) break;
        const place = places[column] as number;
        if (place >= 0) this.#numbers.values[place] = value;
      }
      cursor.nextLine();
    }
  }

  #placesOf(pair: number, cursor: Cursor): Int16Array {
    const { bytes, at } = cursor;
    const found = bytes.indexOf(newline, at);
    const lineEnd = found < 0 || found > cursor.end ? cursor.end : found;
    const seen = this.#seen[pair];
    if (seen !== undefined && seen.names.length === lineEnd - at && seen.names.compare(bytes, at, lineEnd) === 0) {
      return seen.places;
    }
    const names = Buffer.from(bytes.subarray(at, lineEnd));
    const [group = '', ...columns] = names.toString('latin1').split(' ');
    const keys = columns.map((column) => Buffer.from(`${group.replace(':', '')}.${column}`));
    const places = Int16Array.from(keys, (key) => this.#numbers.indexOf(key, 0, key.length));
    this.#seen[pair] = { names, places };
    return places;
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  return hash;
}
