import { describe, expect, it } from 'vitest';
import { formatNumber, formatValue, formatWithUnit, scaleFor, unitLabel } from './units.ts';

describe('formatWithUnit', () => {
  it.each([
    [23.456, 'percentage', '23.5 %'],
    [100, '%', '100 %'],
    [512, 'MiB', '512 MiB'],
    [15_800, 'MiB', '15.4 GiB'],
    [0.5, 'MiB', '512 KiB'],
    [1500, 'kilobits/s', '1.50 Mbit/s'],
    [0.2, 'kilobits/s', '200 bit/s'],
    [-2048, 'KiB/s', '-2.00 MiB/s'],
    [7200, 'seconds', '2.00 h'],
    [3, 'milliseconds', '3.00 ms'],
    [12_345, 'context switches/s', '12.3 k'],
    [0.42, 'load', '0.420'],
    [0, 'KiB/s', '0 KiB/s'],
    [0, 'percentage', '0 %'],
    [3, '__proto__', '3.00'],
    [3, 'constructor/s', '3.00'],
  ])('%d %s is written %s', (value, units, text) => expect(formatWithUnit(value, units)).toBe(text));
});

describe('unitLabel', () => {
  it.each([
    ['percentage', 40, '%'],
    ['kilobits/s', 3_000_000, 'Gbit/s'],
    ['processes', 12, 'processes'],
    ['context switches/s', 20_000, 'k context switches/s'],
  ])('of %s up to %d is %s', (units, largest, label) => expect(unitLabel(units, scaleFor(units, largest))).toBe(label));
});

it('writes a gap as a dash', () => expect(formatValue(null, { divisor: 1, suffix: '' })).toBe('–'));
it('keeps three figures', () =>
  expect([0.1234, 1.234, 12.34, 123.4, 12345].map(formatNumber)).toEqual(['0.123', '1.23', '12.3', '123', '12,345']));
