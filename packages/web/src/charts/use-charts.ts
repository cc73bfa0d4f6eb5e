// The list of a node's charts: asked at the start, soon again while it grows (an agent that has just started needs some seconds), then every
// minute (disks and interfaces come and go), again and again after a failure, not while the tab is hidden.

import { useEffect, useRef, useState } from 'react';
import type { Chart } from './agent-answers.ts';
import type { ChartSource } from './source.ts';
import { useTabIsShown } from './use-is-shown.ts';

export interface ChartsView {
  /** Null until the first answer. */
  charts: Chart[] | null;
  /** Why the last question failed, in words; the charts known before stay. */
  failure: string | null;
  again: () => void;
}

const renewAfterMs = 60_000;
/** While the list differs from the one before. */
const growingMs = 2_000;
const retryMs = { first: 2_000, last: 30_000 };

/** Nothing is asked while `isAnswering` is false; when it becomes true, at once. */
export function useCharts(source: ChartSource, isAnswering: boolean): ChartsView {
  const [charts, setCharts] = useState<Chart[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const askAgain = useRef<() => void>(() => undefined);
  const isTabShown = useTabIsShown();
  useEffect(() => {
    if (!isTabShown || !isAnswering) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let seen = 0;
    const ask = async (): Promise<void> => {
      try {
        const next = await source.charts(controller.signal);
        failures = 0;
        setFailure(null);
        setCharts((before) => keepSame(before, next));
        const isGrowing = next.length !== seen || next.length === 0;
        seen = next.length;
        timer = setTimeout(() => void ask(), isGrowing ? growingMs : renewAfterMs);
      } catch (error) {
        if (controller.signal.aborted) return;
        setFailure(error instanceof Error ? error.message : String(error));
        timer = setTimeout(() => void ask(), Math.min(retryMs.last, retryMs.first * 2 ** failures++));
      }
    };
    askAgain.current = () => {
      clearTimeout(timer);
      void ask();
    };
    void ask();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [source, isAnswering, isTabShown]);
  return { charts, failure, again: () => askAgain.current() };
}

/** Charts that did not change stay the same objects, so that their cards go on undisturbed. */
function keepSame(before: Chart[] | null, next: Chart[]): Chart[] {
  if (!before) return next;
  const known = new Map(before.map((chart) => [chart.id, chart]));
  return next.map((chart) => {
    const old = known.get(chart.id);
    return old && JSON.stringify(old) === JSON.stringify(chart) ? old : chart;
  });
}
