import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { describe, expect, it } from 'vitest';
import { claimsOf, withArrivals } from './arrivals.ts';
import { stopwatchWords } from './stopwatch-words.ts';

const node = (nodeId: string, claimId: string | null, change: Partial<NodeView> = {}): NodeView => ({
  nodeId,
  spaceId: 'S',
  claimId,
  machineGuid: nodeId,
  hostname: nodeId,
  state: 'unseen',
  since: '2026-01-01T00:00:00Z',
  rooms: [],
  claimedAt: '2026-01-01T00:00:00Z',
  via: null,
  alerts: null,
  metricsApi: 'v2',
  hasFunctions: true,
  claimToLiveMs: null,
  claimToFirstSampleMs: null,
  lastLinkError: null,
  contested: null,
  admission: null,
  info: null,
  ...change,
});

describe('withArrivals', () => {
  const old = [node('a', 'c1')];
  const before = claimsOf(old);
  it('sees new nodes, and known ones that were claimed again', () => {
    const arrivals = withArrivals([], before, [node('a', 'c2'), node('b', 'c3')], 100);
    expect(arrivals.map(({ node: { nodeId }, seenMs }) => [nodeId, seenMs])).toEqual([
      ['a', 100],
      ['b', 100],
    ]);
    expect(withArrivals([], before, old, 100)).toEqual([]);
  });
  it('keeps the time of the first sight while the node changes, newest first', () => {
    const first = withArrivals([], before, [node('b', 'c3')], 100);
    const second = withArrivals(first, before, [node('b', 'c3', { state: 'live' }), node('d', 'c4')], 200);
    expect(second.map(({ node: { nodeId }, seenMs }) => [nodeId, seenMs])).toEqual([
      ['d', 200],
      ['b', 100],
    ]);
  });
  it('sees nodes that parents stream, each once, and again when they are claimed themselves', () => {
    const [child, other] = [node('x', null), node('y', null)];
    const first = withArrivals([], before, [...old, child, other], 100);
    expect(first.map(({ node: { nodeId } }) => nodeId)).toEqual(['x', 'y']);
    expect(withArrivals([], claimsOf([child]), [child, node('x', 'c9')], 100)).toHaveLength(1);
  });
  it('is the same array while nothing changes, and forgets what was removed', () => {
    const list = [node('b', 'c3')];
    const first = withArrivals([], before, list, 100);
    expect(withArrivals(first, before, list, 300)).toBe(first);
    expect(withArrivals(first, before, [], 300)).toEqual([]);
  });
});

describe('stopwatchWords', () => {
  const fresh = {
    claimId: 'c',
    via: null,
    state: 'unseen',
    claimToLiveMs: null,
    claimToFirstSampleMs: null,
    lastLinkError: null,
  } as const;
  it('waits, then says that it is slow and why', () => {
    expect(stopwatchWords(fresh, 1_000)).toEqual({ phase: 'claimed', lines: ['Claimed. Waiting for its link…'] });
    expect(stopwatchWords({ ...fresh, lastLinkError: 'refused' }, 30_000).lines).toEqual([
      'Claimed. Waiting for its link…',
      'It takes unusually long. Does the agent run, and can it reach this Cloud?',
      'Last link error: refused',
    ]);
  });
  it('says how long it took', () => {
    expect(stopwatchWords({ ...fresh, state: 'live', claimToLiveMs: 310 }, 400)).toEqual({
      phase: 'live',
      lines: ['Live 310 ms after the claim', 'Waiting for its first sample…'],
    });
    expect(stopwatchWords({ ...fresh, state: 'live', claimToLiveMs: 310, claimToFirstSampleMs: 1480 }, 2_000)).toEqual({
      phase: 'done',
      lines: ['Live 310 ms after the claim', 'First sample 1.48 s after the claim'],
    });
  });
  it('says of a node without a claim who streams it', () => {
    const via = { nodeId: 'p', hostname: 'par\u202eent', hops: 1 };
    expect(stopwatchWords({ ...fresh, claimId: null, state: 'live', via }, 9_000)).toEqual({
      phase: 'done',
      lines: ['Not claimed itself: par\ufffdent streams it.'],
    });
    expect(stopwatchWords({ ...fresh, claimId: null, state: 'offline' }, 9_000).phase).toBe('lost');
  });
  it('says when the link went away again', () => {
    expect(
      stopwatchWords({ ...fresh, state: 'offline', claimToLiveMs: 310, claimToFirstSampleMs: 480 }, 9_000).phase,
    ).toBe('lost');
  });
});
