import { AlarmStatus } from '@claimstead/wire/gen/link/v1/alarm';
import type { UpstreamMessages } from '@claimstead/wire/link/upstream';
import { expect, it, test } from 'vitest';
import { healthWorld, start, type HealthWorld } from '../../health/testing.ts';
import { alertsStream, maxPerRound } from './alerts-stream.ts';
import { claimId, nodeId, streamWorld, type StreamWorld } from './testing.ts';

const definition = `template: used\non: c\ncalc: $x\nunits: %\nevery: 1s\nwarn: $this > 90\ninfo: Of \${family}\nto: silent\n`;

interface World extends StreamWorld {
  node: HealthWorld;
}

function alertsWorld(): World {
  const node = healthWorld(definition);
  let ids = 0;
  const world = streamWorld((parts) =>
    alertsStream({ ...parts, health: node.health, timezone: 'Europe/Berlin', newId: () => `snapshot-${++ids}` }),
  );
  return Object.assign(world, { node });
}

const begin = (world: StreamWorld, version: bigint, over: object = {}): boolean =>
  world.say({
    name: 'StartAlarmStreaming',
    message: { nodeId, version, batchId: 1n, startSequnceId: 1n, resets: true, ...over },
  });
const check = (world: StreamWorld, version: bigint, over: object = {}): boolean =>
  world.say({ name: 'SendAlarmCheckpoint', message: { nodeId, claimId, version, ...over } });

