// One alert as somebody wrote it: `key: value` lines, the names of which users of Netdata know.

import { createHash } from 'node:crypto';
import { groupings, type GroupingName } from '../metrics/grouping.ts';
import { ExpressionError, parseExpression, type Expression } from './expression.ts';

/** Samples of a while, made into one number. */
export interface AlertLookup {
  method: GroupingName;
  /** Before `beforeSeconds`; positive. */
  lengthSeconds: number;
  /** How long ago it ends; 0 is now. */
  beforeSeconds: number;
  /** Names, `*` for any text; empty: all that are not hidden. */
  dimensions: readonly string[];
  absolute: boolean;
  percentage: boolean;
  /** Ends at multiples of its length. */
  aligned: boolean;
}

/** How long a notification about a change should be held back. The status itself changes at once. */
export interface AlertDelay {
  upSeconds: number;
  downSeconds: number;
  /** Each change within the delay of the one before makes the next delay longer by this factor. */
  multiplier: number;
  maxSeconds: number;
}

export interface AlertDefinition {
  /** `alarm`: of the chart with the id `on`; `template`: of every chart of the context `on`. */
  kind: 'alarm' | 'template';
  name: string;
  on: string;
  class: string;
  type: string;
  component: string;
  lookup: AlertLookup | undefined;
  calc: Expression | undefined;
  warn: Expression | undefined;
  crit: Expression | undefined;
  everySeconds: number;
  units: string;
  delay: AlertDelay;
  /** The role that should be told; `silent`: nobody. */
  recipient: string;
  /** `${family}` stands for the family of the chart. */
  summary: string;
  info: string;
  /** Every line as it was written, by key. */
  lines: ReadonlyMap<string, string>;
  source: { file: string; line: number };
  /** UUID of what it says: the same words, wherever they are written, have the same. */
  hash: string;
}

/** What a line may be called. */
export const definitionKeys = [
  'on',
  'class',
  'type',
  'component',
  'lookup',
  'calc',
  'every',
  'units',
  'warn',
  'crit',
  'delay',
  'summary',
  'info',
  'to',
] as const;
type Key = (typeof definitionKeys)[number];

/** The message is one clause for the log: what is wrong with which line. */
export class DefinitionError extends Error {
  override name = 'DefinitionError';
}

const maxNameLength = 100;
const daySeconds = 86_400;
const noDelay: AlertDelay = { upSeconds: 0, downSeconds: 0, multiplier: 1, maxSeconds: 0 };

/** @throws DefinitionError */
export function readDefinition(
  kind: AlertDefinition['kind'],
  name: string,
  lines: ReadonlyMap<string, string>,
  source: AlertDefinition['source'],
): AlertDefinition {
  if (!/^[A-Za-z0-9_.-]+$/.test(name) || name.length > maxNameLength)
    throw new DefinitionError(`"${name.slice(0, 40)}" is no name; letters, digits, "_", "." and "-" are allowed`);
  const get = (key: Key): string | undefined => lines.get(key);
  const [lookup, every] = readLookup(get('lookup'));
  const everySeconds = get('every') === undefined ? every : readDuration('every', get('every') ?? '');
  const on = get('on') ?? '';
  if (on === '') throw new DefinitionError('it has no "on" line that names its chart or context');
  const [calc, warn, crit] = (['calc', 'warn', 'crit'] as const).map((key) => readExpression(key, get(key)));
  if (warn === undefined && crit === undefined) throw new DefinitionError('it has neither a "warn" nor a "crit" line');
  if (lookup === undefined && calc === undefined)
    throw new DefinitionError('it has neither a "lookup" nor a "calc" line');
  if (everySeconds === undefined) throw new DefinitionError('it has no "every" line');
  if (everySeconds < 1 || everySeconds > daySeconds)
    throw new DefinitionError('"every" must be from one second to one day');
  return {
    kind,
    name,
    on,
    class: get('class') ?? 'Unknown',
    type: get('type') ?? 'Unknown',
    component: get('component') ?? 'Unknown',
    lookup,
    calc,
    warn,
    crit,
    everySeconds,
    units: get('units') ?? '',
    delay: readDelay(get('delay')),
    recipient: get('to') ?? 'root',
    summary: get('summary') ?? name,
    info: get('info') ?? '',
    lines,
    source,
    hash: hashOf(kind, name, lines),
  };
}

