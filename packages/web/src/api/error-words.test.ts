import { errorTable, type ErrorKind } from '@claimstead/wire/errors';
import { expect, it } from 'vitest';
import { AgentRefusal, reasonOf } from './agent.ts';
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

it.each([
  [403, 'The agent does not allow this to your role.'],
  [412, 'The agent does not allow this to your role.'],
  [451, 'The agent does not allow this to your role.'],
  [404, 'The agent does not know this, or what answers it does not run now.'],
  [500, 'The agent answered with status 500.'],
])('a refusal of an agent with %s is said in words', (status, said) => {
  expect(wordsOf(new AgentRefusal(status, ''))).toBe(said);
  expect(wordsOf(new AgentRefusal(status, 'because.'))).toBe(`${said} It says: because.`);
});

it('reads the reason of every form of refusal, and none of what is no reason', () => {
  expect(reasonOf('{"status":412,"error_message":" not you "}')).toBe('not you');
  expect(reasonOf('{"errorMessage":"no"}')).toBe('no');
  expect(reasonOf('{"error_message":7}')).toBe('');
  expect(reasonOf('<html>')).toBe('');
  expect(reasonOf('You are not allowed here.\n')).toBe('You are not allowed here.');
  expect(reasonOf('two\nlines')).toBe('');
  expect(reasonOf(`{"error_message":"${'x'.repeat(9_000)}"}`)).toHaveLength(400);
});
