import { expect, test } from 'vitest';
import { cursorOver } from './cursor.ts';
import { KeyNumbers, PairedLines } from './key-numbers.ts';

test('keeps the wanted keys of lines, with and without a colon; what is missing is NaN', () => {
  const numbers = new KeyNumbers(['MemTotal', 'pgfault', 'Active(anon)', 'absent']);
  numbers.parseLines(cursorOver('MemTotal:       24684084 kB\npgfault 12\nActive(anon):  7 kB\nMemTotalX: 1\n\nodd'));
  expect([...numbers.values]).toEqual([24684084, 12, 7, NaN]);
  numbers.parseLines(cursorOver(''));
  expect([...numbers.values]).toEqual([NaN, NaN, NaN, NaN]);
});

test('a line that is cut off has no number', () => {
  const numbers = new KeyNumbers(['MemTotal', 'MemFree']);
  numbers.parseLines(cursorOver('MemTotal: 5 kB\nMemFree'));
  expect([...numbers.values]).toEqual([5, NaN]);
});

test('an unknown key that shares the hash of a wanted one is not taken for it', () => {
  // With h × 31 + c, "Aa" and "BB" have the same hash.
  const numbers = new KeyNumbers(['Aa']);
  numbers.parseLines(cursorOver('BB 1\n'));
  expect([...numbers.values]).toEqual([NaN]);
  expect(() => new KeyNumbers(['Aa', 'BB'])).toThrow(/share a hash/);
});

test('names above numbers, in any order of columns, which may change', () => {
  const numbers = new KeyNumbers(['Tcp.InSegs', 'Tcp.OutSegs', 'Udp.NoPorts']);
  const lines = new PairedLines(numbers);
  const read = (text: string): number[] => {
    numbers.clear();
    lines.parse(cursorOver(text));
    return [...numbers.values];
  };
  expect(read('Tcp: InSegs MaxConn OutSegs\nTcp: 5 -1 7\nUdp: NoPorts\nUdp: 3\n')).toEqual([5, 7, 3]);
  expect(read('Tcp: InSegs MaxConn OutSegs\nTcp: 6 -1 8\nUdp: NoPorts\nUdp: 4\n')).toEqual([6, 8, 4]);
  expect(read('Tcp: OutSegs New InSegs\nTcp: 1 2 3\n')).toEqual([3, 1, NaN]);
  expect(read('Tcp: InSegs OutSegs\nTcp: 1\n')).toEqual([1, NaN, NaN]);
  expect(read('Tcp: InSegs OutSegs')).toEqual([NaN, NaN, NaN]);
  expect(read('\n\n\n')).toEqual([NaN, NaN, NaN]);
});
