// Lines of `strace -xx -y` → what happened to files. Only what matters for durability is read.

/** One call that succeeded, in the order in which the kernel saw it. */
export type SystemCall =
  | { call: 'write-at'; file: string; offset: number; bytes: Buffer }
  | { call: 'truncate'; file: string; size: number }
  /** Of a file or a folder. */
  | { call: 'sync'; file: string }
  | { call: 'unlink'; file: string }
  /** Bytes that went to standard output. */
  | { call: 'say'; bytes: Buffer };

/** What strace is asked for. One thread (no -f), texts in hex and whole, descriptors with their paths. */
export const straceArguments = [
  '-xx',
  '-y',
  '-s',
  '1000000',
  '-e',
  'trace=pwrite64,pwritev,pwritev2,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,write',
];

const line = /^(\w+)\((\d+)<([^>]*)>(.*)\)\s+= (-?\d+)/;
const removal = /^unlink\("([^"]*)"\)\s+= 0/;
/** Ways to change files that SQLite does not use here; should it begin to, the test must learn of it. */
const notFollowed = /^(pwritev2?|unlinkat|rename)\(.* = \d/;
const positioned = /^, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, \d+, (\d+)$/;
const plain = /^, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, \d+$/;

/** Undefined for lines that are of no interest. Throws on one that it should understand and does not: a test must not pass by blindness. */
export function parseSystemCall(text: string): SystemCall | undefined {
  if (notFollowed.test(text)) throw new Error(`a change that is not followed: ${text.slice(0, 200)}`);
  const [, removed] = removal.exec(text) ?? [];
  if (removed !== undefined) return { call: 'unlink', file: fromHex(removed).toString('utf8') };
  const [, call, descriptor, path, rest, result] = line.exec(text) ?? [];
  if (call === undefined || rest === undefined || path === undefined || Number(result) < 0) return undefined;
  const file = fromHex(path).toString('utf8');
  switch (call) {
    case 'pwrite64': {
      const [, hex, cut, offset] = positioned.exec(rest) ?? [];
      if (hex === undefined || cut !== undefined) throw new Error(`a write that cannot be read: ${text.slice(0, 200)}`);
      return { call: 'write-at', file, offset: Number(offset), bytes: fromHex(hex).subarray(0, Number(result)) };
    }
    case 'ftruncate':
      return { call: 'truncate', file, size: Number(rest.slice(2)) };
    case 'fsync':
    case 'fdatasync':
      return { call: 'sync', file };
    case 'write': {
      if (descriptor !== '1') return undefined;
      const [, hex] = plain.exec(rest) ?? [];
      return hex === undefined ? undefined : { call: 'say', bytes: fromHex(hex) };
    }
    default:
      return undefined;
  }
}

/** `\x41\x42` → AB; strace leaves what is not escaped as it is. */
function fromHex(text: string): Buffer {
  return text.startsWith('\\x') ? Buffer.from(text.replaceAll('\\x', ''), 'hex') : Buffer.from(text, 'utf8');
}
