// The language of `calc`, `warn` and `crit`: numbers, variables, arithmetic, comparison and choice. It has no loops and no assignment, so
// an expression of bounded length takes bounded time.

/** The value of a variable; undefined: there is none of that name. */
export type Variables = (name: string) => number | undefined;

export interface Expression {
  /** As it was written. */
  source: string;
  /** NaN where a variable is unknown or a gap. 1 is true and 0 is false. */
  evaluate(variables: Variables): number;
}

/** The message is the end of a sentence: what is wrong, and where. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

const maxLength = 1000;
/** Parentheses, signs and choices within each other. */
const maxDepth = 50;

type Node = Expression['evaluate'];

const isTrue = (value: number): boolean => value !== 0 && !Number.isNaN(value);
const truth = (value: boolean): number => (value ? 1 : 0);

/** Tighter operators first. Two gaps are equal, so that `$x == nan` asks for one. */
const levels: readonly Record<string, (a: number, b: number) => number>[] = [
  { '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  {
    '<': (a, b) => truth(a < b),
    '<=': (a, b) => truth(a <= b),
    '>': (a, b) => truth(a > b),
    '>=': (a, b) => truth(a >= b),
    '==': (a, b) => truth(Object.is(a + 0, b + 0)),
    '!=': (a, b) => truth(!Object.is(a + 0, b + 0)),
  },
  { '&&': (a, b) => truth(isTrue(a) && isTrue(b)) },
  { '||': (a, b) => truth(isTrue(a) || isTrue(b)) },
];

const aliases: Readonly<Record<string, string>> = { '=': '==', '<>': '!=', and: '&&', or: '||', not: '!' };
const constants: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity };

const tokenPattern =
  /\s*(?:(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|\$\{(?<braced>[^{}]{1,200})\}|\$(?<name>[A-Za-z0-9_.]{1,200})|(?<word>[A-Za-z]+)|(?<sign><=|>=|==|!=|<>|&&|\|\||[-+*/%<>=!?:()]))/y;

type Token = { kind: 'number'; value: number } | { kind: 'variable'; name: string } | { kind: 'sign'; sign: string };

/** @throws ExpressionError */
export function parseExpression(source: string): Expression {
  if (source.length > maxLength) throw new ExpressionError(`it is longer than ${maxLength} characters`);
  return { source, evaluate: new Parser(tokensOf(source)).whole() };
}

function tokensOf(source: string): Token[] {
  const text = source.trimEnd();
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(text)?.groups;
    if (groups === undefined)
      throw new ExpressionError(`it cannot be read from "${text.slice(at, at + 20).trim()}" on`);
    const { number, braced, name = braced, word, sign } = groups;
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (name !== undefined) tokens.push({ kind: 'variable', name });
    else tokens.push(wordToken(word?.toLowerCase() ?? sign ?? ''));
  }
  return tokens;
}

function wordToken(word: string): Token {
  if (Object.hasOwn(constants, word)) return { kind: 'number', value: constants[word] as number };
  return { kind: 'sign', sign: Object.hasOwn(aliases, word) ? (aliases[word] as string) : word };
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#choice();
    if (this.#at < this.#tokens.length) throw new ExpressionError(`"${this.#word()}" is not expected there`);
    return node;
  }

  /** `a ? b : c`, the loosest of all. */
  #choice(): Node {
    if (++this.#depth > maxDepth) throw new ExpressionError(`it is nested more than ${maxDepth} levels deep`);
    const condition = this.#binary(levels.length - 1);
    if (!this.#take('?')) {
      this.#depth--;
      return condition;
    }
    const then = this.#choice();
    this.#expect(':');
    const otherwise = this.#choice();
    this.#depth--;
    return (variables) => (isTrue(condition(variables)) ? then(variables) : otherwise(variables));
  }

  #binary(level: number): Node {
    const operators = levels[level];
    if (operators === undefined) return this.#single();
    let left = this.#binary(level - 1);
    for (;;) {
      const token = this.#tokens[this.#at];
      const operate =
        token?.kind === 'sign' && Object.hasOwn(operators, token.sign) ? operators[token.sign] : undefined;
      if (operate === undefined) return left;
      this.#at++;
      const [first, second] = [left, this.#binary(level - 1)];
      left = (variables) => operate(first(variables), second(variables));
    }
  }

  #single(): Node {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new ExpressionError('it ends too early');
    this.#at++;
    if (token.kind === 'number') return () => token.value;
    if (token.kind === 'variable') return (variables) => variables(token.name) ?? NaN;
    if (token.sign === '(') return this.#untilClosed();
    if (token.sign === 'abs') {
      this.#expect('(');
      const inner = this.#untilClosed();
      return (variables) => Math.abs(inner(variables));
    }
    if (!['-', '+', '!'].includes(token.sign)) {
      this.#at--;
      throw new ExpressionError(`"${this.#word()}" is not expected there`);
    }
    if (++this.#depth > maxDepth) throw new ExpressionError(`it is nested more than ${maxDepth} levels deep`);
    const inner = this.#single();
    this.#depth--;
    if (token.sign === '!') return (variables) => truth(!isTrue(inner(variables)));
    return token.sign === '-' ? (variables) => -inner(variables) : inner;
  }

  #untilClosed(): Node {
    const inner = this.#choice();
    this.#expect(')');
    return inner;
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.sign !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (this.#take(sign)) return;
    const found = this.#at < this.#tokens.length ? `before "${this.#word()}"` : 'at its end';
    throw new ExpressionError(`a "${sign}" is missing ${found}`);
  }

  #word(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) return '';
    if (token.kind === 'sign') return token.sign;
    return token.kind === 'number' ? String(token.value) : `$${token.name}`;
  }
}
