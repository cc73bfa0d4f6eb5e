// The control packets that both ends speak: a narrow, bounded view of mqtt-packet. Nothing outside `gateway` (Cloud) and `link`
// (agent) uses it. The library has no limit on a packet's length, so a guard reads the fixed header before it does.

import { generate, parser, type Packet } from 'mqtt-packet';

export type { Packet } from 'mqtt-packet';

export type PacketProblem = 'packet-too-large' | 'malformed-length' | 'malformed-packet';

export interface PacketReader {
  /** Feeds bytes of the stream, however they were cut. Throws a PacketError at the first problem; then the connection must end. */
  push(bytes: Uint8Array): void;
  /** Packets of other protocol levels parse differently; known once CONNECT came. */
  setProtocolVersion(version: 4 | 5): void;
  /** From now on this many bytes per packet. */
  setLimit(maxPacketBytes: number): void;
}

export class PacketError extends Error {
  readonly problem: PacketProblem;
  constructor(problem: PacketProblem, message: string) {
    super(message);
    this.name = 'PacketError';
    this.problem = problem;
  }
}

/**
 * Follows the framing of the stream without keeping bytes: type byte, up to four bytes of length [MQTT-2.1.4], then the body.
 * Refuses a packet by its announced length, before any of it is buffered.
 */
function lengthGuard(initialLimit: number): { check(bytes: Uint8Array): void; setLimit(limit: number): void } {
  let limit = initialLimit;
  let bodyLeft = 0;
  let lengthBytes = -1; // -1: the next byte is a type byte
  let length = 0;
  return {
    setLimit: (next) => {
      limit = next;
    },
    check(bytes) {
      let at = 0;
      while (at < bytes.length) {
        if (bodyLeft > 0) {
          const skipped = Math.min(bodyLeft, bytes.length - at);
          bodyLeft -= skipped;
          at += skipped;
          continue;
        }
        const byte = bytes[at++] as number;
        if (lengthBytes < 0) {
          lengthBytes = 0;
          length = 0;
          continue;
        }
        length += (byte & 0x7f) * 128 ** lengthBytes;
        lengthBytes += 1;
        if ((byte & 0x80) !== 0) {
          if (lengthBytes === 4) throw new PacketError('malformed-length', 'a packet length of more than four bytes');
          continue;
        }
        if (length > limit)
          throw new PacketError('packet-too-large', `a packet of ${length} bytes, more than ${limit}`);
        bodyLeft = length;
        lengthBytes = -1;
      }
    },
  };
}

export function createPacketReader(
  onPacket: (packet: Packet) => void,
  options: { maxPacketBytes: number; protocolVersion: 4 | 5 | undefined },
): PacketReader {
  const settings: { protocolVersion?: number } = {};
  if (options.protocolVersion !== undefined) settings.protocolVersion = options.protocolVersion;
  const parse = parser(settings);
  const guard = lengthGuard(options.maxPacketBytes);
  let failure: Error | undefined;
  parse.on('packet', (packet) => {
    if (failure === undefined) onPacket(packet);
  });
  parse.on('error', (error: Error) => {
    failure ??= error;
  });
  return {
    push(bytes) {
      guard.check(bytes);
      parse.parse(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (failure !== undefined) throw new PacketError('malformed-packet', failure.message);
    },
    setProtocolVersion: (version) => {
      settings.protocolVersion = version;
    },
    setLimit: (limit) => guard.setLimit(limit),
  };
}

/** One packet, one buffer: agents need each packet in one frame and one write. */
export const encodePacket = (packet: Packet, protocolVersion: 4 | 5): Buffer => generate(packet, { protocolVersion });
