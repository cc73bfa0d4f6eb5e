import { describe, expect, it, test } from 'vitest';
import { defaultAlerts } from './default-alerts.ts';
import { healthWorld, start } from './testing.ts';

const used = `
template: used
      on: disk.space
    calc: $used * 100 / ($used + $avail)
   units: %
   every: 10s
    warn: $this > (($status >= $WARNING) ? (80) : (90))
    crit: $this > (($status == $CRITICAL) ? (90) : (98))
   delay: up 1m down 15m
`;
const disk = (percent: number): Record<string, Record<string, number>> => ({
  '/ disk.space': { used: percent, avail: 100 - percent },
});

describe('hysteresis', () => {
  test.each([
    [
      [50, 89, 91, 85, 81, 79],
      ['clear', 'clear', 'warning', 'warning', 'warning', 'clear'],
    ],
    [
      [99, 95, 91, 89, 79],
      ['critical', 'critical', 'critical', 'warning', 'clear'],
    ],
    [
      [95, 99, 91, 99],
      ['warning', 'critical', 'critical', 'critical'],
    ],
    [
      [NaN, 50],
      ['undefined', 'clear'],
    ],
  ])('%j becomes %j', (percents, statuses) => {
    const world = healthWorld(used);
    const seen = percents.map((percent, i) => {
      // The newest sample is a gap for ever only before the first one.
      world.second(start + i * 10, Number.isNaN(percent) ? { '/ disk.space': { avail: 5 } } : disk(percent));
      return world.alert('used')?.status;
    });
    expect(seen).toEqual(statuses);
  });
});

it('tells each change once, with what was before', () => {
  const world = healthWorld(used);
  world.second(start, disk(50));
  for (let i = 1; i <= 4; i++) world.second(start + i * 10, disk(95));
  world.second(start + 50, disk(10));
  const changes = world.health.log.newerThan(0).reverse();
  expect(changes.map(({ oldStatus, status, when }) => [oldStatus, status, when - start])).toEqual([
    ['uninitialized', 'clear', 0],
    ['clear', 'warning', 10],
    ['warning', 'clear', 50],
  ]);
  const [first, second, third] = changes;
  expect(first).toMatchObject({ oldValue: NaN, value: 50, updatesId: 0, updatedById: second?.id });
  expect(second).toMatchObject({ oldValue: 50, value: 95, durationSeconds: 10, nonClearSeconds: 0, delaySeconds: 60 });
  expect(third).toMatchObject({ durationSeconds: 40, nonClearSeconds: 40, updatedById: 0 });
  expect(third?.id).toBe(world.health.log.latestId);
  expect(first?.id).toBe(start * 1000);
  expect(world.health.log.newerThan(first?.id ?? 0)).toEqual([third, second]);
});

it('looks at an alert when its time has come and not before', () => {
  const world = healthWorld(used);
  world.second(start, disk(50));
  for (let i = 1; i < 10; i++) world.second(start + i, disk(95));
  expect(world.alert('used')).toMatchObject({ status: 'clear', lastUpdated: start, nextUpdate: start + 10 });
  world.second(start + 10, disk(95));
  expect(world.alert('used')).toMatchObject({ status: 'warning', lastUpdated: start + 10 });
});

it('is not kept waiting by a clock that was set back, and the version still grows', () => {
  const world = healthWorld(used);
  world.second(start, disk(50));
  world.second(start - 7200, disk(95));
  expect(world.alert('used')?.status).toBe('warning');
  expect(world.health.version()).toBe(BigInt(start + 1));
});

it('has one alert for each chart of a context, ends it with its chart, and begins again when that comes back', () => {
  const world = healthWorld(used);
  const both = { ...disk(95), '/home disk.space': { used: 1, avail: 99 } };
  for (let i = 0; i < 5; i++) world.second(start + i, both);
  expect([...world.health.alerts()].map(({ chartId, status }) => [chartId, status])).toEqual([
    ['/', 'warning'],
    ['/home', 'clear'],
  ]);
  expect(world.health.version()).toBe(2n * BigInt(start));
  for (let i = 5; i < 100; i++) world.second(start + i, disk(95));
  const [newest] = world.health.log.newerThan(0);
  expect(newest).toMatchObject({ oldStatus: 'clear', status: 'removed', value: NaN, delaySeconds: 0 });
  expect(newest?.alert.chartId).toBe('/home');
  expect(world.health.version()).toBe(BigInt(start));
  world.second(start + 100, both);
  expect(world.health.log.newerThan(0)[0]).toMatchObject({ oldStatus: 'removed', status: 'clear' });
  for (let i = 101; i < 4000; i++) world.second(start + i, disk(95));
  expect([...world.health.alerts()].map(({ chartId }) => chartId)).toEqual(['/']);
});

