import { expect, it } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

const box = { width: 100, height: 20, fullScale: 100, slots: 5 };

it('puts the newest value at the right edge', () => {
  expect(sparklinePath([0, 100], box)).toEqual({ line: 'M75 20L100 0', area: 'M75 20L75 20L100 0L100 20Z' });
});
it('breaks at a gap and draws no lone point', () => {
  expect(sparklinePath([50, 50, null, 50, 50], box).line).toBe('M0 10L25 10M75 10L100 10');
  expect(sparklinePath([50, null, 50], box).line).toBe('');
});
it('grows above the full scale and shows only as many as fit', () => {
  expect(sparklinePath([200, 100], box).line).toBe('M75 0L100 10');
  expect(sparklinePath([9, 9, 9, 9, 9, 0, 0], box).line.split('L')).toHaveLength(5);
});
it('draws nothing of nothing', () => expect(sparklinePath([], box)).toEqual({ line: '', area: '' }));
