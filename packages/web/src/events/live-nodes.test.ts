import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { describe, expect, it } from 'vitest';
import { countStates, inOrder, nodesMatching, withNode, withoutNode } from './live-nodes.ts';

const space = 'S';
const node = (nodeId: string, change: Partial<NodeView> = {}): NodeView => ({
  nodeId, spaceId: space, claimId: nodeId, machineGuid: nodeId, hostname: nodeId, state: 'live', since: '2026-01-01T00:00:00Z', rooms: [],
  claimedAt: '2026-01-01T00:00:00Z', claimToLiveMs: 1, claimToFirstSampleMs: 2, lastLinkError: null, info: null, ...change,
});

describe('withNode', () => {
  it('adds, replaces in place, and ignores another Space', () => {
    const list = [node('a'), node('b')];
    expect(withNode(list, space, node('c')).map(({ nodeId }) => nodeId)).toEqual(['a', 'b', 'c']);
    const changed = withNode(list, space, node('a', { state: 'stale' }));
    expect(changed.map(({ state }) => state)).toEqual(['stale', 'live']);
    expect(list[0]?.state).toBe('live');
    expect(withNode(list, 'other', node('c'))).toBe(list);
  });
});

it('withoutNode keeps the list itself when nothing is taken', () => {
  const list = [node('a')];
  expect(withoutNode(list, 'x')).toBe(list);
  expect(withoutNode(list, 'a')).toEqual([]);
});

it('countStates counts every state, zero too', () => {
  expect(countStates([node('a'), node('b', { state: 'offline' }), node('c')])).toEqual({ unseen: 0, live: 2, stale: 0, offline: 1 });
});

it('inOrder reads numbers in names', () => {
  expect(inOrder([node('web10'), node('Web2'), node('db')]).map(({ hostname }) => hostname)).toEqual(['db', 'Web2', 'web10']);
});

it('nodesMatching needs state, room and every word', () => {
  const list = [node('web1', { rooms: [{ id: 'r', name: 'Front' }] }), node('web2', { state: 'stale' }), node('db1')];
  const find = (filter: Parameters<typeof nodesMatching>[1]) => nodesMatching(list, filter).map(({ hostname }) => hostname);
  expect(find({ roomId: null, state: null, find: 'WEB' })).toEqual(['web1', 'web2']);
  expect(find({ roomId: 'r', state: null, find: '' })).toEqual(['web1']);
  expect(find({ roomId: null, state: 'stale', find: 'web' })).toEqual(['web2']);
  expect(find({ roomId: null, state: null, find: 'front web' })).toEqual(['web1']);
});
