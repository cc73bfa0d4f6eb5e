import { expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { runQuery } from '../metrics/query.ts';
import { machineCollectors } from './all.ts';
import { createMetrics } from './metrics-plane.ts';
import { TestMachine } from './testing.ts';

const machine = fileURLToPath(new URL('fixtures/machine', import.meta.url));

test('a captured machine has exactly these charts', async () => {
  const captured = new TestMachine(machineCollectors, machine);
  for (let i = 0; i < 11; i++) await captured.tick();
  expect(captured.failures).toEqual([]);
  const lines = [...captured.store.charts()]
    .filter(({ shape }) => !shape.id.startsWith('disk_space.') && !shape.id.startsWith('disk_inodes.'))
    .map(({ shape, dimensions }) => {
      const { id, context, family, units, chartType, priority, updateEverySeconds } = shape;
      const names = dimensions.map(({ name, hidden }) => (hidden ? `(${name})` : name)).join(' ');
      return `${id} | ${context} | ${family} | ${units} | ${chartType} | ${priority} | ${updateEverySeconds} s | ${names}`;
    });
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('fixtures/machine-charts.txt');
});

test('a machine without /proc has no data and no failure', async () => {
  const empty = new TestMachine(machineCollectors);
  await empty.tick();
  expect(empty.failures).toEqual([]);
  expect(empty.runner.runs.map(({ outcome }) => outcome)).not.toContain('collected');
  expect([...empty.store.charts()].every((chart) => chart.lastSecond === 0)).toBe(true);
});

test.each(['', '\n', 'x', '0', ':', '-', '\0'.repeat(100), '99999999999999999999999 '.repeat(50), 'cpu cpu0 cpu: '])(
  'files that say %j fail nobody and make no number up',
  async (text) => {
    const odd = new TestMachine(machineCollectors, machine);
    const files = [
      'stat',
      'loadavg',
      'meminfo',
      'vmstat',
      'diskstats',
      'uptime',
      'interrupts',
      'softirqs',
      'self/mountinfo',
    ];
    const net = ['dev', 'snmp', 'netstat', 'snmp6', 'sockstat', 'sockstat6', 'softnet_stat'].map(
      (name) => `net/${name}`,
    );
    const other = ['pressure/cpu', 'pressure/io', 'sys/fs/file-nr', 'sys/kernel/random/entropy_avail'];
    for (const file of [...files, ...net, ...other]) odd.write(`proc/${file}`, text);
    for (let i = 0; i < 11; i++) await odd.tick();
    expect(odd.failures).toEqual([]);
  },
);

test('files that are cut off anywhere fail nobody', async () => {
  const cut = new TestMachine(machineCollectors, machine);
  const { readFileSync } = await import('node:fs');
  for (const file of [
    'stat',
    'meminfo',
    'net/snmp',
    'net/dev',
    'diskstats',
    'interrupts',
    'net/softnet_stat',
    'self/mountinfo',
  ]) {
    const text = readFileSync(`${machine}/proc/${file}`, 'utf8');
    for (let at = 0; at < text.length; at += 97) {
      cut.write(`proc/${file}`, text.slice(0, at));
      await cut.tick();
    }
  }
  expect(cut.failures).toEqual([]);
});

test('this machine, two ticks apart: CPU shares add up, memory is there', async () => {
  const log = { info: () => undefined, error: (_: string, text: string) => expect(text).toBe('no error') };
  const { store, collectors, start, stop } = createMetrics({ root: '/', now: Date.now, log, retentionSeconds: 60 });
  start();
  await expect.poll(() => store.chart('system.cpu')?.lastSecond, { interval: 20, timeout: 10_000 }).toBeGreaterThan(0);
  await stop();
  expect(store.dimensionCount).toBeGreaterThan(100);
  expect(collectors.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  const cpu = store.chart('system.cpu');
  if (cpu === undefined) throw new Error('no CPU chart');
  const range = { after: cpu.lastSecond - 1, before: cpu.lastSecond, points: 1, groupTimeSeconds: 0, aligned: true };
  const plain = { percentage: false, absolute: false, nonzero: false, nullToZero: false };
  const names = cpu.dimensions.map(({ name }) => name);
  const query = { charts: [cpu], range, group: 'average', dimensions: names, ...plain } as const;
  const answer = runQuery(query, { nowSecond: store.lastSecond, retentionSeconds: 60 });
  const total = answer.dimensions.reduce((sum, { values }) => sum + (values[0] ?? NaN), 0);
  expect(total).toBeCloseTo(100, 3);
});