/** Written as seconds, or with a unit: `90`, `30s`, `10m`, `1h`, `2d`. A sign stays. undefined: it is none. */
export function parseDuration(text: string): number | undefined {
  const [, amount = '', unit = 's'] = /^([-+]?\d{1,9})(s|m|h|d)?$/.exec(text) ?? [];
  if (amount === '') return undefined;
  return Number(amount) * { s: 1, m: 60, h: 3600, d: daySeconds }[unit as 's'];
}

function readDuration(key: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw new DefinitionError(`"${text.slice(0, 40)}" in its "${key}" line is no duration; write 30s, 10m, 1h or 1d`);
  return seconds;
}

function readExpression(key: string, text: string | undefined): Expression | undefined {
  if (text === undefined) return undefined;
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new DefinitionError(`its "${key}" line has a mistake: ${error.message}`);
  }
}

const ignoredLookupWords = new Set(['match-ids', 'match-names', 'sum']);

/** `METHOD -10m [at -5m] [every 1m] [unaligned] [absolute] [percentage] [of a,b]`; the second value is its `every`. */
function readLookup(text: string | undefined): [AlertLookup | undefined, number | undefined] {
  if (text === undefined) return [undefined, undefined];
  const [method = '', after = '', ...words] = text.split(/\s+/);
  if (!Object.hasOwn(groupings, method))
    throw new DefinitionError(
      `its "lookup" line does not know "${method.slice(0, 40)}"; there are ${Object.keys(groupings).join(', ')}`,
    );
  const lookup: AlertLookup = {
    method: method as GroupingName,
    lengthSeconds: Math.abs(readDuration('lookup', after)),
    beforeSeconds: 0,
    dimensions: [],
    absolute: false,
    percentage: false,
    aligned: true,
  };
  let every: number | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === 'at') lookup.beforeSeconds = Math.abs(readDuration('lookup', words.shift() ?? ''));
    else if (word === 'every') every = readDuration('lookup', words.shift() ?? '');
    else if (word === 'of')
      lookup.dimensions = words
        .splice(0)
        .join(' ')
        .split(/[\s,|]+/)
        .filter((name) => name !== '' && name !== 'all');
    else if (word === 'unaligned') lookup.aligned = false;
    else if (word === 'absolute') lookup.absolute = true;
    else if (word === 'percentage') lookup.percentage = true;
    else if (!ignoredLookupWords.has(word))
      throw new DefinitionError(
        `its "lookup" line has the word "${word.slice(0, 40)}", which this agent does not know`,
      );
  }
  if (lookup.lengthSeconds < 1 || lookup.lengthSeconds > daySeconds)
    throw new DefinitionError('its "lookup" line must look back from one second to one day');
  return [lookup, every ?? Math.min(lookup.lengthSeconds, 60)];
}

/** `up 1m down 15m multiplier 1.5 max 1h`, each part or none. */
function readDelay(text: string | undefined): AlertDelay {
  if (text === undefined) return noDelay;
  const words = text.split(/\s+/);
  const delay = { ...noDelay };
  let max: number | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = words.shift() ?? '';
    if (word === 'up') delay.upSeconds = readDuration('delay', value);
    else if (word === 'down') delay.downSeconds = readDuration('delay', value);
    else if (word === 'max') max = readDuration('delay', value);
    else if (word === 'multiplier' && /^\d{1,3}(\.\d{1,6})?$/.test(value)) delay.multiplier = Number(value);
    else throw new DefinitionError(`its "delay" line has a mistake at "${word.slice(0, 40)}"`);
  }
  const longest = Math.max(delay.upSeconds, delay.downSeconds) * delay.multiplier;
  if (Math.min(delay.upSeconds, delay.downSeconds, max ?? 0) < 0)
    throw new DefinitionError('its "delay" line has a negative duration');
  return { ...delay, maxSeconds: max ?? Math.round(longest) };
}

/** How a stock agent names the place of a definition. */
export const placeOf = ({ source }: AlertDefinition): string => `line=${source.line},file=${source.file}`;

/** Nobody is to be told of it. */
export const isSilent = ({ recipient }: AlertDefinition): boolean => recipient === 'silent';

/** The options of a lookup in the words of its line. */
export function optionWords({ aligned, absolute, percentage }: AlertLookup): string {
  const words = [aligned ? '' : 'unaligned', absolute ? 'absolute' : '', percentage ? 'percentage' : ''];
  return words.filter((word) => word !== '').join(' ');
}

/** Shaped as a UUID of version 8, which is for what its maker likes. */
function hashOf(kind: string, name: string, lines: ReadonlyMap<string, string>): string {
  const words = definitionKeys.map((key) => [key, lines.get(key) ?? null]);
  const bytes = createHash('sha256')
    .update(JSON.stringify([kind, name, words]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
