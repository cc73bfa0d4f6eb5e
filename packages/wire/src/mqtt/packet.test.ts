import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPacketReader, encodePacket, PacketError, type Packet } from './packet.ts';

const publish = (payload: Buffer): Buffer =>
  encodePacket({ cmd: 'publish', topic: '/a/b', payload, qos: 1, retain: false, dup: false, messageId: 7 }, 5);

const readAll = (chunks: readonly Uint8Array[], maxPacketBytes = 1024 * 1024): Packet[] => {
  const packets: Packet[] = [];
  const reader = createPacketReader((packet) => packets.push(packet), { maxPacketBytes, protocolVersion: 5 });
  for (const chunk of chunks) reader.push(chunk);
  return packets;
};

describe('a stream of packets', () => {
  test('is read the same however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (payloads, cuts) => {
          const stream = Buffer.concat(payloads.map((payload) => publish(Buffer.from(payload))));
          const chunks: Buffer[] = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = cuts[i % cuts.length] ?? 1;
            chunks.push(stream.subarray(at, at + size));
            at += size;
          }
          const packets = readAll(chunks);
          expect(
            packets.map((packet) => (packet.cmd === 'publish' ? Buffer.from(packet.payload).toString('hex') : '')),
          ).toEqual(payloads.map((payload) => Buffer.from(payload).toString('hex')));
        },
      ),
    );
  });

  test('a packet above the limit is refused by its announced length, before its bytes come', () => {
    // Remaining length 268,435,455 in five bytes of header; the library would wait for all of it.
    expect(() => readAll([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])])).toThrow(PacketError);
    expect(() =>
      readAll([Buffer.from([0x30]), Buffer.from([0xff]), Buffer.from([0xff, 0xff]), Buffer.from([0x7f])]),
    ).toThrow(/more than/);
    expect(() => readAll([publish(Buffer.alloc(3000))], 2048)).toThrow(/more than 2048/);
    expect(readAll([publish(Buffer.alloc(2000))], 2048)).toHaveLength(1);
  });

  test('a length of five bytes is refused', () => {
    expect(() => readAll([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])])).toThrow(/four bytes/);
  });

  test('no bytes do worse than a PacketError, nor hold more than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (chunks) => {
        try {
          readAll(chunks, 4096);
        } catch (cause) {
          expect(cause).toBeInstanceOf(PacketError);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
