// The rows of one chart: how an agent is asked for them, and how its answer is read. Pure.

import { CloudError } from '@claimstead/wire/errors';
import type { RelayAnswer } from '../relay/relay.ts';

/** Oldest first: seconds since 1970, then one value or null (a gap) per dimension. */
export type SampleRow = (number | null)[];
export interface Samples {
  dimensions: string[];
  rows: SampleRow[];
}

/** Seconds that are asked at least, so that a chart that is collected every 5 or 10 s has a row in them. */
const shortestSpanSeconds = 12;
/** Dimensions and rows of one answer that are passed on. */
const maxDimensions = 500;
const maxRows = 3600;

/** `sinceSeconds` undefined = the last `historySeconds`. */
export function samplesTarget(chart: string, sinceSeconds: number | undefined, historySeconds: number): string {
  const after = sinceSeconds ?? -Math.max(historySeconds, shortestSpanSeconds);
  // An agent that gets `after` in its future would answer with an error; asking from the row before the newest cannot be.
  const query = new URLSearchParams({
    chart,
    after: String(sinceSeconds === undefined ? after : after - 1),
    format: 'json',
    options: 'seconds',
  });
  return `/api/v1/data?${query.toString().replaceAll('+', '%20')}`;
}

/** Throws relay-answer-invalid for what is not rows. Rows come newest first from agents; rows with no value at all are left out. */
export function readSamples(answer: RelayAnswer): Samples {
  const value = readJson(answer);
  const { labels, data } = (typeof value === 'object' && value !== null ? value : {}) as {
    labels?: unknown;
    data?: unknown;
  };
  if (!Array.isArray(labels) || !Array.isArray(data) || labels.length < 1 || labels.length > maxDimensions + 1)
    throw new CloudError('relay-answer-invalid');
  const dimensions = labels.slice(1).map((label) => String(label).slice(0, 256));
  const rows: SampleRow[] = [];
  for (const row of data.slice(0, maxRows) as unknown[]) {
    if (!Array.isArray(row) || row.length !== labels.length || typeof row[0] !== 'number')
      throw new CloudError('relay-answer-invalid');
    const values = (row as unknown[]).map((cell) => (typeof cell === 'number' && Number.isFinite(cell) ? cell : null));
    if (values.slice(1).some((cell) => cell !== null)) rows.push(values);
  }
  rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { dimensions, rows };
}

/** Throws relay-answer-invalid for what is not an answer of 200 with JSON. */
export function readJson(answer: RelayAnswer): unknown {
  if (answer.status !== 200)
    throw new CloudError('relay-answer-invalid', { detail: `The agent answered ${answer.status}.` });
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch (cause) {
    throw new CloudError('relay-answer-invalid', { cause });
  }
}

export const newerThan = (rows: readonly SampleRow[], seconds: number): SampleRow[] =>
  rows.filter((row) => (row[0] ?? 0) > seconds);
