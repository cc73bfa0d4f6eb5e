import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundSample, sampleText } from './number-text.ts';

test('no noise of single precision is shown', () => {
  expect(sampleText(Math.fround(12.3))).toBe('12.3');
  expect(sampleText(Math.fround(0.1))).toBe('0.1');
  expect(sampleText(Math.fround(-99.7))).toBe('-99.7');
  expect(sampleText(16_777_216)).toBe('16777216');
  expect(sampleText(-0)).toBe('0');
  expect(sampleText(1e-9)).toBe('0');
  expect(sampleText(NaN)).toBe('null');
  expect(sampleText(Infinity)).toBe('null');
});

test('rounds once, stays near, and shows at most 7 decimals', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const rounded = roundSample(value);
      expect(roundSample(rounded)).toBe(rounded);
      expect(Math.abs(rounded - value)).toBeLessThanOrEqual(Math.max(1e-7, Math.abs(value) * 1e-6));
      if (Math.abs(rounded) < 1e15)
        expect(/e|\.\d{8}/.test(String(Math.abs(rounded) >= 1e-6 ? rounded : 0))).toBe(false);
    }),
  );
});
