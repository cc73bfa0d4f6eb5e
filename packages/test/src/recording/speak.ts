// Bytes to a Cloud and what it answers, without a library that would write them as it likes.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { createPacketReader, type Packet } from '@claimstead/wire/mqtt/packet';
import { maxRequestBytes } from '@claimstead/wire/link/http-over-link';
import { cutStream, maskedFrame } from './cut-stream.ts';

export interface Target {
  port: number;
  /** What must have signed its certificate, for `localhost`. */
  caPem: string;
}

export interface SpokenLink {
  send(payload: Buffer): void;
  /** Packets that have come are handed over at once. */
  onPacket(listener: (packet: Packet) => void): void;
  /** Says 1000 and goes. */
  end(): void;
  cut(): void;
  closed: Promise<void>;
}

async function dial({ port, caPem }: Target): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: caPem });
  await once(socket, 'secureConnect');
  return socket;
}

/** One request on a connection of its own, as agents do it. */
export async function speakHttp(target: Target, request: Buffer): Promise<{ status: number; body: string }> {
  const socket = await dial(target);
  try {
    return await new Promise((resolve, reject) => {
      const cutter = cutStream(
        (message) => {
          const text = message.toString('utf8');
          const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
          if (status !== 100) resolve({ status, body: text.slice(text.indexOf('\r\n\r\n') + 4) });
        },
        () => undefined,
      );
      socket.on('data', (bytes: Buffer) => cutter.push(bytes));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the Cloud closed without an answer')));
      socket.write(request);
    });
  } finally {
    socket.destroy();
  }
}

/** `upgrade`: the request as it is sent. Rejects when the answer is not 101. */
export async function openSpokenLink(target: Target, upgrade: Buffer, protocolVersion: 4 | 5): Promise<SpokenLink> {
  const socket = await dial(target);
  const early: Packet[] = [];
  let hear = (packet: Packet): void => void early.push(packet);
  const reader = createPacketReader((packet) => hear(packet), { maxPacketBytes: maxRequestBytes * 2, protocolVersion });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(() => undefined);
  await new Promise<void>((resolve, reject) => {
    const cutter = cutStream(
      (message) => {
        const line = message.toString('latin1', 0, message.indexOf('\r\n'));
        if (!line.startsWith('HTTP/1.1 101')) return reject(new Error(`the upgrade was answered ${line}`));
        cutter.upgrade();
        return resolve();
      },
      (opcode, payload) => {
        if (opcode === opcodes.ping) socket.write(maskedFrame(opcodes.pong, payload, randomBytes(4)));
        if (opcode === opcodes.close) socket.end();
        if (opcode === opcodes.binary) reader.push(payload);
      },
    );
    socket.on('data', (bytes: Buffer) => cutter.push(bytes));
    void closed.then(() => reject(new Error('the Cloud closed at the upgrade')));
    socket.write(upgrade);
  });
  return {
    send(payload) {
      // What the Cloud still says to who has left is acknowledged by nobody.
      if (socket.writable) socket.write(maskedFrame(opcodes.binary, payload, randomBytes(4)));
    },
    onPacket(listener) {
      hear = listener;
      for (const packet of early.splice(0)) listener(packet);
    },
    end() {
      socket.write(maskedFrame(opcodes.close, Buffer.from([0x03, 0xe8]), randomBytes(4)));
      socket.end();
    },
    cut: () => socket.destroy(),
    closed,
  };
}

const opcodes = { binary: 2, close: 8, ping: 9, pong: 10 } as const;
