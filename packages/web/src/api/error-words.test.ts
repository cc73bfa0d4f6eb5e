import { errorTable, type ErrorKind } from '@claimstead/wire/errors';
import { expect, it } from 'vitest';
import { ApiError } from './client.ts';
import { errorWords, wordsOf } from './error-words.ts';

const kinds = Object.keys(errorTable) as ErrorKind[];

it('knows every kind of the table and no other', () => {
  const own = ['cloud-unreachable', 'answer-unreadable'];
  expect(
    Object.keys(errorWords)
      .filter((kind) => !own.includes(kind))
      .sort(),
  ).toEqual([...kinds].sort());
});

it.each(kinds)('%s ends in a sentence', (kind) => {
  const said = wordsOf(new ApiError(kind, errorTable[kind].message, null));
  expect(said).toMatch(/^[A-Z].*[.]$/);
});

it('shows the sentence of the Cloud where the page knows nothing better', () => {
  expect(wordsOf(new ApiError('invalid-request', 'name: too long.', 'r1'))).toBe('name: too long.');
});
it('adds the request id where the operator needs it', () => {
  expect(wordsOf(new ApiError('internal', 'A fault.', 'r1'))).toBe('A fault. (r1)');
});
it('says what any other error says', () => expect(wordsOf(new TypeError('odd'))).toBe('odd'));
