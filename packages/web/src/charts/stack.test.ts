import { expect, it } from 'vitest';
import { stacked } from './stack.ts';

it('adds columns up and names what lies below each', () => {
  const { columns, bands } = stacked(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [true, true, true],
  );
  expect(columns).toEqual([
    [1, 2],
    [4, 6],
    [9, 12],
  ]);
  expect(bands).toEqual([
    [0, -1],
    [1, 0],
    [2, 1],
  ]);
});

it('leaves out what is hidden', () => {
  const { columns, bands } = stacked([[1], [3], [5]], [true, false, true]);
  expect(columns).toEqual([[1], [null], [6]]);
  expect(bands).toEqual([
    [0, -1],
    [2, 0],
  ]);
});

it('stacks what is below zero downwards', () => {
  const { columns, bands } = stacked([[4], [-1], [-2], [3]], [true, true, true, true]);
  expect(columns).toEqual([[4], [-1], [-3], [7]]);
  expect(bands).toEqual([
    [0, -1],
    [1, -1],
    [2, 1],
    [3, 0],
  ]);
});

it('keeps a gap only where every shown column has one', () => {
  expect(
    stacked(
      [
        [1, null, null],
        [null, 2, null],
      ],
      [true, true],
    ).columns,
  ).toEqual([
    [1, 0, null],
    [1, 2, null],
  ]);
});
