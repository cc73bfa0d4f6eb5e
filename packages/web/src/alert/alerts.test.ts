import type { AlertView } from '@claimstead/wire/cloud-api/alerts';
import { describe, expect, it } from 'vitest';
import { nodeAlertsOf, parseAgentAlerts, parseAlertLog } from './agent-alerts.ts';
import { alertsInOrder, alertsMatching, alertTitle, countAlerts, countAlertsByRoom } from './alert-rules.ts';

const alert = (name: string, change: Partial<AlertView> = {}): AlertView => ({
  nodeId: 'n1',
  name,
  chart: 'disk_space._',
  chartName: 'disk_space./',
  context: 'disk.space',
  status: 'warning',
  since: '2026-01-01T00:00:00Z',
  previous: 'clear',
  summary: '',
  info: '',
  silenced: false,
  configHash: 'h',
  ...change,
});

describe('counts', () => {
  const changedAt = '2026-01-01T00:00:00Z';
  const rooms = [{ id: 'r', name: 'Room' }];
  it('sums what was told; nodes that told nothing do not make it zero', () => {
    expect(countAlerts([{ alerts: null }, { alerts: { critical: 1, warning: 2, changedAt } }])).toEqual({
      critical: 1,
      warning: 2,
    });
    expect(countAlerts([{ alerts: null }])).toBeNull();
  });
  it('sums by room', () => {
    const told = { alerts: { critical: 1, warning: 0, changedAt }, rooms };
    expect(countAlertsByRoom([told, told, { alerts: null, rooms }])).toEqual(
      new Map([['r', { critical: 2, warning: 0 }]]),
    );
  });
});

it('critical alerts come first, then the newest', () => {
  const list = [
    alert('old', { since: '2025-01-01T00:00:00Z' }),
    alert('new'),
    alert('worst', { status: 'critical', since: '2024-01-01T00:00:00Z' }),
  ];
  expect(alertsInOrder(list).map(({ name }) => name)).toEqual(['worst', 'new', 'old']);
});

it('alertsMatching needs severity, node and every word, those of the host too', () => {
  const list = [alert('disk_space_usage'), alert('10min_cpu', { nodeId: 'n2', status: 'critical' })];
  const find = (filter: Partial<Parameters<typeof alertsMatching>[1]>) =>
    alertsMatching(list, { status: null, find: '', nodeIds: null, ...filter }, (id) =>
      id === 'n1' ? 'Web' : undefined,
    ).map(({ name }) => name);
  expect(find({})).toHaveLength(2);
  expect(find({ status: 'critical' })).toEqual(['10min_cpu']);
  expect(find({ find: ' web SPACE ' })).toEqual(['disk_space_usage']);
  expect(find({ nodeIds: new Set(['n2']) })).toEqual(['10min_cpu']);
});

it('alertTitle makes words of a name where there is no summary', () => {
  expect(alertTitle({ summary: '', name: '10min_cpu_usage' })).toBe('10min cpu usage');
  expect(alertTitle({ summary: 'always_up', name: 'always_up' })).toBe('Always up');
  expect(alertTitle({ summary: 'Disk / space', name: 'x' })).toBe('Disk / space');
});

/** One alert as agents of three eras write it. */
const eras = {
  'v1.36': {
    'disk_space./.disk_space_usage': {
      id: 7,
      config_hash_id: 'aa',
      name: 'disk_space_usage',
      chart: 'disk_space./',
      family: '/',
      class: 'Utilization',
      active: true,
      disabled: false,
      silenced: false,
      units: '%',
      info: 'disk / space utilization',
      status: 'WARNING',
      last_status_change: 1700000000,
      last_updated: 1700000060,
      value_string: '91.3%',
      warn: '$this &gt; 90',
      value: 91.3,
    },
  },
  'v1.44': {
    'disk_space./.disk_space_usage': {
      name: 'disk_space_usage',
      chart: 'disk_space./',
      config_hash_id: 'aa',
      silenced: true,
      summary: 'Disk / space usage',
      info: 'Total space utilization of disk /',
      status: 'WARNING',
      last_status_change: 1700000000,
      units: '%',
      value_string: '-',
      value: 91.3,
    },
  },
  'v2.9': {
    'disk_space./.disk_space_usage': {
      name: 'disk_space_usage',
      chart: 'disk_space./',
      summary: null,
      status: 'UNINITIALIZED',
      value_string: '-',
      value: null,
    },
    'no.thing': { name: 7 },
  },
};

it('parseAgentAlerts reads every era and leaves out what it cannot read', () => {
  const read = Object.values(eras).map((alarms) => parseAgentAlerts({ hostname: 'web', status: true, alarms }));
  expect(read.map((alerts) => alerts.length)).toEqual([1, 1, 1]);
  expect(read.map(([first]) => [first?.status, first?.value, first?.silenced, first?.summary])).toEqual([
    ['warning', '91.3%', false, ''],
    ['warning', '91.3 %', true, 'Disk / space usage'],
    ['unknown', '', false, ''],
  ]);
  expect(() => parseAgentAlerts({ error: 'no' })).toThrow();
});

it('parseAlertLog reads every era, the newest first, and is bounded', () => {
  const entry = (change: object) => ({
    unique_id: 1,
    name: 'a',
    chart: 'c',
    when: 100,
    duration: 60,
    status: 'WARNING',
    old_status: 'CLEAR',
    units: 'ms',
    ...change,
  });
  const log = parseAlertLog([
    entry({ value_string: '5 ms', silenced: 'true', value: 5 }),
    entry({ unique_id: 2, when: 200, status: 'REMOVED', value: null, value_string: '-', silenced: false }),
    { nothing: true },
  ]);
  expect(
    log.map(({ atSeconds, status, before, value, silenced }) => [atSeconds, status, before, value, silenced]),
  ).toEqual([
    [200, 'unknown', 'clear', '', false],
    [100, 'warning', 'clear', '5 ms', true],
  ]);
  expect(parseAlertLog(Array.from({ length: 3_000 }, (_, n) => entry({ when: n })))).toHaveLength(1_000);
  expect(() => parseAlertLog({ error: 'no' })).toThrow();
});

it('nodeAlertsOf joins by the name of the chart, raised first, each alert once', () => {
  const asked = parseAgentAlerts({
    alarms: {
      a: { name: 'used', chart: 'disk_space./', status: 'WARNING', value_string: '91%' },
      b: { name: 'quiet', chart: 'a.b', status: 'CLEAR', value_string: '1' },
      c: { name: 'late', chart: 'a.b', status: 'CRITICAL', value_string: '2' },
      d: { name: 'unsure', chart: 'a.b', status: 'UNDEFINED' },
    },
  });
  const joined = nodeAlertsOf([alert('used'), alert('gone', { chart: 'x', chartName: 'x' })], asked);
  expect(joined.map(({ key, status, value }) => [key, status, value])).toEqual([
    ['disk_space._.used', 'warning', '91%'],
    ['x.gone', 'warning', null],
    ['a.b.late', 'critical', '2'],
    ['a.b.unsure', 'unknown', ''],
    ['a.b.quiet', 'clear', '1'],
  ]);
  expect(nodeAlertsOf([alert('used')], null)).toHaveLength(1);
});
