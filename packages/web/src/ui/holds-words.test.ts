import { expect, it } from 'vitest';
import { holdsWords } from './holds-words.ts';

it.each([
  ['', [], true],
  [' b A ', ['xA', undefined, 'b'], true],
  ['ab', ['a', 'b'], false],
  ['a c', ['a', 'b'], false],
])('holdsWords(%j, %j) is %s', (typed, texts, holds) => expect(holdsWords(typed, texts)).toBe(holds));
