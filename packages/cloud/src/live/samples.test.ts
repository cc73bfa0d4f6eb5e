import { expect, test } from 'vitest';
import { newerThan, readSamples, samplesTarget } from './samples.ts';
import { relayTarget } from '../relay/relay-target.ts';

const answer = (body: unknown, status = 200) => ({
  status,
  contentType: 'application/json',
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  gzipped: undefined,
});

test('rows come oldest first, gaps stay gaps, rows without any value go', () => {
  const samples = readSamples(
    answer({
      labels: ['time', 'user', 'system'],
      data: [
        [30, 1, null],
        [20, null, null],
        [10, 2, 'x'],
      ],
    }),
  );
  expect(samples).toEqual({
    dimensions: ['user', 'system'],
    rows: [
      [10, 2, null],
      [30, 1, null],
    ],
  });
  expect(newerThan(samples.rows, 10)).toEqual([[30, 1, null]]);
});

test.each([
  ['no JSON', '<html>'],
  ['no rows', {}],
  ['rows of another width', { labels: ['time', 'a'], data: [[1]] }],
  ['a time that is none', { labels: ['time', 'a'], data: [['x', 1]] }],
  ['a list', []],
])('%s is not an answer', (_, body) => {
  expect(() => readSamples(answer(body))).toThrow(expect.objectContaining({ kind: 'relay-answer-invalid' }));
});

test('an error of the agent is told as one', () => {
  expect(() => readSamples(answer('no such chart', 404))).toThrow(/404/);
});

test('any chart id that a browser may name can be relayed', () => {
  for (const chart of ['system.cpu', 'disk_space./home/ada b', 'cgroup_ü.cpu', 'a+b&c=d', 'x#y']) {
    expect(relayTarget(samplesTarget(chart, undefined, 60))).toContain('/api/v1/data?');
    expect(new URL(samplesTarget(chart, 100, 1), 'http://x').searchParams.get('chart')).toBe(chart);
  }
});
