import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { Chart } from './agent-answers.ts';
import { momentText } from './axis.ts';
import { startChartFeed } from './chart-feed.ts';
import { chartWords } from './chart-words.ts';
import { colorNumbers, colorProperty } from './colors.ts';
import { useChartColors } from './use-chart-colors.ts';
import { attachGestures, keyPressed, type DragTool } from './gestures.ts';
import { createPlot, type Plot, type Reading } from './plot.ts';
import { emptySeries, type Series } from './series.ts';
import { plainText } from '../ui/plain-text.ts';
import type { ChartSource } from './source.ts';
import type { TimelineStore } from './timeline-store.ts';
import { formatValue, unitLabel } from './units.ts';
import { useIsShown } from './use-is-shown.ts';
import styles from './ChartCard.module.css';

export interface ChartCardProps {
  chart: Chart;
  source: ChartSource;
  timeline: TimelineStore;
  syncKey: string;
  /** While false, nothing is asked; what was drawn stays. */
  isAnswering: boolean;
  /** Read at each drag, so that a choice in the toolbar draws nothing anew. */
  dragTool: { current: DragTool };
}

const heightPx = 190;
/** A chart starts this far before it scrolls in. */
const nearPx = 200;

/** One chart with its title, unit and legend. It asks for values only while it is in sight. */
export const ChartCard = memo(function ChartCard({
  chart,
  source,
  timeline,
  syncKey,
  isAnswering,
  dragTool,
}: ChartCardProps) {
  const card = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const values = useRef(new Map<number, HTMLElement>());
  const unit = useRef<HTMLSpanElement>(null);
  const moment = useRef<HTMLSpanElement>(null);
  const plot = useRef<Plot | null>(null);
  const lastSeries = useRef<Series>(emptySeries);
  const [dimensions, setDimensions] = useState(chart.dimensions);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [state, setState] = useState<{ loading: boolean; failure: string | null; empty: boolean }>({
    loading: true,
    failure: null,
    empty: false,
  });
  const numbers = useMemo(() => colorNumbers(dimensions), [dimensions]);
  const isShown = useIsShown(card, nearPx);
  const colors = useChartColors();
  const shownOf = useMemo(() => (series: Series) => series.dimensions.map((name) => !hidden.has(name)), [hidden]);
  const shownOfNow = useRef(shownOf);

  // Values change each second and with each move of the pointer: they are written into the text nodes past React.
  const showReading = useMemo(
    () => (reading: Reading) => {
      for (const [n, element] of values.current) setText(element, formatValue(reading.values[n], reading.scale));
      setText(unit.current, unitLabel(chart.units, reading.scale));
      setText(moment.current, reading.seconds === null ? '' : momentText(reading.seconds, Date.now()));
    },
    [chart.units],
  );

  useEffect(() => {
    if (!isShown || !canvas.current) return;
    const made = createPlot({
      element: canvas.current,
      style: chart.style,
      units: chart.units,
      colors,
      timeline,
      syncKey,
      heightPx,
      onReading: showReading,
      onDrawn: (lastSeconds) => {
        if (card.current && lastSeconds !== null) card.current.dataset.lastTime = String(lastSeconds);
      },
    });
    made.onOver((over, drawn) => attachGestures(over, drawn, timeline, () => dragTool.current));
    plot.current = made;
    if (lastSeries.current.times.length > 0) made.setSeries(lastSeries.current, shownOfNow.current(lastSeries.current));
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [isShown, colors, chart, timeline, syncKey, dragTool, showReading]);

  useEffect(() => {
    if (!isShown || !isAnswering || !canvas.current) return;
    return startChartFeed({
      source,
      chart,
      timeline,
      points: Math.min(1200, Math.max(300, canvas.current.clientWidth * 2)),
      onChange: ({ series, loading, failure }) => {
        if (series.times.length > 0 || !failure) {
          lastSeries.current = series;
          plot.current?.setSeries(series, shownOfNow.current(series));
          setDimensions((before) =>
            sameNames(before, series.dimensions) || series.dimensions.length === 0 ? before : series.dimensions,
          );
        }
        const next = { loading, failure, empty: !loading && lastSeries.current.times.length === 0 };
        setState((before) =>
          before.loading === next.loading && before.failure === next.failure && before.empty === next.empty
            ? before
            : next,
        );
      },
    });
  }, [isShown, isAnswering, chart, source, timeline]);

  useEffect(() => {
    shownOfNow.current = shownOf;
    plot.current?.setSeries(lastSeries.current, shownOf(lastSeries.current));
  }, [shownOf]);

  const toggle = (name: string): void =>
    setHidden((before) => {
      const next = new Set(before);
      if (!next.delete(name)) next.add(name);
      return next;
    });

  return (
    <article ref={card} className={styles.card} data-chart={chart.id} tabIndex={-1}>
      <header className={styles.header}>
        <h3 className={`${styles.title} given`}>{chart.title}</h3>
        <span ref={moment} className={styles.moment} aria-hidden />
        <span ref={unit} className={`${styles.unit} given-line`} title={chart.units}>
          {chart.units}
        </span>
        <span className={`${styles.id} given-line`}>
          {plainText(chart.id)}
          {chart.family !== chart.id && ` · ${chart.family}`}
        </span>
      </header>
      <div
        ref={canvas}
        className={styles.canvas}
        style={{ height: heightPx }}
        role="group"
        aria-roledescription={chartWords.chart}
        aria-label={chartWords.chartLabel(chart.title, chart.units)}
        tabIndex={0}
        onKeyDown={(event) => {
          if (!event.altKey && !event.ctrlKey && !event.metaKey && keyPressed(event.key, timeline))
            event.preventDefault();
        }}
      >
        {state.loading && isAnswering && <p className={styles.overlay}>{chartWords.loading}</p>}
        {state.empty && !state.failure && <p className={styles.overlay}>{chartWords.noData}</p>}
      </div>
      <ul className={styles.legend}>
        {dimensions.map((name, n) => (
          <li key={name}>
            <button
              type="button"
              className={styles.dimension}
              aria-pressed={!hidden.has(name)}
              title={`${name}: ${hidden.has(name) ? chartWords.hiddenDimension : chartWords.shownDimension}`}
              onClick={() => toggle(name)}
            >
              <span className={styles.swatch} style={{ background: `var(${colorProperty(numbers[n] ?? n)})` }} />
              <span className={`${styles.name} given-line`}>{name}</span>
              <span
                className={styles.value}
                ref={(element) => {
                  if (element) values.current.set(n, element);
                  else values.current.delete(n);
                }}
              >
                –
              </span>
            </button>
          </li>
        ))}
      </ul>
      {state.failure && isAnswering && (
        <p className={styles.failure} role="status">
          {chartWords.failed}: {state.failure}
        </p>
      )}
    </article>
  );
});

const sameNames = (a: string[], b: string[]): boolean => a.length === b.length && a.every((name, n) => name === b[n]);

function setText(element: HTMLElement | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
