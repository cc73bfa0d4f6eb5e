// A stream of bytes, cut into what it consists of: HTTP messages, then, once the connection is upgraded, WebSocket frames.

/** Bytes of a message's head: agents' heads are below 1 KiB, the Cloud's below 2. */
const maxHeadBytes = 64 * 1024;

const headEnd = Buffer.from('\r\n\r\n');

export interface StreamCutter {
  push(bytes: Buffer): void;
  /** From now on, and for what was not cut yet, the stream is WebSocket frames. */
  upgrade(): void;
}

/** A message is its head and its body; one that only says `100` has a head. Bodies are as long as `Content-Length` says. */
export function cutStream(
  onHttp: (message: Buffer) => void,
  onFrame: (opcode: number, payload: Buffer) => void,
): StreamCutter {
  let rest = Buffer.alloc(0);
  let upgraded = false;
  const next = (): boolean => {
    if (upgraded) {
      const frame = readFrame(rest);
      if (frame === undefined) return false;
      rest = rest.subarray(frame.bytes);
      onFrame(frame.opcode, frame.payload);
      return true;
    }
    const length = messageLength(rest);
    if (length === undefined || rest.length < length) return false;
    const message = rest.subarray(0, length);
    rest = rest.subarray(length);
    onHttp(message);
    return true;
  };
  return {
    push(bytes) {
      rest = Buffer.concat([rest, bytes]);
      while (next());
    },
    upgrade() {
      upgraded = true;
      while (next());
    },
  };
}

/** Undefined until the head is complete. */
function messageLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(headEnd);
  if (end < 0) {
    if (bytes.length > maxHeadBytes) throw new Error('a head of an HTTP message without an end');
    return undefined;
  }
  const head = bytes.toString('latin1', 0, end);
  const body = /^content-length: *(\d+)$/im.exec(head)?.[1] ?? '0';
  return end + headEnd.length + (/^HTTP\/1\.1 (1\d\d|204)/.test(head) ? 0 : Number(body));
}

/** One frame at the start of the bytes, unmasked; undefined until it is complete. [RFC 6455, 5.2] */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; bytes: number } | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskBytes = (second & 0x80) === 0 ? 0 : 4;
  const start = 2 + lengthBytes + maskBytes;
  if (bytes.length < start) return undefined;
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length));
  if (maskBytes > 0) unmask(payload, bytes.subarray(start - 4, start));
  return { opcode: first & 0x0f, payload, bytes: start + length };
}

function unmask(payload: Buffer, key: Buffer): void {
  for (let at = 0; at < payload.length; at++) payload[at] = (payload[at] ?? 0) ^ (key[at % 4] ?? 0);
}

/** One unfragmented frame of a client; `key`: four random bytes. */
export function maskedFrame(opcode: number, payload: Buffer, key: Buffer): Buffer {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(length, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  const masked = Buffer.from(payload);
  unmask(masked, key);
  return Buffer.concat([head, key, masked]);
}
