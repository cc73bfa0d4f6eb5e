// What must not be kept of a session: secrets, and what names the machine that it was taken on. Each is replaced by something made up
// of the same shape and length before anything is written, so that every length on the wire stays what it was.

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { payloadOf, splitPackets, variableHeaderAt, withBody } from './mqtt-bytes.ts';
import type { FrameEvent, RecordedEvent } from './recording.ts';

/** What stands for what; both of one length. */
export type Replacements = ReadonlyMap<string, string>;

/** The same characters of the same kinds, none of them kept: digits for digits, capitals for capitals. */
export function madeUp(secret: string): string {
  const stream = (at: number): number => createHash('sha256').update(`${at} of ${secret.length}`).digest()[0] ?? 0;
  const kinds = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return secret
    .split('')
    .map((character, at) => {
      const kind = kinds.find((one) => one.includes(character));
      return kind === undefined ? character : (kind[stream(at) % kind.length] ?? character);
    })
    .join('');
}

const secretValues = [
  /"token"\s*:\s*"([^"]+)"/,
  /"challenge"\s*:\s*"([^"]+)"/,
  /"response"\s*:\s*"([^"]+)"/,
  /"password"\s*:\s*"([^"]+)"/,
];

/** The secrets that the HTTP messages of a session show, and the lines of the public key, which names its owner for ever. */
export function secretsIn(events: readonly RecordedEvent[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const event of events) {
    if (event.kind !== 'http') continue;
    const text = event.bytes.toString('latin1');
    const values = secretValues.flatMap((pattern) => pattern.exec(text)?.[1] ?? []);
    const key = /"publicKey"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? '';
    const lines = key.split(/\\n|\n/).filter((line) => line !== '' && !line.startsWith('-----'));
    for (const secret of [...values, ...lines]) found.set(secret, madeUp(secret));
  }
  return found;
}

/** The events without what must not be kept. `names`: what names the machine. Throws where two of a pair differ in length. */
export function withoutSecrets(events: readonly RecordedEvent[], names: Replacements): RecordedEvent[] {
  const replacements = new Map([...names, ...secretsIn(events)]);
  for (const [from, to] of replacements)
    if (Buffer.byteLength(from) !== Buffer.byteLength(to)) throw new Error('what is made up has another length');
  const links = new Map<string, FrameEvent[]>();
  for (const event of events) {
    const key = `${event.connection} ${event.from}`;
    if (event.kind === 'frame' && event.opcode <= 2) links.set(key, [...(links.get(key) ?? []), event]);
  }
  const replaced = new Map<RecordedEvent, Buffer>();
  for (const frames of links.values()) {
    const payloads = replacedStream(
      frames.map(({ bytes }) => bytes),
      replacements,
    );
    frames.forEach((event, index) => replaced.set(event, payloads[index] ?? Buffer.alloc(0)));
  }
  return events.flatMap((event): RecordedEvent[] => {
    if (event.kind === 'end') return [event];
    const bytes = replaced.get(event) ?? replaceAll(event.bytes, replacements);
    return event.kind === 'frame' && bytes.length === 0 && event.bytes.length > 0 ? [] : [{ ...event, bytes }];
  });
}

/** Replaced as one stream, since frames end wherever they like; cut again where they ended. */
function replacedStream(frames: readonly Buffer[], replacements: Replacements): Buffer[] {
  const stream = replaceAll(Buffer.concat(frames), replacements);
  const ends: number[] = [];
  let at = 0;
  for (const frame of frames) ends.push((at += frame.length));
  const packets = splitPackets(stream, 5);
  const changed = packets.map(({ bytes, packet }) =>
    packet.cmd === 'publish' ? withPlainBodyReplaced(bytes, payloadOf(packet), replacements) : bytes,
  );
  const moved = ends.map((end) =>
    movedTo(
      end,
      packets.map(({ bytes }) => bytes.length),
      changed.map(({ length }) => length),
    ),
  );
  const whole = Buffer.concat([...changed, stream.subarray(packets.reduce((sum, { bytes }) => sum + bytes.length, 0))]);
  return moved.map((end, index) => whole.subarray(moved[index - 1] ?? 0, end));
}

/** Where a place in a stream of packets is when the packets have other lengths: inside one, as far from its start as it was. */
function movedTo(place: number, before: readonly number[], after: readonly number[]): number {
  let [old, now] = [0, 0];
  for (const [index, length] of before.entries()) {
    const newLength = after[index] ?? length;
    if (place < old + length) return now + Math.min(place - old, newLength);
    old += length;
    now += newLength;
  }
  return now + place - old;
}

const emptyLine = Buffer.from('\r\n\r\n');

/** A compressed answer is opened, and compressed anew where something in it is replaced; only then do its bytes change their number. */
function withPlainBodyReplaced(packet: Buffer, payload: Buffer, replacements: Replacements): Buffer {
  const inner = payload.indexOf(emptyLine);
  const body = inner < 0 ? -1 : payload.indexOf(emptyLine, inner + emptyLine.length);
  if (body < 0) return packet;
  const head = payload.toString('latin1', 0, body);
  if (!/^content-encoding: gzip$/im.test(head)) return packet;
  const plain = gunzipSync(payload.subarray(body + emptyLine.length));
  const replaced = replaceAll(plain, replacements);
  if (replaced.equals(plain)) return packet;
  const zipped = gzipSync(replaced);
  const newHead = head.replace(/^(content-length: )\d+$/im, `$1${zipped.length}`);
  const beforePayload = packet.subarray(variableHeaderAt(packet), packet.length - payload.length);
  return withBody(packet, Buffer.concat([beforePayload, Buffer.from(newHead, 'latin1'), emptyLine, zipped]));
}

/** A copy with every occurrence replaced. */
export function replaceAll(bytes: Buffer, replacements: Replacements): Buffer {
  const copy = Buffer.from(bytes);
  for (const [from, to] of replacements) {
    for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + from.length)) copy.write(to, at, 'latin1');
  }
  return copy;
}