const charts = (count: number, x: number): Record<string, Record<string, number>> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i} c`, { x }]));

const sentOf = <Name extends 'AlarmLogEntry' | 'AlarmSnapshot'>(
  world: StreamWorld,
  name: Name,
): Partial<UpstreamMessages[Name]>[] => world.sent[name] ?? [];

it('tells nothing before it is asked, then everything, then each change', () => {
  const world = alertsWorld();
  world.node.second(start, charts(2, 5));
  world.settle();
  expect(world.sent).toEqual({});

  expect(begin(world, 0n)).toBe(true);
  const [snapshot] = sentOf(world, 'AlarmSnapshot');
  expect(snapshot).toMatchObject({ nodeId, claimId, chunks: 1, chunk: 1, chunkSize: 2, snapshotUuid: 'snapshot-1' });
  expect(snapshot?.alarms?.map(({ chart }) => chart)).toEqual(['c0', 'c1']);

  world.node.second(start + 1, { ...charts(1, 95), 'c1 c': { x: 5 } });
  expect(sentOf(world, 'AlarmLogEntry')).toEqual([]);
  world.settle();
  expect(sentOf(world, 'AlarmLogEntry')).toHaveLength(1);
  expect(sentOf(world, 'AlarmLogEntry')[0]).toMatchObject({
    nodeId,
    claimId,
    chart: 'c0',
    chartName: 'c0',
    chartContext: 'c',
    name: 'used',
    family: 'family of c0',
    when: BigInt(start + 1),
    configHash: world.node.alert('used')?.definition.hash,
    timezone: 'Europe/Berlin',
    confSource: 'line=1,file=test.conf',
    duration: 1,
    status: AlarmStatus.ALARM_STATUS_WARNING,
    oldStatus: AlarmStatus.ALARM_STATUS_CLEAR,
    silenced: true,
    value: 95,
    oldValue: 5,
    valueString: '95%',
    oldValueString: '5%',
    renderedInfo: 'Of family of c0',
    summary: 'used',
    updated: false,
    eventId: BigInt(start * 1000 + 2),
    transitionId: 'transition-3',
    alertVersion: BigInt(start + 1),
  });
  expect(sentOf(world, 'AlarmSnapshot')).toHaveLength(1);
});

it('says nothing to a Cloud that knows the number, or wants no check, and goes on telling changes', () => {
  for (const version of [2n * BigInt(start), 1n]) {
    const world = alertsWorld();
    world.node.second(start, charts(2, 5));
    begin(world, version);
    check(world, version);
    expect(world.sent).toEqual({});
    world.node.second(start + 1, charts(2, 95));
    world.settle();
    expect(sentOf(world, 'AlarmLogEntry')).toHaveLength(2);
    check(world, version === 1n ? 1n : 2n * BigInt(start + 1));
    expect(sentOf(world, 'AlarmSnapshot')).toEqual([]);
    check(world, 3n);
    expect(sentOf(world, 'AlarmSnapshot')).toHaveLength(1);
  }
});

it('answers a wish for a snapshot, of which removed alerts are no part', () => {
  const world = alertsWorld();
  world.node.second(start, charts(2, 5));
  for (let i = 1; i < 100; i++) world.node.second(start + i, charts(1, 5));
  world.say({
    name: 'SendAlarmSnapshot',
    message: { nodeId, claimId, snapshotId: 0n, sequenceId: 0n, snapshotUuid: 'x' },
  });
  expect(sentOf(world, 'AlarmSnapshot')[0]?.alarms?.map(({ chart }) => chart)).toEqual(['c0']);
  begin(world, world.node.health.version());
  world.node.second(start + 100, charts(2, 5));
  world.settle();
  for (let i = 101; i < 200; i++) world.node.second(start + i, charts(1, 5));
  world.settle();
  expect(
    sentOf(world, 'AlarmLogEntry').map(({ chart, status, value, valueString }) => [chart, status, value, valueString]),
  ).toEqual([
    ['c1', AlarmStatus.ALARM_STATUS_CLEAR, 5, '5%'],
    ['c1', AlarmStatus.ALARM_STATUS_REMOVED, 0, '-'],
  ]);
});

it('sends no snapshot where there are no alerts, and a large one in chunks', () => {
  const world = alertsWorld();
  begin(world, 7n);
  expect(world.sent).toEqual({});
  world.node.second(start, charts(1001, 5));
  check(world, 7n);
  const told = sentOf(world, 'AlarmSnapshot').map(({ chunk, chunks, chunkSize, alarms, snapshotUuid }) => {
    return [chunk, chunks, chunkSize, alarms?.length, snapshotUuid];
  });
  expect(told).toEqual([
    [1, 2, 1000, 1000, told[0]?.[4]],
    [2, 2, 1, 1, told[0]?.[4]],
  ]);
  // What the snapshot held is not told a second time.
  world.settle();
  expect(sentOf(world, 'AlarmLogEntry')).toEqual([]);
});

it('tells a burst in rounds, the newest change of each alert', () => {
  const world = alertsWorld();
  begin(world, 1n);
  world.node.second(start, charts(120, 5));
  world.node.second(start + 1, charts(120, 95));
  const rounds = [1, 2, 3, 4].map(() => {
    world.settle();
    return sentOf(world, 'AlarmLogEntry').length;
  });
  expect(rounds).toEqual([maxPerRound, 2 * maxPerRound, 120, 120]);
  expect(new Set(sentOf(world, 'AlarmLogEntry').map(({ status }) => status))).toEqual(
    new Set([AlarmStatus.ALARM_STATUS_WARNING]),
  );
  expect(world.waiting).toBe(0);
});

it('provides a definition by its hash, and nothing for a hash that it does not know', () => {
  const world = alertsWorld();
  world.node.second(start, charts(1, 5));
  const configHash = world.node.alert('used')?.definition.hash ?? '';
  world.say({ name: 'SendAlarmConfiguration', message: { configHash } });
  world.say({ name: 'SendAlarmConfiguration', message: { configHash: '00000000-0000-4000-8000-000000000000' } });
  expect(world.sent.ProvideAlarmConfiguration).toHaveLength(1);
  expect(world.sent.ProvideAlarmConfiguration?.[0]).toMatchObject({
    configHash,
    config: {
      template: 'used',
      alarm: '',
      onChart: 'c',
      calculationExpr: '$x',
      warningExpr: '$this > 90',
      every: '1s',
      units: '%',
      recipient: 'silent',
      pUpdateEvery: 1,
    },
  });
  expect(world.lines.join()).toContain('is not here');
});

test.each([
  ['a node that is not here', (world: StreamWorld) => begin(world, 0n, { nodeId: 'x' })],
  ['a node that is not here', (world: StreamWorld) => check(world, 0n, { nodeId: '' })],
  ['another claim', (world: StreamWorld) => check(world, 0n, { claimId: 'x' })],
])('what is for %s is ignored and logged', (words, say) => {
  const world = alertsWorld();
  world.node.second(start, charts(1, 5));
  expect(say(world)).toBe(true);
  world.node.second(start + 1, charts(1, 95));
  world.settle();
  expect(world.sent).toEqual({});
  expect(world.lines.join()).toContain(words);
});

it('ends with the connection, and with the node id', () => {
  const world = alertsWorld();
  begin(world, 1n);
  world.node.second(start, charts(1, 5));
  world.ids.nodeId = 'another';
  world.settle();
  world.node.second(start + 1, charts(1, 95));
  expect(world.waiting).toBe(0);
  world.ids.nodeId = nodeId;
  begin(world, 1n);
  world.node.second(start + 2, charts(1, 5));
  expect(world.waiting).toBe(1);
  world.stream.close();
  expect(world.waiting).toBe(0);
  world.node.second(start + 3, charts(1, 95));
  expect(world.waiting).toBe(0);
  expect(world.sent).toEqual({});
});

it('leaves the messages of others to them', () => {
  expect(alertsWorld().say({ name: 'SendAlarmLogHealth', message: { nodeId } })).toBe(false);
});
