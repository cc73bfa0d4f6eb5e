import { expect, test } from 'vitest';
import { listContexts } from './contexts.ts';
import { firstSecondOf, MetricStore, type ChartShape } from './store.ts';

function shape(id: string, over: Partial<ChartShape> = {}): ChartShape {
  const plain = { family: 'f', title: 'Title', units: 'u', chartType: 'line', priority: 10, module: 'm' } as const;
  return { id, context: id, updateEverySeconds: 1, ...plain, ...over };
}

function storeOf(maxDimensions: number): { store: MetricStore; told: number[] } {
  const told: number[] = [];
  const store = new MetricStore({ retentionSeconds: 3600, maxDimensions, onBoundHit: (bound) => told.push(bound) });
  return { store, told };
}

function sample(store: MetricStore, id: string, second: number, over: Partial<ChartShape> = {}): void {
  store.beginTick(second);
  const chart = store.openChart(shape(id, over));
  store.openDimension(chart, 'x', 'x', false)?.ring.write(second, 1);
  store.touch(chart, second);
  store.endTick(second);
}

test('a silent chart leaves the lists after a minute and the memory after the retention', () => {
  const { store } = storeOf(10);
  sample(store, 'net.veth1', 1000);
  for (let second = 1001; second <= 1060; second++) store.endTick(second);
  expect(store.chart('net.veth1')?.obsolete).toBe(false);
  for (let second = 1061; second <= 1070; second++) store.endTick(second);
  expect(store.chart('net.veth1')?.obsolete).toBe(true);
  expect(listContexts(store)[0]?.collected).toBe(false);
  store.endTick(4680);
  expect(store.chart('net.veth1')).toBeUndefined();
  expect(store.dimensionCount).toBe(0);
});

test('a device that comes back continues its chart', () => {
  const { store } = storeOf(10);
  sample(store, 'net.veth1', 1000);
  store.endTick(1100);
  expect(store.chart('net.veth1')?.obsolete).toBe(true);
  sample(store, 'net.veth1', 1101);
  const chart = store.chart('net.veth1');
  expect(chart?.obsolete).toBe(false);
  expect(chart && firstSecondOf(chart)).toBe(1000);
  expect(store.dimensionCount).toBe(1);
});

test('the bound is told once, and obsolete charts make room first', () => {
  const { store, told } = storeOf(2);
  sample(store, 'a', 1000);
  sample(store, 'b', 1000);
  sample(store, 'c', 1000);
  sample(store, 'd', 1000);
  expect(told).toEqual([2]);
  expect(store.dimensionCount).toBe(2);
  for (let second = 1001; second <= 1200; second++) sample(store, 'b', second);
  sample(store, 'e', 1201);
  expect(store.chart('a')).toBeUndefined();
  expect(store.chart('e')?.dimensions).toHaveLength(1);
  expect(store.dimensionCount).toBe(2);
});

test('charts that never got a sample do not pile up', () => {
  const { store } = storeOf(1);
  for (let second = 1000; second < 20_000; second += 10) {
    store.beginTick(second);
    store.openChart(shape(`net.veth${second}`));
    store.endTick(second);
  }
  expect(store.chartCount).toBeLessThan(400);
});

test('contexts sum up their charts', () => {
  const { store } = storeOf(10);
  sample(store, 'disk.a', 1000, { context: 'disk.io', priority: 7 });
  sample(store, 'disk.b', 1005, { context: 'disk.io', priority: 5 });
  sample(store, 'a', 1010);
  const contexts = listContexts(store);
  expect(contexts.map(({ id }) => id)).toEqual(['a', 'disk.io']);
  expect(contexts[1]).toMatchObject({
    priority: 5,
    firstSecond: 1000,
    lastSecond: 1005,
    version: 1006,
    collected: true,
  });
  expect(contexts[1]?.charts).toHaveLength(2);
});

test('a context is newer after every change, also when its chart goes, comes back, or the clock is set back', () => {
  const { store } = storeOf(10);
  const versions: number[] = [];
  const note = (): void => void versions.push(store.contextVersion('disk.io'));
  sample(store, 'disk.a', 1000, { context: 'disk.io' });
  note();
  sample(store, 'disk.a', 1001, { context: 'disk.io' });
  expect(store.contextVersion('disk.io')).toBe(1001);
  sample(store, 'disk.b', 1002, { context: 'disk.io' });
  note();
  for (let second = 1003; second <= 6000; second++) sample(store, 'disk.a', second, { context: 'disk.io' });
  expect(store.chart('disk.b')).toBeUndefined();
  note();
  sample(store, 'disk.b', 6001, { context: 'disk.io' });
  note();
  sample(store, 'disk.c', 500, { context: 'disk.io' });
  note();
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(new Set(versions).size).toBe(versions.length);
  expect(listContexts(store)[0]).toMatchObject({ version: versions.at(-1), startedSecond: 500 });
});

test('watchers are called after ticks that changed something else than samples, until they leave', () => {
  const { store } = storeOf(10);
  let calls = 0;
  const leave = store.watchChanges(() => calls++);
  sample(store, 'a', 1000);
  expect(calls).toBe(1);
  sample(store, 'a', 1001);
  expect(calls).toBe(1);
  sample(store, 'b', 1002);
  expect(calls).toBe(2);
  leave();
  sample(store, 'c', 1003);
  expect(calls).toBe(2);
});
