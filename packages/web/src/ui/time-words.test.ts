import { expect, it } from 'vitest';
import { durationWords, measuredWords, stopwatch } from './time-words.ts';

const s = 1000;
const min = 60 * s;
const h = 60 * min;

it.each([
  [-5 * s, '0 s'],
  [59.9 * s, '59 s'],
  [min, '1 min'],
  [59 * min + 59 * s, '59 min'],
  [h, '1 h'],
  [2 * h + 5 * min, '2 h 5 min'],
  [24 * h, '1 d'],
  [99 * h, '4 d 3 h'],
])('durationWords(%d) is %s', (ms, words) => expect(durationWords(ms)).toBe(words));

it.each([
  [480, '480 ms'],
  [999.6, '1000 ms'],
  [1240, '1.24 s'],
  [32_140, '32.1 s'],
  [125_000, '2 min 5 s'],
])('measuredWords(%d) is %s', (ms, words) => expect(measuredWords(ms)).toBe(words));

it.each([
  [7 * s, '0:07'],
  [12 * min + 34 * s, '12:34'],
  [h + 2 * min + 3 * s, '1:02:03'],
])('stopwatch(%d) is %s', (ms, words) => expect(stopwatch(ms)).toBe(words));
