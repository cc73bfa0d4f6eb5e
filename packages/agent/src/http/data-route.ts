// /api/v1/data: samples of one chart or one context.

import {
  contentTypes,
  formatRows,
  formats,
  wrapRows,
  type AnswerFormat,
  type FormatOptions,
} from '../metrics/answer-format.ts';
import { groupings, type GroupingName } from '../metrics/grouping.ts';
import { QueryRefused, runQuery, type MetricsQuery } from '../metrics/query.ts';
import type { MetricStore, StoredChart } from '../metrics/store.ts';
import { quoted, refusal, textReply } from './reply.ts';
import type { AgentReply, Route } from './route.ts';

/** Parameters with a meaning; `_` (against caches) and `timeout` are sent by dashboards and ignored. */
const parameters = [
  'chart',
  'context',
  'dimensions',
  'after',
  'before',
  'points',
  'group',
  'gtime',
  'format',
  'options',
];
const ignoredParameters = ['_', 'timeout'];

const options = [
  'jsonwrap',
  'absolute',
  'percentage',
  'nonzero',
  'seconds',
  'ms',
  'flip',
  'null2zero',
  'unaligned',
] as const;
type Option = (typeof options)[number];

/** Stock agents' short form. */
const aliases: Record<string, Option> = { abs: 'absolute' };

/** Ten minutes, as stock agents answer when nothing is said. */
const defaultAfter = -600;
const maxPoints = 10_000;

/** A parameter that is not understood; the message is the sentence for whoever asked. */
class BadParameter extends Error {
  override name = 'BadParameter';
}

export interface DataQuestion {
  chart: string | undefined;
  context: string | undefined;
  query: Omit<MetricsQuery, 'charts'>;
  format: FormatOptions;
  wrapped: boolean;
}

export function dataRoutes({ store }: { store: MetricStore }): Route[] {
  const answer: Route['answer'] = ({ query }) => {
    try {
      return answerData(store, parseQuestion(query));
    } catch (error) {
      if (error instanceof BadParameter || error instanceof QueryRefused) return refusal(400, error.message);
      throw error;
    }
  };
  return [{ path: '/api/v1/data', permission: 'anonymous-data', mayBeRelayed: true, answer }];
}

function answerData(store: MetricStore, question: DataQuestion): AgentReply {
  const charts = chartsOf(store, question);
  const subject = question.chart ?? question.context ?? '';
  if (charts.length === 0) {
    const kind = question.chart === undefined ? 'context' : 'chart';
    return refusal(404, `This node has no ${kind} ${quoted(subject)}; /api/v1/${kind}s lists what it has.`);
  }
  const time = { nowSecond: store.lastSecond, retentionSeconds: store.retentionSeconds };
  const result = runQuery({ ...question.query, charts }, time);
  const { format, wrapped } = question;
  if (wrapped) return textReply(contentTypes.json, wrapRows(result, { id: subject, name: subject }, format));
  return textReply(contentTypes[format.format], formatRows(result, format));
}

function chartsOf(store: MetricStore, { chart, context }: DataQuestion): StoredChart[] {
  if (chart !== undefined) {
    const known = store.chart(chart);
    return known === undefined ? [] : [known];
  }
  return [...store.charts()].filter(({ shape }) => shape.context === context);
}

/** @throws BadParameter with a sentence that says what is allowed. */
export function parseQuestion(asked: URLSearchParams): DataQuestion {
  const known = new Set([...parameters, ...ignoredParameters]);
  for (const name of asked.keys()) {
    if (!known.has(name))
      throw new BadParameter(`Unknown parameter ${quoted(name)}; allowed are ${parameters.join(', ')}.`);
  }
  const chart = asked.get('chart') ?? undefined;
  const context = asked.get('context') ?? undefined;
  if ((chart === undefined) === (context === undefined)) {
    throw new BadParameter('Name either one chart (chart=system.cpu) or one context (context=disk.io).');
  }
  const wanted = optionsOf(asked.get('options') ?? '');
  const format = oneOf('format', asked.get('format') ?? 'json', formats);
  return {
    chart,
    context,
    query: {
      range: {
        after: integer('after', asked.get('after'), defaultAfter),
        before: integer('before', asked.get('before'), 0),
        points: count('points', asked.get('points'), maxPoints),
        groupTimeSeconds: count('gtime', asked.get('gtime'), 86_400),
        aligned: !wanted.has('unaligned'),
      },
      group: oneOf('group', asked.get('group') ?? 'average', Object.keys(groupings) as GroupingName[]),
      dimensions: listOf(asked.get('dimensions') ?? ''),
      percentage: wanted.has('percentage'),
      absolute: wanted.has('absolute'),
      nonzero: wanted.has('nonzero'),
      nullToZero: wanted.has('null2zero'),
    },
    format: { format, time: timeOf(wanted, format), oldestFirst: wanted.has('flip') },
    wrapped: wanted.has('jsonwrap'),
  };
}

function timeOf(wanted: ReadonlySet<Option>, format: AnswerFormat): FormatOptions['time'] {
  if (wanted.has('ms')) return 'ms';
  return format === 'csv' && !wanted.has('seconds') ? 'text' : 'seconds';
}

/** Lists are separated by commas or bars; several parts of one name may be separated by neither. */
function listOf(text: string): string[] {
  return text.split(/[,|]/).filter((part) => part !== '');
}

function optionsOf(text: string): Set<Option> {
  const words = text.split(/[,|\s]+/).filter((word) => word !== '');
  return new Set(
    words.map((word) => oneOf('options', Object.hasOwn(aliases, word) ? (aliases[word] as Option) : word, options)),
  );
}

function oneOf<T extends string>(parameter: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new BadParameter(`${parameter} does not know ${quoted(value)}; allowed are ${allowed.join(', ')}.`);
  }
  return found;
}

function integer(parameter: string, text: string | null, absent: number): number {
  if (text === null || text === '') return absent;
  if (!/^[+-]?\d{1,11}$/.test(text)) {
    throw new BadParameter(
      `${parameter} must be whole seconds, absolute or, where negative, relative; not ${quoted(text)}.`,
    );
  }
  return Number(text);
}

function count(parameter: string, text: string | null, most: number): number {
  const value = text === null || text === '' ? 0 : /^\d{1,11}$/.test(text) ? Number(text) : NaN;
  if (!(value <= most))
    throw new BadParameter(`${parameter} must be a whole number from 0 to ${most}, not ${quoted(text ?? '')}.`);
  return value;
}
