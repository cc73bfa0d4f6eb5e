// A recorded session, spoilt: what an agent with broken memory, a broken wire or a hostile owner might send instead. Pure, from a seed.

import { generate, type Packet } from 'mqtt-packet';
import { maskedFrame } from './cut-stream.ts';
import { payloadOf, splitPackets } from './mqtt-bytes.ts';

/** Frames of an agent: the bytes of an MQTT stream, cut where its frames ended. */
export type AgentFrames = readonly Buffer[];

export interface Chance {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
  of<T>(list: readonly T[]): T;
}

/** The same numbers for the same seed. [Mulberry32] */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  return { below, of: (list) => list[below(list.length)] as never };
}

const key = Buffer.from([1, 2, 3, 4]);
const binary = 2;
const framed = (frames: AgentFrames): Buffer[] => frames.map((bytes) => maskedFrame(binary, bytes, key));

/** What goes over the socket after the upgrade: frames, still apart so that the first ones may stay whole. */
export function mutatedSession(frames: AgentFrames, others: readonly AgentFrames[], chance: Chance): Buffer[] {
  // CONNECT is one or several frames; most sessions are to get past it.
  const whole = chance.below(4) === 0 ? 0 : framesOfConnect(frames);
  const [kept, rest] = [frames.slice(0, whole), frames.slice(whole)];
  switch (chance.below(6)) {
    case 0:
      return [...framed(kept), spoil(Buffer.concat(framed(rest)), chance)];
    case 1:
      return framed([...kept, spoil(Buffer.concat(rest), chance)]);
    case 2:
      return framed([...kept, ...shuffled(rest, chance)]);
    case 3:
      return framed([...kept, ...rest.slice(0, chance.below(rest.length + 1)), ...chance.of(others)]);
    default:
      return framed([...kept, withOtherPayloads(rest, chance)]);
  }
}

function framesOfConnect(frames: AgentFrames): number {
  for (let n = 1; n <= frames.length; n++) if (splitPackets(Buffer.concat(frames.slice(0, n)), 5).length > 0) return n;
  return frames.length;
}

/** Some bytes are others, missing, twice, or cut off. */
function spoil(bytes: Buffer, chance: Chance): Buffer {
  let spoilt = Buffer.from(bytes);
  for (let times = 1 + chance.below(8); times > 0 && spoilt.length > 0; times--) {
    const at = chance.below(spoilt.length);
    const length = 1 + chance.below(Math.min(64, spoilt.length - at));
    const part = spoilt.subarray(at, at + length);
    switch (chance.below(5)) {
      case 0:
        spoilt[at] = (spoilt[at] ?? 0) ^ (1 << chance.below(8));
        break;
      case 1:
        spoilt[at] = chance.of([0, 1, 0x7f, 0x80, 0xff]);
        break;
      case 2:
        spoilt = Buffer.concat([spoilt.subarray(0, at), spoilt.subarray(at + length)]);
        break;
      case 3:
        spoilt = Buffer.concat([spoilt.subarray(0, at), part, part, spoilt.subarray(at + length)]);
        break;
      default:
        if (chance.below(4) === 0) spoilt = Buffer.from(spoilt.subarray(0, at));
        else
          spoilt = Buffer.concat([spoilt.subarray(0, at), Buffer.from(part).reverse(), spoilt.subarray(at + length)]);
    }
  }
  return spoilt;
}

function shuffled(frames: AgentFrames, chance: Chance): Buffer[] {
  const order = [...frames];
  for (let times = 1 + chance.below(6); times > 0; times--) {
    const [from, to] = [chance.below(order.length), chance.below(order.length)];
    const [moved] = order.splice(from, chance.below(5) === 0 ? 0 : 1);
    if (moved !== undefined) order.splice(to, 0, moved, ...(chance.below(5) === 0 ? [moved] : []));
  }
  return order;
}

/** The packets are right, what they carry is spoilt: this reaches deeper than anything above. */
function withOtherPayloads(frames: AgentFrames, chance: Chance): Buffer {
  const packets: Packet[] = splitPackets(Buffer.concat(frames), 5).map(({ packet }) => packet);
  const written = packets.map((packet) => {
    if (packet.cmd !== 'publish' || chance.below(3) !== 0) return packet;
    return { ...packet, payload: spoil(payloadOf(packet), chance) };
  });
  return Buffer.concat(written.map((packet) => generate(packet, { protocolVersion: 5 })));
}
