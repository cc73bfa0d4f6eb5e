// Keeps one chart's series filled for the window that the timeline shows: asks for the past when feed-plan says so, watches the
// newest rows while live, and gives up both when it is stopped (scrolled away, page left, tab hidden).

import { historyNeeded, type Held } from './feed-plan.ts';
import { appended, emptySeries, seriesOf, type Series } from './series.ts';
import type { ChartSource } from './source.ts';
import type { TimelineStore } from './timeline-store.ts';
import { isLive, type Timeline } from './timeline.ts';

export interface FeedView {
  series: Series;
  /** True until the first answer came. */
  loading: boolean;
  /** Why there are no newer values, in words; null while all is well. */
  failure: string | null;
}

export interface ChartFeedOptions {
  source: ChartSource;
  chart: { id: string; updateEverySeconds: number };
  timeline: TimelineStore;
  /** Rows that fit on the chart's width. */
  points: number;
  onChange: (view: FeedView) => void;
}

/** A drag asks for the past when it rests for this long. */
const restMs = 150;
/** Pause before a failed question is asked again; doubled each time up to the last. */
const retryMs = { first: 2_000, last: 15_000 };
/** A row that a watch missed may be at the agent all the same; how often to look. */
const gapLookMs = 5_000;

/** Starts at once; returns what stops it and cancels the question under way. */
export function startChartFeed(options: ChartFeedOptions): () => void {
  const { source, chart, timeline, points, onChange } = options;
  const { updateEverySeconds } = chart;
  let view: FeedView = { series: emptySeries, loading: true, failure: null };
  let held: Held | null = null;
  let asking: AbortController | null = null;
  let askedFor: Timeline | null = null;
  let endWatch: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitingToRetry = false;
  let failures = 0;
  let lookedForGapMs = -Infinity;

  const show = (change: Partial<FeedView>): void => {
    view = { ...view, ...change };
    onChange(view);
  };
  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      waitingToRetry = false;
      void ask();
    }, ms);
  };

  const watch = (): void => {
    endWatch ??= source.watch(chart.id, {
      onRows(rows) {
        const keepSeconds = Math.max(timeline.get().spanSeconds * 1.1, 60);
        const { series, foundGap } = appended(view.series, rows, keepSeconds, updateEverySeconds);
        show({ series, failure: null });
        const newest = series.times.at(-1);
        if (newest !== undefined) timeline.reportEdge(newest);
        if (foundGap && performance.now() - lookedForGapMs > gapLookMs) {
          lookedForGapMs = performance.now();
          held = null;
          later(1_000);
        }
      },
      onFailed: (reason) => show({ failure: reason }),
    });
  };

  const ask = async (): Promise<void> => {
    const edgeSeconds = timeline.edgeSeconds();
    const query = historyNeeded({ timeline: timeline.get(), edgeSeconds, held, points, updateEverySeconds });
    if (!query) return;
    asking?.abort();
    const controller = (asking = new AbortController());
    askedFor = timeline.get();
    try {
      const rows = await source.history({ chart: chart.id, ...query }, controller.signal);
      if (controller.signal.aborted) return;
      const series = seriesOf(rows, updateEverySeconds);
      const newest = series.times.at(-1);
      const toSeconds = query.beforeSeconds ?? newest ?? edgeSeconds;
      const live = query.beforeSeconds === null;
      held = {
        fromSeconds: toSeconds - query.spanSeconds,
        toSeconds,
        stepSeconds: series.stepSeconds,
        followsEdge: live,
      };
      failures = 0;
      show({ series, loading: false, failure: null });
      if (newest !== undefined) timeline.reportEdge(newest);
      if (live && isLive(timeline.get())) watch();
    } catch (error) {
      if (controller.signal.aborted) return;
      show({ loading: false, failure: error instanceof Error ? error.message : String(error) });
      waitingToRetry = true;
      later(Math.min(retryMs.last, retryMs.first * 2 ** failures++));
    } finally {
      if (asking === controller) asking = null;
    }
  };

  const unsubscribe = timeline.subscribe(() => {
    if (!isLive(timeline.get()) && endWatch) {
      endWatch();
      endWatch = null;
      if (held)
        held = { ...held, toSeconds: Math.max(held.toSeconds, view.series.times.at(-1) ?? 0), followsEdge: false };
    }
    if (waitingToRetry) return;
    // The edge moves once a second and must not cancel a question for this very view again and again.
    if (asking && askedFor === timeline.get()) return;
    const edgeSeconds = timeline.edgeSeconds();
    if (historyNeeded({ timeline: timeline.get(), edgeSeconds, held, points, updateEverySeconds })) later(restMs);
  });
  void ask();

  return () => {
    unsubscribe();
    clearTimeout(timer);
    asking?.abort();
    endWatch?.();
  };
}
