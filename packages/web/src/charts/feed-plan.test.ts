import { describe, expect, it } from 'vitest';
import { historyNeeded, type Held } from './feed-plan.ts';

const edgeSeconds = 10_000;
const base = { edgeSeconds, points: 600, updateEverySeconds: 1 };
const liveTen = { spanSeconds: 600, endSeconds: null };
const heldLive: Held = { fromSeconds: 9_400, toSeconds: 10_000, stepSeconds: 1, followsEdge: true };
const heldStill: Held = { ...heldLive, followsEdge: false };

describe('live', () => {
  it('asks for the newest window at first', () => {
    expect(historyNeeded({ ...base, timeline: liveTen, held: null })).toEqual({
      spanSeconds: 600,
      beforeSeconds: null,
      points: 600,
    });
  });
  it('asks nothing while a watch goes on, even much later', () => {
    expect(historyNeeded({ ...base, timeline: liveTen, held: heldLive })).toBeNull();
    expect(historyNeeded({ ...base, edgeSeconds: 11_000, timeline: liveTen, held: heldLive })).toBeNull();
  });
  it('asks again after it stood still', () => {
    expect(historyNeeded({ ...base, timeline: liveTen, held: heldStill })).not.toBeNull();
  });
  it('asks again for a longer window, averaged to the width', () => {
    const timeline = { spanSeconds: 3600, endSeconds: null };
    expect(historyNeeded({ ...base, timeline, held: heldLive })).toEqual({
      spanSeconds: 3600,
      beforeSeconds: null,
      points: 600,
    });
  });
  it('asks nothing for a shorter window of the same grain, but again when averages get too coarse', () => {
    const timeline = { spanSeconds: 60, endSeconds: null };
    expect(historyNeeded({ ...base, timeline, held: heldLive })).toBeNull();
    expect(historyNeeded({ ...base, timeline, held: { ...heldLive, stepSeconds: 6 } })).not.toBeNull();
  });
  it('replaces single seconds beside averages after a while', () => {
    const timeline = { spanSeconds: 3600, endSeconds: null };
    const held = { fromSeconds: 6_400, toSeconds: 10_000, stepSeconds: 6, followsEdge: true };
    expect(historyNeeded({ ...base, timeline, held, edgeSeconds: 10_100 })).toBeNull();
    expect(historyNeeded({ ...base, timeline, held, edgeSeconds: 10_200 })).not.toBeNull();
  });
  it('leaves a slow chart alone', () => {
    const held = { ...heldLive, stepSeconds: 10 };
    expect(
      historyNeeded({ ...base, updateEverySeconds: 10, timeline: { spanSeconds: 60, endSeconds: null }, held }),
    ).toBeNull();
  });
});

describe('still', () => {
  it('asks nothing inside what is held', () => {
    expect(historyNeeded({ ...base, timeline: { spanSeconds: 300, endSeconds: 9_900 }, held: heldLive })).toBeNull();
    expect(historyNeeded({ ...base, timeline: { spanSeconds: 300, endSeconds: 9_900 }, held: heldStill })).toBeNull();
  });
  it('asks with half a window on both sides, but not for the future', () => {
    expect(historyNeeded({ ...base, timeline: { spanSeconds: 600, endSeconds: 9_000 }, held: heldStill })).toEqual({
      spanSeconds: 1200,
      beforeSeconds: 9_300,
      points: 1200,
    });
    expect(
      historyNeeded({ ...base, timeline: { spanSeconds: 600, endSeconds: 9_900 }, held: heldStill }),
    ).toMatchObject({
      beforeSeconds: 10_000,
    });
  });
  it('asks for what came after it stood still', () => {
    const timeline = { spanSeconds: 300, endSeconds: 10_000 };
    expect(historyNeeded({ ...base, timeline, held: { ...heldStill, toSeconds: 9_800 } })).not.toBeNull();
  });
});
