import { expect, it } from 'vitest';
import { passwordTrouble } from './password-trouble.ts';

it.each([
  ['short', 'short', '7 more characters needed.', null],
  ['elevenchars', 'x', '1 more character needed.', null],
  ['long enough, yes', 'long enough, no', null, 'The two new passwords differ.'],
  ['long enough, yes', 'long enough, yes', null, null],
  ['🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊', '🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊', null, null],
])('%s / %s', (next, again, nextTrouble, againTrouble) => {
  expect(passwordTrouble(next, again, 12)).toEqual({ next: nextTrouble, again: againTrouble });
});
