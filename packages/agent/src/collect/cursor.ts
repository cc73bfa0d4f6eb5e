// Walks over the bytes of a file from /proc without making strings of them: once a second, a few thousand numbers.

const newline = 10;
const space = 32;
const tab = 9;
const minus = 45;
const dot = 46;
const zero = 48;

/** A position in a text. Nothing here reads behind `end`, whatever the text looks like. */
export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;

  /** Starts at the first of `length` bytes. */
  over(bytes: Buffer, length: number): this {
    this.bytes = bytes;
    this.at = 0;
    this.end = length;
    return this;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  get atLineEnd(): boolean {
    return this.at >= this.end || this.bytes[this.at] === newline;
  }

  /** Goes behind the next newline. */
  nextLine(): void {
    const found = this.bytes.indexOf(newline, this.at);
    this.at = found < 0 || found >= this.end ? this.end : found + 1;
  }

  skipBlanks(): void {
    while (this.at < this.end) {
      const byte = this.bytes[this.at];
      if (byte !== space && byte !== tab) return;
      this.at++;
    }
  }

  /** Goes behind the next word. */
  skipWord(): void {
    this.skipBlanks();
    while (!this.atWordEnd) this.at++;
  }

  get atWordEnd(): boolean {
    if (this.at >= this.end) return true;
    const byte = this.bytes[this.at] as number;
    return byte === space || byte === newline || byte === tab;
  }

  /**
   * The number that comes next on this line, behind blanks: digits with an optional sign and fraction. NaN without
   * moving on where there is none. Above 2^53 it is near, not exact.
   */
  number(): number {
    this.skipBlanks();
    const start = this.at;
    const negative = this.bytes[start] === minus && start < this.end;
    if (negative) this.at++;
    const firstDigit = this.at;
    let value = this.#digits();
    if (this.at === firstDigit) {
      this.at = start;
      return NaN;
    }
    if (this.at < this.end && this.bytes[this.at] === dot) {
      this.at++;
      const fraction = this.at;
      value += this.#digits() / 10 ** (this.at - fraction);
    }
    return negative ? -value : value;
  }

  /** The hexadecimal number that comes next, NaN where there is none. */
  hexNumber(): number {
    this.skipBlanks();
    let value = NaN;
    while (this.at < this.end) {
      const byte = this.bytes[this.at] as number;
      const digit = byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : -1;
      if (digit < 0) break;
      value = value === value ? value * 16 + digit : digit;
      this.at++;
    }
    return value;
  }

  /** The next word of this line, behind blanks; '' at the end of the line. Makes a string: not for the hot path. */
  word(): string {
    this.skipBlanks();
    const start = this.at;
    while (!this.atWordEnd) this.at++;
    return this.bytes.toString('utf8', start, this.at);
  }

  /** The rest of this line without the blanks around it. Makes a string: not for the hot path. */
  restOfLine(): string {
    const start = this.at;
    while (!this.atLineEnd) this.at++;
    return this.bytes.toString('utf8', start, this.at).trim();
  }

  /** Whether these bytes come next; goes behind them if so. */
  take(expected: Uint8Array): boolean {
    const length = expected.length;
    if (this.at + length > this.end) return false;
    for (let i = 0; i < length; i++) if (this.bytes[this.at + i] !== expected[i]) return false;
    this.at += length;
    return true;
  }

  #digits(): number {
    let value = 0;
    while (this.at < this.end) {
      const digit = (this.bytes[this.at] as number) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.at++;
    }
    return value;
  }
}

/** A cursor over a text, for tests and one-time readings. */
export function cursorOver(text: string): Cursor {
  const bytes = Buffer.from(text);
  return new Cursor().over(bytes, bytes.length);
}
