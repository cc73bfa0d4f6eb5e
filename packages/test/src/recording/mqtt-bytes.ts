// MQTT packets as the bytes that they are: a replayed packet must be the recorded one, not one that a library would write.

import { createPacketReader, type Packet } from '@claimstead/wire/mqtt/packet';

export interface RawPacket {
  bytes: Buffer;
  packet: Packet;
}

/** The packets of a stream from its beginning, and how many of its bytes they are. */
export function splitPackets(stream: Buffer, protocolVersion: 4 | 5): RawPacket[] {
  const packets: RawPacket[] = [];
  for (let at = 0; at < stream.length;) {
    const length = packetLength(stream.subarray(at));
    if (length === undefined || at + length > stream.length) break;
    const bytes = stream.subarray(at, at + length);
    packets.push({ bytes, packet: readPacket(bytes, protocolVersion) });
    at += length;
  }
  return packets;
}

/** Bytes of the packet at the start, by its fixed header; undefined when that is not complete. [MQTT-2.1.4] */
function packetLength(bytes: Buffer): number | undefined {
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if ((byte & 0x80) === 0) return at + 1 + length;
  }
  throw new Error('a packet length of more than four bytes');
}

function readPacket(bytes: Buffer, protocolVersion: 4 | 5): Packet {
  const packets: Packet[] = [];
  createPacketReader((packet) => packets.push(packet), { maxPacketBytes: bytes.length, protocolVersion }).push(bytes);
  const [packet] = packets;
  if (packet === undefined) throw new Error('bytes that are no packet');
  return packet;
}

/** Where the variable header begins. */
export const variableHeaderAt = (bytes: Buffer): number => {
  let at = 1;
  while (((bytes[at] ?? 0) & 0x80) !== 0) at++;
  return at + 1;
};

/** The packet with another variable header and payload: its length is written anew. */
export function withBody(packet: Buffer, body: Buffer): Buffer {
  const length: number[] = [];
  let left = body.length;
  do {
    const low = left % 128;
    left = Math.floor(left / 128);
    length.push(left > 0 ? low | 0x80 : low);
  } while (left > 0);
  return Buffer.concat([packet.subarray(0, 1), Buffer.from(length), body]);
}

export const payloadOf = (packet: Extract<Packet, { cmd: 'publish' }>): Buffer =>
  Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);

/** What a topic is about: its last segment. */
export const lastSegment = (topic: string): string => topic.slice(topic.lastIndexOf('/') + 1);
