import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from './ring.ts';

test('an empty ring is one long gap', () => {
  const ring = new Ring(100);
  expect(ring.newestSlot).toBe(-1);
  expect(ring.read(0)).toBeNaN();
  expect(ring.read(1_795_000_000)).toBeNaN();
});

test('keeps exactly the newest slots when it is full', () => {
  const ring = new Ring(3600);
  for (let slot = 1_795_000_000; slot < 1_795_004_000; slot++) ring.write(slot, slot - 1_795_000_000);
  expect(ring.read(1_795_000_399)).toBeNaN();
  expect(ring.read(1_795_000_400)).toBe(400);
  expect(ring.read(1_795_003_999)).toBe(3999);
  expect(ring.bytes).toBe(3600 * 4);
});

test('a young series costs less than a full one', () => {
  const ring = new Ring(3600);
  for (let slot = 0; slot < 60; slot++) ring.write(slot, 1);
  expect(ring.bytes).toBeLessThan(3600);
});

/** The same rules on a plain map: what is newer than a write that goes back is dropped, only the newest slots count. */
class NaiveRing {
  values = new Map<number, number>();
  newest = -1;
  oldest = 0;
  constructor(readonly capacity: number) {}
  write(slot: number, value: number): void {
    if (this.newest < 0 || slot < this.oldest) {
      this.values.clear();
      this.oldest = slot;
    }
    for (const known of this.values.keys()) if (known > slot) this.values.delete(known);
    this.values.set(slot, Math.fround(value));
    this.newest = slot;
    this.oldest = Math.max(this.oldest, slot - this.capacity + 1);
  }
  read(slot: number): number {
    return slot >= this.oldest && slot <= this.newest ? (this.values.get(slot) ?? NaN) : NaN;
  }
}

test('equals a plain map under jumps forward and back', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 2, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 41, max: 2000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -500, max: 0 }) },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 400 }), (capacity, steps) => {
      const ring = new Ring(capacity);
      const naive = new NaiveRing(capacity);
      let slot = 10_000;
      for (const [i, by] of steps.entries()) {
        slot = Math.max(0, slot + by);
        ring.write(slot, i);
        naive.write(slot, i);
      }
      expect(ring.newestSlot).toBe(naive.newest);
      for (let at = slot - capacity - 50; at <= slot + 50; at++) expect(ring.read(at)).toBe(naive.read(at));
    }),
  );
});
