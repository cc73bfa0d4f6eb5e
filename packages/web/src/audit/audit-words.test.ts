import { expect, it } from 'vitest';
import { detailName, detailText } from './audit-words.ts';

it('reads names and values of details as words', () => {
  expect(['usesLeft', 'earlierKeyHash', 'room-id', 'by', 'n2', 'apiTokenId'].map(detailName)).toEqual([
    'Uses left',
    'Earlier key hash',
    'Room id',
    'By',
    'N2',
    'API token id',
  ]);
  expect([null, '', 'x', true, false, 3, ['a', 'b'], [], { a: 1 }].map(detailText)).toEqual([
    '–',
    '–',
    'x',
    'yes',
    'no',
    '3',
    'a, b',
    '–',
    '{"a":1}',
  ]);
});
