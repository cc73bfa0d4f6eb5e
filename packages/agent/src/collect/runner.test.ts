import { expect, test } from 'vitest';
import { MetricStore } from '../metrics/store.ts';
import type { Collector, Outcome } from './collector.ts';
import { CollectorRunner } from './runner.ts';

function runnerOf(...collectors: Collector[]): { runner: CollectorRunner; lines: string[] } {
  const lines: string[] = [];
  const log = {
    info: (_: string, text: string) => lines.push(text),
    error: (_: string, text: string) => lines.push(`! ${text}`),
  };
  const store = new MetricStore({ retentionSeconds: 60, maxDimensions: 10, onBoundHit: () => undefined });
  let ms = 0;
  return { runner: new CollectorRunner({ collectors, store, log, monotonic: () => (ms += 5) }), lines };
}

function collectorOf(
  collect: (second: number) => Outcome | Promise<Outcome>,
  everySeconds = 1,
): Collector & { seconds: number[] } {
  const seconds: number[] = [];
  return {
    name: 'it',
    everySeconds,
    seconds,
    collect: ({ second }) => {
      seconds.push(second);
      return collect(second);
    },
  };
}

test('measures each run and calls only who is due', () => {
  const often = collectorOf(() => 'collected');
  const rarely = collectorOf(() => 'collected', 10);
  const { runner } = runnerOf(often, rarely);
  for (let second = 95; second <= 105; second++) runner.run(second);
  expect(often.seconds).toHaveLength(11);
  expect(rarely.seconds).toEqual([100]);
  expect(runner.runs[0]).toMatchObject({ outcome: 'collected', durationMs: 5 });
});

test('a failure is told once, tried again after a minute, and its end is told', () => {
  let broken = true;
  const failing = collectorOf(() => {
    if (broken) throw new Error('the disk is on fire');
    return 'collected';
  });
  const healthy = collectorOf(() => 'collected');
  const { runner, lines } = runnerOf(failing, healthy);
  for (let second = 0; second <= 125; second++) runner.run(second);
  expect(failing.seconds).toEqual([0, 60, 120]);
  expect(healthy.seconds).toHaveLength(126);
  broken = false;
  for (let second = 126; second <= 181; second++) runner.run(second);
  expect(failing.seconds).toEqual([0, 60, 120, 180, 181]);
  expect(lines).toEqual([
    '! it cannot be collected: the disk is on fire; it is tried again every 60 seconds',
    'it is being collected again',
  ]);
});

test('no data is no failure', () => {
  const absent = collectorOf(() => 'no-data');
  const { runner, lines } = runnerOf(absent);
  for (let second = 0; second <= 60; second++) runner.run(second);
  expect(absent.seconds).toEqual([0, 60]);
  expect(lines).toEqual([]);
});

test('what waits is not started again and can be waited for', async () => {
  let answer: (outcome: Outcome) => void = () => undefined;
  const waiting = collectorOf(() => new Promise<Outcome>((resolve) => (answer = resolve)));
  const { runner } = runnerOf(waiting);
  runner.run(1);
  runner.run(2);
  expect(waiting.seconds).toEqual([1]);
  answer('collected');
  await runner.settle();
  runner.run(3);
  expect(waiting.seconds).toEqual([1, 3]);
  answer('collected');
  await runner.settle();
});

test('a clock that is set back does not silence a collector for long', () => {
  const absent = collectorOf(() => 'no-data');
  const { runner } = runnerOf(absent);
  runner.run(100_000);
  runner.run(500);
  runner.run(501);
  expect(absent.seconds).toEqual([100_000, 500]);
});
