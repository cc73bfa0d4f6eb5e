import { expect, test } from 'vitest';
import fc from 'fast-check';
import { maxTargetBytes } from '../link/http-over-link.ts';
import { maxNodesTogether, readSeveralNodes, severalNodesTarget } from './several-nodes.ts';

const [one, two] = ['3f0c1a52-4c0f-4f5e-9e0c-000000000001', '3f0c1a52-4c0f-4f5e-9e0c-000000000002'];
const [guidOne, guidTwo] = ['3f0c1a52-4c0f-4f5e-9e0c-00000000000A', '3f0c1a52-4c0f-4f5e-9e0c-00000000000b'];

test('the longest question fits into a target', () => {
  const chart = `disk_space.${'/ä'.repeat(90)}`;
  const nodeIds = Array.from({ length: maxNodesTogether }, () => one);
  expect(severalNodesTarget('v3', { nodeIds, chart, afterSeconds: 1_795_710_878 }).length).toBeLessThan(maxTargetBytes);
});

test('each node gets its own lines, oldest first; a gap is a gap, and a comma in a dimension is its own', () => {
  const answer = {
    summary: { nodes: [{ mg: guidOne.toLowerCase(), nd: one }, { mg: guidTwo, nd: two }, { mg: 'unknown' }] },
    result: {
      labels: [
        'time',
        `user,${guidOne.toLowerCase()}`,
        `a,b,${guidOne.toLowerCase()}`,
        `user,${guidTwo}`,
        'user,unknown',
      ],
      point: { value: 0, arp: 1, pa: 2 },
      data: [
        [20, [2, 0, 0], [null, 0, 1], 7, [1, 0, 0]],
        [10, [1, 0, 0], [3, 0, 0], [null, 0, 1], [1, 0, 0]],
      ],
    },
  };
  expect(readSeveralNodes(answer)).toEqual(
    new Map([
      [
        one,
        {
          dimensions: ['user', 'a,b'],
          rows: [
            [10, 1, 3],
            [20, 2, null],
          ],
        },
      ],
      [two, { dimensions: ['user'], rows: [[20, 7]] }],
    ]),
  );
});

test('anything else is no answer, and nothing makes the reader throw', () => {
  for (const value of [
    null,
    {},
    { result: {} },
    { summary: { nodes: [] }, result: { labels: [], point: { value: 0 }, data: [] } },
  ])
    expect(readSeveralNodes(value)).toBeUndefined();
  fc.assert(fc.property(fc.jsonValue(), (value) => void readSeveralNodes(value)));
});
