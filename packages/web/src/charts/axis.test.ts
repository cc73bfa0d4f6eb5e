import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueMarks, valueRange } from './axis.ts';

const usual = { fromZero: true, percent: false, divisor: 1, marks: 4 };

describe('valueRange', () => {
  it('starts at zero and ends on a mark', () => {
    expect(valueRange(2, 37, usual)).toEqual({ min: 0, max: 40, step: 10 });
  });
  it('keeps per cent at 100 when values reach it', () => {
    expect(valueRange(0, 99.7, { ...usual, percent: true }).max).toBe(100);
    expect(valueRange(0, 100.0002, { ...usual, percent: true }).max).toBe(100);
    expect(valueRange(0, 250, { ...usual, percent: true }).max).toBeGreaterThan(250);
  });
  it('marks round numbers of the written unit', () => {
    const range = valueRange(0, 3000, { ...usual, divisor: 1024 });
    expect(range.max % 1024).toBe(0);
    expect(valueMarks(range).map((mark) => mark / 1024)).toEqual([0, 1, 2, 3]);
  });
  it('shows a flat line that is far from zero where it is', () => {
    const range = valueRange(86_000, 86_300, { ...usual, fromZero: false });
    expect(range.min).toBeGreaterThan(80_000);
    const days = valueRange(16_070_000, 16_070_300, { ...usual, fromZero: false, divisor: 86_400 });
    expect(valueMarks(days).length).toBeLessThan(8);
  });
  it('stands a chart of zeros', () => expect(valueRange(0, 0, usual)).toEqual({ min: 0, max: 1, step: 0.5 }));
  it('shows what lies below zero', () => expect(valueRange(-30, 20, usual)).toEqual({ min: -40, max: 40, step: 20 }));
  it('holds every value and has between two and ten marks', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.boolean(), (a, b, fromZero) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        if (max - min < Math.abs(max) * 1e-6 || max - min < 1e-6) return;
        const range = valueRange(min, max, { ...usual, fromZero });
        const slack = range.step * 1e-5;
        expect(range.min).toBeLessThanOrEqual(min + slack);
        expect(range.max).toBeGreaterThanOrEqual(max - slack);
        expect(valueMarks(range).length).toBeGreaterThanOrEqual(2);
        expect(valueMarks(range).length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
