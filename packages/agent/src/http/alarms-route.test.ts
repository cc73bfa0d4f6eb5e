import { expect, it, test } from 'vitest';
import { parseAlertFile } from '../health/definition-file.ts';
import { nowSecond, testNode, type TestNode } from './testing.ts';

const { definitions } = parseAlertFile(
  `
alarm: busy
on: system.cpu
class: Utilization
lookup: max -10s unaligned of user,system
units: %
every: 10s
warn: $this > 1
crit: $this > 1000
delay: up 1m
to: silent
info: Of \${family}

template: quiet
on: disk.io
calc: $reads
every: 10s
warn: 0
`,
  '/etc/netdata/health.d/mine.conf',
);

// The samples of the test node are from 0.0 to 1.9.
const node = (): TestNode => testNode([], [], definitions);
const json = async (world: TestNode, target: string): Promise<Record<string, unknown>> =>
  JSON.parse(String((await world.get(target)).body)) as Record<string, unknown>;

it('lists what is raised', async () => {
  const { alarms, ...rest } = await json(node(), '/api/v1/alarms');
  expect(rest).toEqual({
    hostname: 'node"1',
    latest_alarm_log_unique_id: nowSecond * 1000 + 2,
    status: true,
    now: nowSecond,
  });
  expect(alarms).toEqual({
    'system.cpu.busy': {
      id: 1,
      config_hash_id: definitions[0]?.hash,
      name: 'busy',
      chart: 'system.cpu',
      family: 'cpu',
      class: 'Utilization',
      component: 'Unknown',
      type: 'Unknown',
      active: true,
      disabled: false,
      silenced: true,
      exec: '',
      recipient: 'silent',
      source: 'line=2,file=/etc/netdata/health.d/mine.conf',
      units: '%',
      summary: 'busy',
      info: 'Of cpu',
      status: 'WARNING',
      last_status_change: nowSecond,
      last_updated: nowSecond,
      next_update: nowSecond + 10,
      update_every: 10,
      delay_up_duration: 60,
      delay_down_duration: 0,
      delay_max_duration: 60,
      delay_multiplier: 1,
      delay: 60,
      delay_up_to_timestamp: nowSecond + 60,
      warn_repeat_every: '0',
      crit_repeat_every: '0',
      value_string: '2.8%',
      last_repeat: '0',
      times_repeat: 0,
      lookup_dimensions: 'user,system',
      lookup_method: 'max',
      lookup_after: -10,
      lookup_before: 0,
      lookup_options: 'unaligned',
      warn: '$this > 1',
      crit: '$this > 1000',
      green: null,
      red: null,
      value: 2.8,
    },
  });
});

test.each(['?all', '?all=true'])('lists all of them: %s', async (query) => {
  const { alarms } = await json(node(), `/api/v1/alarms${query}`);
  expect(Object.keys(alarms as object)).toEqual(['system.cpu.busy', 'disk.sda.quiet', 'disk.sdb.quiet']);
  const { alarms: values } = await json(node(), `/api/v1/alarms_values${query}`);
  expect((values as Record<string, unknown>)['disk.sda.quiet']).toEqual({
    id: 2,
    value: 0,
    last_updated: nowSecond,
    status: 'CLEAR',
  });
});

it('tells what happened, the newest first, and only what is newer than asked for', async () => {
  const world = node();
  const all = (await json(world, '/api/v1/alarm_log')) as unknown as Record<string, unknown>[];
  expect(all.map(({ chart, status }) => [chart, status])).toEqual([
    ['disk.sdb', 'CLEAR'],
    ['disk.sda', 'CLEAR'],
    ['system.cpu', 'WARNING'],
  ]);
  expect(all[2]).toMatchObject({
    hostname: 'node"1',
    timezone: 'UTC',
    unique_id: nowSecond * 1000,
    alarm_id: 1,
    alarm_event_id: nowSecond * 1000,
    config_hash_id: definitions[0]?.hash,
    context: 'system.cpu',
    updated: false,
    when: nowSecond,
    old_status: 'UNINITIALIZED',
    delay: 60,
    value_string: '2.8%',
    old_value_string: '-',
    silenced: true,
    old_value: null,
  });
  const newer = await json(world, `/api/v1/alarm_log?after=${nowSecond * 1000 + 1}`);
  expect(newer).toMatchObject([{ chart: 'disk.sdb' }]);
  expect(await json(world, '/api/v1/alarm_log?chart=disk.sda')).toMatchObject([{ chart: 'disk.sda' }]);
  expect(await json(world, '/api/v1/alarm_log?after=nothing')).toHaveLength(3);
});

test.each([
  ['', 1],
  ['?status=RAISED', 1],
  ['?status=clear', 2],
  ['?status=CRITICAL', 0],
  ['?status=clear&context=disk.io', 2],
  ['?status=clear&context=system.cpu', 0],
  ['?ctx=disk.io&context=system.cpu', 1],
])('counts: %s', async (query, count) => {
  expect(await json(node(), `/api/v1/alarm_count${query}`)).toEqual([count]);
});

it('is counted in what a node says of itself, and asked over the link', async () => {
  const world = node();
  expect((await json(world, '/api/v1/info'))['alarms']).toEqual({ normal: 2, warning: 1, critical: 0 });
  expect((await json(world, '/api/v1/charts'))['alarms_count']).toBe(3);
  expect((await world.get('/api/v1/alarms', 'link')).status).toBe(200);
});
