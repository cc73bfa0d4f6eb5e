import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { describe, expect, it } from 'vitest';
import { countStates, inOrder, nodesMatching, withNews } from './live-nodes.ts';

const space = 'S';
const node = (nodeId: string, change: Partial<NodeView> = {}): NodeView => ({
  nodeId,
  spaceId: space,
  claimId: nodeId,
  machineGuid: nodeId,
  hostname: nodeId,
  state: 'live',
  since: '2026-01-01T00:00:00Z',
  rooms: [],
  claimedAt: '2026-01-01T00:00:00Z',
  via: null,
  alerts: null,
  metricsApi: 'v2',
  hasFunctions: true,
  claimToLiveMs: 1,
  claimToFirstSampleMs: 2,
  lastLinkError: null,
  contested: null,
  admission: null,
  info: null,
  ...change,
});

describe('withNews', () => {
  const list = [node('a'), node('b')];
  const newsOf = (...news: (NodeView | string)[]) =>
    new Map(news.map((one) => (typeof one === 'string' ? ([one, null] as const) : ([one.nodeId, one] as const))));
  it('adds, replaces in place and takes away', () => {
    const next = withNews(list, space, newsOf(node('c'), node('a', { state: 'stale' }), 'b'));
    expect(next.map(({ nodeId, state }) => [nodeId, state])).toEqual([
      ['a', 'stale'],
      ['c', 'live'],
    ]);
    expect(list.map(({ state }) => state)).toEqual(['live', 'live']);
  });
  it('is the same list when nothing concerns it', () => {
    expect(withNews(list, space, newsOf(node('c', { spaceId: 'other' }), 'x'))).toBe(list);
    expect(withNews(list, space, newsOf(list[0] ?? 'a'))).toBe(list);
  });
});

it('countStates counts every state, zero too', () => {
  expect(countStates([node('a'), node('b', { state: 'offline' }), node('c')])).toEqual({
    unseen: 0,
    live: 2,
    stale: 0,
    offline: 1,
  });
});

it('inOrder reads numbers in names', () => {
  expect(inOrder([node('web10'), node('Web2'), node('db')]).map(({ hostname }) => hostname)).toEqual([
    'db',
    'Web2',
    'web10',
  ]);
});

it('nodesMatching needs state, room and every word', () => {
  const list = [node('web1', { rooms: [{ id: 'r', name: 'Front' }] }), node('web2', { state: 'stale' }), node('db1')];
  const find = (filter: Parameters<typeof nodesMatching>[1]) =>
    nodesMatching(list, filter).map(({ hostname }) => hostname);
  expect(find({ roomId: null, state: null, find: 'WEB' })).toEqual(['web1', 'web2']);
  expect(find({ roomId: 'r', state: null, find: '' })).toEqual(['web1']);
  expect(find({ roomId: null, state: 'stale', find: 'web' })).toEqual(['web2']);
  expect(find({ roomId: null, state: null, find: 'front web' })).toEqual(['web1']);
});
