import { expect, it } from 'vitest';
import { describeError } from './log.ts';

it('tells of an error what it says of itself, with its causes, and nothing that a library hung on it', () => {
  const inner = Object.assign(new Error('inner'), { token: 'CANARY', params: ['CANARY'] });
  const described = describeError(new Error('outer', { cause: inner }));
  expect(described).toMatchObject({ name: 'Error', message: 'outer', cause: { name: 'Error', message: 'inner' } });
  expect(JSON.stringify(described)).not.toContain('CANARY');
});

it('does not run away with causes that go in circles, or with what is no error', () => {
  const circle: Error & { cause?: unknown } = new Error('circle');
  circle.cause = circle;
  expect(JSON.stringify(describeError(circle)).match(/circle/g)?.length).toBeGreaterThan(1);
  expect(describeError('CANARY')).toEqual({ name: 'string', message: 'something that is not an Error was thrown' });
});
