import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ExpressionError, parseExpression } from './expression.ts';

const values: Record<string, number> = { this: 92, used: 3, 'system.ram.used': 7, 'reserved for root': 5, gap: NaN };
const evaluate = (source: string): number => parseExpression(source).evaluate((name) => values[name]);

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['7 % 4', 3],
  ['-2 * -3', 6],
  ['$this > 90', 1],
  ['$this>90&&$this<92', 0],
  ['$this > 90 and not ($used == 3)', 0],
  ['!0 || 0', 1],
  ['1 ? 2 : 0 ? 3 : 4', 2],
  ['0 ? 2 : 0 ? 3 : 4', 4],
  ['$this > (($used >= 3) ? (80) : (95))', 1],
  ['${reserved for root} + $system.ram.used', 12],
  ['abs(-1.5e1)', 15],
  ['.5 = 0.5', 1],
  ['1 <> 2', 1],
  ['$unknown == nan', 1],
  ['$gap != nan', 0],
  ['0 == -0', 1],
  ['inf > 5', 1],
  ['$gap > 5', 0],
  ['$gap && 1', 0],
])('%s is %d', (source, value) => {
  expect(evaluate(source)).toBe(value);
});

it('is a gap where a number is missing', () => {
  expect(evaluate('$unknown + 1')).toBeNaN();
});

test.each([
  ['', 'ends too early'],
  ['1 +', 'ends too early'],
  ['(1', 'a ")" is missing at its end'],
  ['1 ? 2', 'a ":" is missing'],
  ['1 2', '"2" is not expected there'],
  ['$this > 80 ; rm', 'cannot be read from'],
  ['sin(1)', '"sin" is not expected there'],
  ['constructor', '"constructor" is not expected there'],
  ['abs 1', 'a "(" is missing before "1"'],
  ['('.repeat(60) + '1' + ')'.repeat(60), 'nested more than'],
  ['!'.repeat(60) + '1', 'nested more than'],
  ['1+'.repeat(600) + '1', 'longer than'],
])('refuses %s', (source, words) => {
  expect(() => parseExpression(source)).toThrow(ExpressionError);
  expect(() => parseExpression(source)).toThrow(words);
});

describe('whatever is written', () => {
  const word = fc.constantFrom('$this', '1', '(', ')', '?', ':', '+', '-', '!', '&&', 'or', '==', '$', '{', 'abs', ' ');
  it('is a number or a refusal', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 200 }).map((words) => words.join(' ')),
        ),
        (source) => {
          try {
            expect(typeof evaluate(source)).toBe('number');
          } catch (error) {
            expect(error).toBeInstanceOf(ExpressionError);
          }
        },
      ),
    );
  });
});
