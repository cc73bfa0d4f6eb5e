// From a file that a person wrote to what the Cloud hears, on this machine and in its time.

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type WebSocket from 'ws';
import { AlarmLogEntry, AlarmStatus, StartAlarmStreaming } from '@claimstead/wire/gen/link/v1/alarm';
import { CreateNodeInstanceResult } from '@claimstead/wire/gen/link/v1/node';
import { commandTopic } from '@claimstead/wire/link/topics';
import { encodePacket } from '@claimstead/wire/mqtt/packet';
import { createMetrics, type Metrics } from '../../collectors/metrics-plane.ts';
import { startHealth } from '../../health/start-health.ts';
import { claimId, startLink, type LinkWorld } from '../testing/scripted-link-cloud.ts';
import { alertsStream } from './alerts-stream.ts';

const nodeId = '7b5c5a52-1b0c-4f3c-9a35-6a3f1f2f9a11';
const log = { info: () => undefined, error: () => undefined };
const after = (ms: number, act: () => void): (() => void) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

let world: LinkWorld;
let metrics: Metrics;
let stopHealth: () => void;
const config = mkdtempSync(join(tmpdir(), 'alerts-'));

afterEach(async () => {
  stopHealth();
  await Promise.all([world.close(), metrics.stop()]);
  rmSync(config, { recursive: true, force: true });
});

const send = (socket: WebSocket, name: string, payload: Uint8Array): void =>
  socket.send(
    encodePacket(
      {
        cmd: 'publish',
        topic: commandTopic(claimId, name),
        payload: Buffer.from(payload),
        qos: 1,
        messageId: 9,
        dup: false,
        retain: false,
      },
      5,
    ),
  );

test('the Cloud hears of an alert within two seconds of its second', async () => {
  mkdirSync(join(config, 'health.d'));
  writeFileSync(
    join(config, 'health.d', 'mine.conf'),
    'alarm: up\non: system.uptime\ncalc: $uptime\nunits: seconds\nevery: 10s\nwarn: $this > 0\n',
  );
  metrics = createMetrics({ root: '/', now: Date.now, log, retentionSeconds: 600 });
  const { health, stop } = await startHealth({
    configDirectory: config,
    store: metrics.store,
    cores: 1,
    clock: { now: Date.now, after },
    newId: randomUUID,
    log,
  });
  stopHealth = stop;
  const stream = alertsStream({
    health,
    timezone: 'UTC',
    newId: randomUUID,
    nowMs: Date.now,
    later: (act, ms) => after(ms, act),
    log: () => undefined,
  });
  const heard = new Promise<{ entry: AlarmLogEntry; atMs: number }>((resolve) => {
    void startLink({
      streams: [stream],
      onPacket: (packet, socket) => {
        if (packet.cmd !== 'publish') return;
        if (packet.topic.endsWith('/connection')) {
          send(
            socket,
            'CreateNodeInstanceResult',
            CreateNodeInstanceResult.encode({ nodeId, machineGuid: 'm' }).finish(),
          );
          const start = StartAlarmStreaming.create({ nodeId, batchId: 1n, startSequnceId: 1n, resets: true });
          send(socket, 'StartAlarmStreaming', StartAlarmStreaming.encode(start).finish());
        }
        // What this node collects starts when the Cloud listens, so that the snapshot has nothing to tell.
        if (packet.topic.endsWith('/node-instance-connection')) metrics.start();
        if (!packet.topic.endsWith('/alarm-log-v2')) return;
        const entry = AlarmLogEntry.decode(Buffer.from(packet.payload));
        if (entry.name === 'up') resolve({ entry, atMs: Date.now() });
      },
    }).then((started) => (world = started));
  });
  const { entry, atMs } = await heard;
  expect(entry).toMatchObject({
    claimId,
    nodeId,
    chart: 'system.uptime',
    status: AlarmStatus.ALARM_STATUS_WARNING,
    confSource: `line=1,file=${join(config, 'health.d', 'mine.conf')}`,
  });
  expect(entry.value).toBeGreaterThan(0);
  expect(atMs - Number(entry.when) * 1000).toBeLessThanOrEqual(2000);
});
