// What a connection does with its streams, against a Cloud that is scripted to the byte.

import { afterEach, expect, test } from 'vitest';
import { encodeDownstream } from '@claimstead/wire/link/envelope';
import { commandTopic } from '@claimstead/wire/link/topics';
import { encodePacket, type Packet } from '@claimstead/wire/mqtt/packet';
import type { OpenStream, StreamIds } from './stream.ts';
import { claimId, startLink, type LinkWorld } from './testing/scripted-link-cloud.ts';

let world: LinkWorld;
afterEach(() => world.close());

function command(name: 'ContextsCheckpoint' | 'SendAlarmLogHealth'): Buffer {
  const payload = Buffer.from(encodeDownstream(name, { nodeId: 'n' }));
  const topic = commandTopic(claimId, name);
  const packet: Packet = { cmd: 'publish', topic, payload, qos: 1, messageId: 9, dup: false, retain: false };
  return encodePacket(packet, 5);
}

test('each connection opens its own streams, hands them what is theirs, and closes them with it', async () => {
  const told: string[] = [];
  const seen: StreamIds[] = [];
  const open: OpenStream = (_, ids) => {
    seen.push(ids);
    told.push('opened');
    return {
      onCommand: ({ name }) => name === 'ContextsCheckpoint' && told.push(name) > 0,
      close: () => void told.push('closed'),
    };
  };
  let dials = 0;
  world = await startLink({
    streams: [() => ({ onCommand: () => false, close: () => undefined }), open],
    onSubscribed: (socket, suback) => {
      socket.send(Buffer.concat([suback, command('ContextsCheckpoint'), command('SendAlarmLogHealth')]));
      if (++dials > 1) return;
      void world.logged(/SendAlarmLogHealth/).then(() => socket.terminate());
    },
  });
  expect(await world.logged(/ignored/)).toContain('SendAlarmLogHealth, which this agent does not answer');
  await expect.poll(() => told.length).toBe(5);
  expect(told).toEqual(['opened', 'ContextsCheckpoint', 'closed', 'opened', 'ContextsCheckpoint']);
  expect(seen[0]).toMatchObject({ claimId, machineGuid: 'm' });
  expect(seen[0]?.nodeId()).toBeUndefined();
});
