import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startTicking, type TickClock } from './scheduler.ts';

/** A clock that only moves when it is told to, or while `tick` is busy. */
class HandClock implements TickClock {
  nowMs: number;
  #timer: { dueMs: number; run: () => void } | undefined;
  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }
  now(): number {
    return this.nowMs;
  }
  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.nowMs + delayMs, run };
    this.#timer = timer;
    return () => {
      if (this.#timer === timer) this.#timer = undefined;
    };
  }
  get armed(): boolean {
    return this.#timer !== undefined;
  }
  /** Lets the timer fire, `offMs` later (or, negative, earlier) than it asked for. */
  fire(offMs = 0): void {
    const timer = this.#timer;
    if (timer === undefined) throw new Error('no timer is armed');
    this.#timer = undefined;
    this.nowMs = Math.max(this.nowMs, timer.dueMs + offMs);
    timer.run();
  }
}

test('ticks at every full second, however long a tick takes', () => {
  const clock = new HandClock(1_000_400);
  const ticks: number[] = [];
  startTicking(clock, (second) => {
    ticks.push(second);
    clock.nowMs += 300;
  });
  for (let i = 0; i < 5; i++) clock.fire(3);
  expect(ticks).toEqual([1001, 1002, 1003, 1004, 1005]);
});

test('a timer that is early does not tick twice', () => {
  const clock = new HandClock(1_000_000);
  const ticks: number[] = [];
  startTicking(clock, (second) => ticks.push(second));
  clock.fire(-2);
  expect(ticks).toEqual([]);
  clock.fire();
  clock.fire(-1);
  clock.fire();
  expect(ticks).toEqual([1001, 1002]);
});

test('after a suspend it goes on from now, without a burst', () => {
  const clock = new HandClock(1_000_000);
  const ticks: number[] = [];
  startTicking(clock, (second) => ticks.push(second));
  clock.fire();
  clock.fire(7_200_500);
  clock.fire();
  expect(ticks).toEqual([1001, 8202, 8203]);
});

test('a clock that is set back ticks on from its new time', () => {
  const clock = new HandClock(2_000_000);
  const ticks: number[] = [];
  startTicking(clock, (second) => ticks.push(second));
  clock.fire();
  clock.nowMs = 1_500_100;
  clock.fire(-600_000);
  clock.fire();
  expect(ticks).toEqual([2001, 1501]);
});

test('stops', () => {
  const clock = new HandClock(0);
  const stop = startTicking(clock, () => undefined);
  clock.fire();
  stop();
  expect(clock.armed).toBe(false);
});

test('never the same second twice while the clock goes forward', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -5, max: 4000 }), fc.integer({ min: 0, max: 2500 }))), (steps) => {
      const clock = new HandClock(123_456);
      const ticks: number[] = [];
      let busyMs = 0;
      startTicking(clock, (second) => {
        ticks.push(second);
        clock.nowMs += busyMs;
      });
      for (const [offMs, busy] of steps) {
        busyMs = busy;
        clock.fire(offMs);
      }
      expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    }),
  );
});
