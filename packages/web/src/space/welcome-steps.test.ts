import { describe, expect, it } from 'vitest';
import { progressOf, stepAfter, stepToShow } from './welcome-steps.ts';

const fresh = { passwordIsInitial: true, isNamed: false, isAdmin: true };

describe('stepToShow', () => {
  it.each([
    [fresh, undefined, 'password'],
    [{ ...fresh, passwordIsInitial: false }, undefined, 'space'],
    [{ ...fresh, isNamed: true }, undefined, 'password'],
    [{ passwordIsInitial: false, isNamed: true, isAdmin: true }, undefined, null],
    [{ passwordIsInitial: false, isNamed: true, isAdmin: true }, 'claim', 'claim'],
    [fresh, 'space', 'space'],
    [{ passwordIsInitial: false, isNamed: false, isAdmin: false }, 'claim', null],
    [{ passwordIsInitial: true, isNamed: false, isAdmin: false }, undefined, 'password'],
  ] as const)('%j asked %s', (facts, asked, step) => expect(stepToShow(facts, asked)).toBe(step));
});

it('goes from step to step', () => {
  expect(stepAfter('password', true)).toBe('space');
  expect(stepAfter('space', true)).toBe('claim');
  expect(stepAfter('claim', true)).toBeNull();
  expect(stepAfter('password', false)).toBeNull();
});

it('counts the password only where it is to be chosen', () => {
  expect(progressOf('space', true)).toEqual({ at: 2, of: 3, steps: ['password', 'space', 'claim'] });
  expect(progressOf('space', false)).toEqual({ at: 1, of: 2, steps: ['space', 'claim'] });
});
