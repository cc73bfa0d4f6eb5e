import { expect, test } from 'vitest';
import { LinkError } from './link-error.ts';

test.each([
  [0.0001, 1000],
  [60, 60_000],
  [1e300, 3_600_000],
  [0, undefined],
  [-5, undefined],
  ['60', undefined],
])('a Cloud that asks to come back in %j s is heard within bounds', (errorRetryDelaySeconds, retryAfterMs) => {
  const error = LinkError.fromAnswer('challenge', 503, { errorRetryDelaySeconds });
  expect(error).toMatchObject({ retryAfterMs, code: 'cloud-busy', refusedForGood: false });
});
