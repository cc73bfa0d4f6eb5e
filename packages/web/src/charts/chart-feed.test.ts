import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Rows } from './agent-answers.ts';
import { startChartFeed, type FeedView } from './chart-feed.ts';
import type { HistoryQuery } from './agent-answers.ts';
import type { WatchListener } from './source.ts';
import { createTimelineStore } from './timeline-store.ts';
import { live, panned, paused } from './timeline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const rowsAt = (from: number, to: number): Rows => ({
  dimensions: ['a'],
  rows: Array.from({ length: to - from + 1 }, (_, n) => [from + n, n]),
});

/** A source that answers when it is told to, and remembers what it was asked. */
function start() {
  const asked: {
    query: HistoryQuery;
    signal: AbortSignal;
    answer: (rows: Rows) => void;
    fail: (reason: string) => void;
  }[] = [];
  const watches: { listener: WatchListener; ended: boolean }[] = [];
  const views: FeedView[] = [];
  const timeline = createTimelineStore(60, 5_000);
  const stop = startChartFeed({
    source: {
      charts: () => Promise.resolve([]),
      history: (query, signal) =>
        new Promise((resolve, reject) =>
          asked.push({ query, signal, answer: resolve, fail: (reason) => reject(new Error(reason)) }),
        ),
      watch(_, listener) {
        const watch = { listener, ended: false };
        watches.push(watch);
        return () => void (watch.ended = true);
      },
    },
    chart: { id: 'system.cpu', updateEverySeconds: 1 },
    timeline,
    points: 600,
    onChange: (view) => views.push(view),
  });
  return { asked, watches, timeline, stop, view: () => views.at(-1), settle: () => vi.advanceTimersByTimeAsync(0) };
}

it('asks for the past once, then watches', async () => {
  const { asked, watches, timeline, view, settle } = start();
  expect(asked.map(({ query }) => query)).toEqual([
    { chart: 'system.cpu', spanSeconds: 60, beforeSeconds: null, points: 60 },
  ]);
  expect(watches).toHaveLength(0);
  asked[0]?.answer(rowsAt(941, 1_000));
  await settle();
  expect(timeline.edgeSeconds()).toBe(1_000);
  watches[0]?.listener.onRows(rowsAt(999, 1_002));
  expect(view()?.series.times.slice(-3)).toEqual([1_000, 1_001, 1_002]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});

it('does not watch while it stands still, and asks again when it is live', async () => {
  const { asked, watches, timeline, settle } = start();
  asked[0]?.answer(rowsAt(941, 1_000));
  await settle();
  timeline.change(paused);
  expect(watches[0]?.ended).toBe(true);
  timeline.change((view, edge) => panned(view, -600, edge));
  await vi.advanceTimersByTimeAsync(200);
  expect(asked[1]?.query).toEqual({ chart: 'system.cpu', spanSeconds: 120, beforeSeconds: 430, points: 120 });
  timeline.change(live);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked[1]?.signal.aborted).toBe(true);
  asked[2]?.answer(rowsAt(941, 1_003));
  await settle();
  expect(watches).toHaveLength(2);
});

it('does not cancel its own question when the edge moves', async () => {
  const { asked, timeline } = start();
  timeline.reportEdge(1_000);
  timeline.reportEdge(1_001);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.signal.aborted).toBe(false);
});

it('says why it failed and tries again, slower each time', async () => {
  const { asked, view, settle } = start();
  asked[0]?.fail('The node did not answer in time.');
  await settle();
  expect(view()).toMatchObject({ loading: false, failure: 'The node did not answer in time.' });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked).toHaveLength(2);
  asked[1]?.fail('again');
  await vi.advanceTimersByTimeAsync(3_900);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(200);
  asked[2]?.answer(rowsAt(941, 1_000));
  await settle();
  expect(view()?.failure).toBeNull();
});

it('looks into the past for a row that the watch did not bring', async () => {
  const { asked, watches, view, settle } = start();
  asked[0]?.answer(rowsAt(941, 1_000));
  await settle();
  watches[0]?.listener.onRows(rowsAt(1_004, 1_005));
  expect(view()?.series.columns[0]?.slice(-3)).toEqual([null, 0, 1]);
  await vi.advanceTimersByTimeAsync(1_100);
  asked[1]?.answer(rowsAt(946, 1_006));
  await settle();
  expect(view()?.series.columns[0]).not.toContain(null);
});

it('stops everything', async () => {
  const { asked, watches, stop, settle } = start();
  asked[0]?.answer(rowsAt(941, 1_000));
  await settle();
  watches[0]?.listener.onRows(rowsAt(1_004, 1_005));
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(watches[0]?.ended).toBe(true);
  expect(asked).toHaveLength(1);
});
