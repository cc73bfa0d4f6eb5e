import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  live,
  longestSpanSeconds,
  panned,
  paused,
  selected,
  shortestSpanSeconds,
  windowOf,
  withSpan,
  zoomed,
} from './timeline.ts';

const edge = 10_000;
const liveView = { spanSeconds: 600, endSeconds: null };

describe('timeline', () => {
  it('ends at the newest row while live', () => {
    expect(windowOf(liveView, edge)).toEqual({ fromSeconds: 9_400, toSeconds: 10_000 });
  });
  it('stands still when paused and follows again when live', () => {
    const still = paused(liveView, edge);
    expect(windowOf(still, edge + 60)).toEqual({ fromSeconds: 9_400, toSeconds: 10_000 });
    expect(windowOf(live(still), edge + 60).toSeconds).toBe(10_060);
  });
  it('does not pan into the future', () => {
    expect(panned(liveView, -100, edge).endSeconds).toBe(9_900);
    expect(panned(liveView, 100, edge).endSeconds).toBe(10_000);
  });
  it('keeps the anchor in its place while zooming', () => {
    const still = { spanSeconds: 600, endSeconds: 5_000 };
    expect(windowOf(zoomed(still, 0.5, 0, edge), edge)).toEqual({ fromSeconds: 4_400, toSeconds: 4_700 });
    expect(windowOf(zoomed(still, 0.5, 1, edge), edge)).toEqual({ fromSeconds: 4_700, toSeconds: 5_000 });
  });
  it('stays live when a live view is zoomed or given another length', () => {
    expect(zoomed(liveView, 2, 0.2, edge)).toEqual({ spanSeconds: 1200, endSeconds: null });
    expect(withSpan(liveView, 60)).toEqual({ spanSeconds: 60, endSeconds: null });
  });
  it('widens a selection that is too short, around its middle', () => {
    expect(selected({ fromSeconds: 100, toSeconds: 102 }, edge)).toEqual({
      spanSeconds: shortestSpanSeconds,
      endSeconds: 101 + shortestSpanSeconds / 2,
    });
  });
  it('never leaves its bounds', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('pan'), by: fc.double({ min: -1e5, max: 1e5, noNaN: true }) }),
      fc.record({ kind: fc.constant('zoom'), by: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let view = paused(liveView, edge);
        for (const { kind, by } of steps) view = kind === 'pan' ? panned(view, by, edge) : zoomed(view, by, 0.5, edge);
        expect(view.endSeconds).toBeLessThanOrEqual(edge);
        expect(view.spanSeconds).toBeGreaterThanOrEqual(shortestSpanSeconds);
        expect(view.spanSeconds).toBeLessThanOrEqual(longestSpanSeconds);
      }),
    );
  });
});
