// Reading a file of /proc or /sys again and again. The only place where collectors touch files once a second.

import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Cursor } from './cursor.ts';

/** Largest file that is read; what lies behind is cut off. 4 MiB holds /proc/interrupts of 256 cores and 1,000 lines. */
const maxFileBytes = 4 * 1024 * 1024;

/** One buffer for all files: each is parsed before the next one is read. It grows to the largest file and stays. */
let shared = Buffer.allocUnsafeSlow(16 * 1024);
const cursor = new Cursor();

/** A file that is read every tick. It is kept open: the kernel makes its text anew for each read from the start. */
export class ProcFile {
  readonly path: string;
  #fd = -1;

  constructor(root: string, path: string) {
    this.path = join(root, path);
  }

  /**
   * The text as it is now, or undefined where there is no such file (or no permission for it). The cursor is shared: it
   * is good until the next read of any file.
   * @throws Error of the system when reading fails for another reason; the next call opens the file anew.
   */
  read(): Cursor | undefined {
    try {
      if (this.#fd < 0) this.#fd = openSync(this.path, 'r');
      return cursor.over(shared, this.#readAll());
    } catch (error) {
      this.close();
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  /** The kernel hands out a page at a time, so that only a read of nothing tells the end. */
  #readAll(): number {
    let length = 0;
    for (;;) {
      if (length === shared.length && !growShared(length)) return length;
      const count = readSync(this.#fd, shared, length, shared.length - length, length);
      if (count === 0) return length;
      length += count;
    }
  }
}

function growShared(length: number): boolean {
  if (length >= maxFileBytes) return false;
  const grown = Buffer.allocUnsafeSlow(length * 2);
  shared.copy(grown, 0, 0, length);
  shared = grown;
  return true;
}

const absentCodes = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENODEV', 'ENXIO', 'ENOTDIR', 'EOPNOTSUPP']);

/** Not there, not allowed, or a device that went away between two reads: no data rather than a failure. */
function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && absentCodes.has(String(error.code));
}

/** Opens the files below a root folder (`/`, or a copy for tests) and closes them all at the end. */
export class ProcFiles {
  readonly root: string;
  readonly #opened: ProcFile[] = [];

  constructor(root: string) {
    this.root = root;
  }

  /** A file that is read for as long as the agent runs, e.g. `proc/stat`. */
  open(path: string): ProcFile {
    const file = new ProcFile(this.root, path);
    this.#opened.push(file);
    return file;
  }

  /** Whether there is such a file or folder now. */
  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** A small file read once, without its last newline; '' where it cannot be read. */
  readOnce(path: string): string {
    try {
      return readFileSync(join(this.root, path), 'utf8').trimEnd();
    } catch {
      return '';
    }
  }

  closeAll(): void {
    for (const file of this.#opened) file.close();
  }
}
