// One relayed request and its reply. Each is one PUBLISH: a flat JSON head, an empty line, and HTTP/1.1 text.
// The Cloud writes requests and reads replies; the agent does the opposite. [docs/link-protocol.md, HTTP over the link]

const separator = Buffer.from('\r\n\r\n');

/** Bytes of one packet to an agent: agents drop or stall the link above 127 KiB; half of that leaves room. */
export const maxRequestBytes = 64 * 1024;
/** Bytes of a target (path and query) that is relayed. */
export const maxTargetBytes = 4096;
/** Bytes of one reply as it travels (compressed). */
export const maxReplyBytes = 16 * 1024 * 1024;
/** Bytes of one reply after decompression: half as much again as the largest that was seen. */
export const maxReplyBodyBytes = 16 * 1024 * 1024;

/** A printable ASCII target that starts with one `/`: nothing in it can end a line or start another request. [trust T12] */
export const isRelayableTarget = (target: string): boolean =>
  /^\/(?!\/)[\u0021-\u007e]*$/.test(target) && target.length <= maxTargetBytes && !target.includes('#');

export interface LinkRequest {
  messageId: string;
  callbackTopic: string;
  timeoutMs: number;
  target: string;
  /** Name → value, printable ASCII. */
  headers: Readonly<Record<string, string>>;
}

const headerValue = /^[\u0020-\u007e]{0,255}$/;
const headerName = /^[A-Za-z0-9-]{1,64}$/;

/** Throws an Error when anything in it could be read as something else. */
export function encodeLinkRequest(request: LinkRequest): Buffer {
  if (!isRelayableTarget(request.target)) throw new Error('the target of a relayed request is not printable ASCII');
  const lines = [`GET ${request.target} HTTP/1.1`];
  for (const [name, value] of Object.entries(request.headers)) {
    if (!headerName.test(name) || !headerValue.test(value))
      throw new Error(`the header ${JSON.stringify(name)} cannot be relayed`);
    lines.push(`${name}: ${value}`);
  }
  const head = JSON.stringify({
    type: 'http',
    'msg-id': request.messageId,
    'callback-topic': request.callbackTopic,
    timeout: request.timeoutMs,
    version: 2,
  });
  const bytes = Buffer.from(`${head}\r\n\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (bytes.length > maxRequestBytes) throw new Error('the relayed request is larger than agents take');
  return bytes;
}

/** Undefined for whatever is not a relayed request: there is nobody to answer to. Header names are lowered. */
export function decodeLinkRequest(bytes: Buffer): LinkRequest | undefined {
  if (bytes.length > maxRequestBytes) return undefined;
  const split = bytes.indexOf(separator);
  if (split < 0) return undefined;
  const head = readHead(bytes.subarray(0, split));
  if (head === undefined || head['type'] !== 'http') return undefined;
  const { 'msg-id': messageId, 'callback-topic': callbackTopic, timeout, version } = head;
  if (typeof messageId !== 'string' || messageId === '' || messageId.length > 128) return undefined;
  if (typeof callbackTopic !== 'string' || !callbackTopic.startsWith('/') || callbackTopic.length > 512)
    return undefined;
  if (typeof version !== 'number' || version < 2) return undefined;
  const text = bytes.subarray(split + separator.length).toString('latin1');
  if (!text.endsWith('\r\n\r\n')) return undefined;
  const lines = text.slice(0, -4).split('\r\n');
  const request = /^GET (\/[\u0021-\u007e]*) HTTP\/1\.1$/.exec(lines[0] ?? '');
  const target = request?.[1];
  if (target === undefined || !isRelayableTarget(target)) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    // A header given twice is a forgery attempt or a fault; either way it is not clear who asks.
    if (colon < 1 || !headerName.test(name) || Object.hasOwn(headers, name)) return undefined;
    headers[name] = line.slice(colon + 1).trim();
  }
  return {
    messageId,
    callbackTopic,
    timeoutMs: typeof timeout === 'number' && timeout > 0 ? Math.min(timeout, 600_000) : 0,
    target,
    headers,
  };
}

export interface LinkReply {
  messageId: string;
  /** Status of the inner answer. */
  status: number;
  contentType: string;
  /** Present when the body is compressed. */
  contentEncoding: 'gzip' | undefined;
  body: Buffer;
}

export interface ReplyTimes {
  nowUs: bigint;
  /** When this connection began: the session id. */
  connectedAtUs: bigint;
  executionUs: number;
}

const seconds = (us: bigint): number => Number(us / 1_000_000n);
const rest = (us: bigint): number => Number(us % 1_000_000n);

export function encodeLinkReply(reply: LinkReply, times: ReplyTimes): Buffer {
  const head = JSON.stringify({
    type: 'http',
    'msg-id': reply.messageId,
    timestamp: seconds(times.nowUs),
    'timestamp-offset-usec': rest(times.nowUs),
    connect: seconds(times.connectedAtUs),
    'connect-offset-usec': rest(times.connectedAtUs),
    version: 2,
    't-exec': times.executionUs,
    't-rx': 0,
    'http-code': reply.status,
  });
  const encoding = reply.contentEncoding === undefined ? '' : `Content-Encoding: ${reply.contentEncoding}\r\n`;
  const inner = `HTTP/1.1 ${reply.status} ${reply.status < 400 ? 'OK' : 'Error'}\r\nContent-Type: ${reply.contentType}\r\n${encoding}Content-Length: ${reply.body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), separator, Buffer.from(inner, 'latin1'), reply.body]);
}

/** Names its request, but what it answers cannot be read. */
export interface MalformedReply {
  messageId: string;
  malformed: true;
}

/** Undefined for whatever names no request. A reply without inner answer (an agent refused the request) has an empty body. */
export function decodeLinkReply(bytes: Buffer): LinkReply | MalformedReply | undefined {
  const split = bytes.indexOf(separator);
  const head = readHead(split < 0 ? bytes : bytes.subarray(0, split));
  if (head === undefined || head['type'] !== 'http') return undefined;
  const { 'msg-id': messageId, 'http-code': code } = head;
  if (typeof messageId !== 'string' || typeof code !== 'number') return undefined;
  const malformed: MalformedReply = { messageId, malformed: true };
  const plain = { messageId, contentType: 'text/plain', contentEncoding: undefined };
  if (split < 0) return isStatus(code) ? { ...plain, status: code, body: Buffer.alloc(0) } : malformed;
  const inner = bytes.subarray(split + separator.length);
  const end = inner.indexOf(separator);
  // Agents send 10 short headers; 16 KiB of them is not an answer.
  if (end < 0 || end > 16 * 1024) return malformed;
  const lines = inner.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(lines[0] ?? '')?.[1] ?? Number.NaN);
  if (!isStatus(status)) return malformed;
  const header = (wanted: string): string | undefined => {
    const line = lines.slice(1).find((l) => l.slice(0, l.indexOf(':')).toLowerCase() === wanted);
    return line?.slice(line.indexOf(':') + 1).trim();
  };
  const encoding = header('content-encoding')?.toLowerCase();
  if (encoding !== undefined && encoding !== 'gzip' && encoding !== 'identity') return malformed;
  return {
    messageId,
    status,
    contentType: header('content-type') ?? 'application/octet-stream',
    contentEncoding: encoding === 'gzip' ? 'gzip' : undefined,
    // The packet's length is the truth: agents leave Content-Length out for empty bodies.
    body: inner.subarray(end + separator.length),
  };
}

const isStatus = (n: number): boolean => Number.isInteger(n) && n >= 200 && n <= 599;

function readHead(bytes: Buffer): Record<string, unknown> | undefined {
  if (bytes.length > 4096) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
