import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cursorOver } from './cursor.ts';

test('reads numbers and words of a line, never those of the next one', () => {
  const cursor = cursorOver('cpu  12 3.25 -7\nnext 1\n');
  expect(cursor.word()).toBe('cpu');
  expect([cursor.number(), cursor.number(), cursor.number()]).toEqual([12, 3.25, -7]);
  expect(cursor.number()).toBeNaN();
  expect(cursor.word()).toBe('');
  cursor.nextLine();
  expect(cursor.word()).toBe('next');
  expect(cursor.number()).toBe(1);
  cursor.nextLine();
  expect(cursor.atEnd).toBe(true);
  cursor.nextLine();
  expect(cursor.number()).toBeNaN();
});

test('a sign or a word is no number, and is not skipped', () => {
  const cursor = cursorOver('- x 1');
  expect(cursor.number()).toBeNaN();
  expect(cursor.word()).toBe('-');
  expect(cursor.number()).toBeNaN();
  expect(cursor.word()).toBe('x');
});

test('hexadecimal numbers', () => {
  const cursor = cursorOver('0000000c ffffffff zz');
  expect([cursor.hexNumber(), cursor.hexNumber()]).toEqual([12, 4294967295]);
  expect(cursor.hexNumber()).toBeNaN();
});

test('reads back any integers; huge ones nearly', () => {
  const integers = fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 64n - 1n }), { minLength: 1 });
  fc.assert(
    fc.property(integers, (values) => {
      const cursor = cursorOver(values.join(' '));
      for (const value of values) {
        const read = cursor.number();
        if (value <= 2n ** 53n) expect(read).toBe(Number(value));
        else expect(Math.abs(read / Number(value) - 1)).toBeLessThan(1e-12);
      }
    }),
  );
});

test('ends on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const cursor = cursorOver(text);
      for (let guard = 0; !cursor.atEnd; guard++) {
        if (guard > text.length * 4 + 4) throw new Error('the cursor does not move on');
        if (Number.isNaN(cursor.number()) && cursor.word() === '') cursor.nextLine();
      }
      expect(cursor.at).toBe(cursor.end);
    }),
  );
});