it('waits with a lookup until there are enough samples', () => {
  const world = healthWorld(
    'alarm: busy\non: system.cpu\nlookup: average -60s unaligned of user\nevery: 10s\nwarn: $this > 50',
  );
  const cpu = (user: number): Record<string, Record<string, number>> => ({
    'system.cpu system.cpu': { user, idle: 100 },
  });
  for (let i = 0; i < 55; i++) world.second(start + i, cpu(99));
  expect(world.alert('busy')).toMatchObject({ status: 'uninitialized', newest: undefined });
  expect(world.health.version()).toBe(0n);
  for (let i = 55; i < 75; i++) world.second(start + i, cpu(0));
  expect(world.alert('busy')?.status).toBe('warning');
  expect(world.alert('busy')?.value).toBeCloseTo(99 * (45 / 60), -1);
});

test('an alarm of a chart wins over a template with its name, and a later definition over an earlier one', () => {
  const world = healthWorld(`${used}
alarm: used
on: /
calc: 1
every: 1s
warn: 0
${used}
 info: the later one
`);
  world.second(start, { ...disk(99), '/home disk.space': { used: 99, avail: 1 } });
  const alerts = [...world.health.alerts()];
  expect(alerts.map(({ chartId, status, info }) => [chartId, status, info])).toEqual([
    ['/', 'clear', ''],
    ['/home', 'critical', 'the later one'],
  ]);
});

test('variables: another chart, the cores, the seconds; what is unknown is undefined', () => {
  const line = (name: string, calc: string): string => `alarm: ${name}\non: /\ncalc: ${calc}\nevery: 1s\nwarn: 0\n`;
  const world = healthWorld(
    line('other', '$system.ram.used') +
      line('cores', '$active_processors') +
      line('now', '$now - $last_collected_t + $update_every') +
      line('proto', '$constructor') +
      line('none', '$nothing'),
  );
  world.second(start, { ...disk(1), 'system.ram system.ram': { used: 42 } });
  const values = [...world.health.alerts()].map(({ value, status }) => [value, status]);
  expect(values).toEqual([
    [42, 'clear'],
    [2, 'clear'],
    [1, 'clear'],
    [NaN, 'undefined'],
    [NaN, 'undefined'],
  ]);
});

it('keeps 1,000 changes and at most 2,000 alerts', () => {
  const world = healthWorld('template: t\non: c\ncalc: $x\nevery: 1s\nwarn: $this');
  const charts = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`c${i} c`, { x: 1 }]));
  world.second(start, charts);
  expect([...world.health.alerts()]).toHaveLength(2000);
  expect(world.bounds).toEqual([2000]);
  expect(world.health.log.newerThan(0)).toHaveLength(1000);
  expect(world.health.log.latestId).toBe(start * 1000 + 1999);
});

describe('the built-in alerts', () => {
  it('have names of their own and are raised by what they are about', () => {
    expect(new Set(defaultAlerts.map(({ name }) => name)).size).toBe(defaultAlerts.length);
    const world = healthWorld(defaultAlerts);
    for (let i = 0; i <= 620; i++) {
      world.second(start + i, {
        ...disk(99),
        'system.ram system.ram': { used: 99, cached: 1, free: 0, buffers: 0 },
        'mem.swap mem.swap': { used: 95, free: 5 },
        'system.cpu system.cpu': { user: 50, system: 40, softirq: 0, irq: 0, guest: 0, idle: 10 },
        'system.load system.load': { load15: 4.1 },
        'netdata.collector_failures netdata.collector_failures': { a: 1, b: 0 },
      });
    }
    expect(
      Object.fromEntries([...world.health.alerts()].map(({ definition, status }) => [definition.name, status])),
    ).toEqual({
      disk_space_usage: 'critical',
      ram_in_use: 'critical',
      used_swap: 'warning',
      '10min_cpu_usage': 'warning',
      load_average_15: 'warning',
      collector_failed: 'warning',
    });
  });

  it('say what they are about without a blank left to fill in', () => {
    const world = healthWorld(defaultAlerts);
    world.second(start, disk(1));
    expect(world.alert('disk_space_usage')?.summary).toBe('Space of family of /');
  });
});
