// Draws one chart with uPlot. Knows no React: rows come once a second and the pointer sixty times, so both go straight here.

import uPlot from 'uplot';
import { timeMark, timeSteps, valueMarks, valueRange, type ValueRange } from './axis.ts';
import type { ChartStyle } from './agent-answers.ts';
import { colorNumbers, type ChartColors } from './colors.ts';
import { emptySeries, type Series } from './series.ts';
import { stacked } from './stack.ts';
import type { TimelineStore } from './timeline-store.ts';
import { formatValue, scaleFor, type UnitScale } from './units.ts';

/** What the legend shows: the values under the pointer, or the newest ones (`seconds: null`). */
export interface Reading {
  seconds: number | null;
  /** One per dimension, not stacked. */
  values: (number | null)[];
  scale: UnitScale;
}

export interface PlotOptions {
  element: HTMLElement;
  style: ChartStyle;
  units: string;
  colors: ChartColors;
  timeline: TimelineStore;
  /** Charts of the same key share the pointer's place in time. */
  syncKey: string;
  heightPx: number;
  /** After each drawing and each move of the pointer. */
  onReading: (reading: Reading) => void;
  /** After a drawing: time of the newest row, null when there is none. */
  onDrawn: (lastSeconds: number | null) => void;
}

export interface Plot {
  /** `shown`: per dimension, in the series' order. */
  setSeries(series: Series, shown: boolean[]): void;
  /** The element that pointers act on; made anew with each set of dimensions. */
  onOver(attach: (over: HTMLElement, chart: uPlot) => () => void): void;
  destroy(): void;
}

const axisFont = '11px system-ui, -apple-system, "Segoe UI", sans-serif';
/** The same for every chart, so that a moment is at the same place in all of them. */
const valueAxisPx = 58;

export function createPlot(options: PlotOptions): Plot {
  const { element, style, units, colors, timeline } = options;
  const isPercent = scaleFor(units, 1).suffix === '%';
  let series = emptySeries;
  let shown: boolean[] = [];
  let chart: uPlot | null = null;
  let chartKey = '';
  let numbers: number[] = [];
  let range: ValueRange = { min: 0, max: 1, step: 0.5 };
  let scale: UnitScale = scaleFor(units, 1);
  let frame = 0;
  let dataChanged = true;
  let attachOver: ((over: HTMLElement, chart: uPlot) => () => void) | null = null;
  let detachOver: (() => void) | null = null;

  const read = (): void => {
    const at = chart && (chart.cursor.left ?? -1) >= 0 ? chart.cursor.idx : null;
    const hovered = at === null || at === undefined ? undefined : series.times[at];
    const from = hovered === undefined ? series.times.length - 1 : (at as number);
    options.onReading({
      seconds: hovered ?? null,
      values: series.columns.map((column) => column[from] ?? null),
      scale,
    });
  };

  const dataToDraw = (): { data: uPlot.AlignedData; bands: [number, number][] } => {
    if (style !== 'stacked') return { data: [series.times, ...series.columns], bands: [] };
    const { columns, bands } = stacked(series.columns, shown);
    return { data: [series.times, ...columns], bands };
  };

  const rangeOf = (_: uPlot, min: number | null, max: number | null): [number, number] => {
    const largest = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
    scale = scaleFor(units, largest);
    range = valueRange(min ?? 0, max ?? 0, {
      fromZero: style !== 'line',
      percent: isPercent,
      divisor: scale.divisor,
      marks: 4,
    });
    return [range.min, range.max];
  };

  const build = (data: uPlot.AlignedData, bands: [number, number][]): uPlot => {
    const grid = { stroke: colors.grid, width: 1 };
    return new uPlot(
      {
        width: element.clientWidth,
        height: options.heightPx,
        padding: [10, 10, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: true, auto: false, range: (_self, min, max) => [min, max] },
          y: { range: rangeOf },
        },
        axes: [
          {
            stroke: colors.text,
            font: axisFont,
            size: 28,
            gap: 6,
            space: 84,
            incrs: timeSteps,
            grid,
            ticks: { show: false },
            values: (_self, splits, _axis, _space, step) => splits.map((split) => timeMark(split, step)),
          },
          {
            stroke: colors.text,
            font: axisFont,
            size: valueAxisPx,
            gap: 8,
            grid,
            ticks: { show: false },
            splits: () => valueMarks(range),
            values: (_self, splits) => splits.map((split) => (split === 0 ? '0' : shortMark(split, scale, range.step))),
          },
        ],
        series: [{}, ...series.dimensions.map((_, n) => seriesOptions(n))],
        bands: bands
          .filter(([, lower]) => lower >= 0)
          .map(([upper, lower]) => ({
            series: [upper + 1, lower + 1],
            dir: isBelowZero(upper) ? 1 : -1,
          })),
        cursor: {
          drag: { x: false, y: false, setScale: false },
          y: false,
          points: { size: 6, width: 0, fill: (_self, n) => colors.line(numbers[n - 1] ?? 0) },
          sync: {
            key: options.syncKey,
            scales: ['x', null],
            setSeries: false,
            filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
          },
        },
        hooks: { setCursor: [read], draw: [read] },
      },
      data,
      element,
    );
  };

  const isBelowZero = (n: number): boolean =>
    (series.columns[n] ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0) < 0;

  const seriesOptions = (n: number): uPlot.Series => {
    const number = numbers[n] ?? n;
    const color = colors.line(number);
    const fill =
      style === 'stacked' ? colors.stackFill(number) : style === 'area' ? colors.areaFill(number) : undefined;
    return {
      show: shown[n] !== false,
      stroke: color,
      // Lines of layers would lie on each other, and that of an empty layer on top would hide the one that matters.
      width: style === 'stacked' ? 0 : 1.5,
      points: { show: false },
      ...(fill === undefined ? {} : { fill }),
    };
  };

  const draw = (): void => {
    frame = 0;
    if (dataChanged || !chart) {
      dataChanged = false;
      const { data, bands } = dataToDraw();
      // uPlot takes its series and bands once, so another set of them needs another chart.
      const key = JSON.stringify([series.dimensions, shown, bands]);
      if (!chart || key !== chartKey) {
        detachOver?.();
        chart?.destroy();
        numbers = colorNumbers(series.dimensions);
        chart = build(data, bands);
        chartKey = key;
        detachOver = attachOver?.(chart.over, chart) ?? null;
      } else {
        chart.setData(data, false);
      }
      options.onDrawn(series.times.at(-1) ?? null);
    }
    const { fromSeconds, toSeconds } = timeline.window();
    chart.setScale('x', { min: fromSeconds, max: toSeconds });
  };
  const schedule = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };

  const unsubscribe = timeline.subscribe(schedule);
  const resized = new ResizeObserver(() => {
    if (chart && element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height: options.heightPx });
  });
  resized.observe(element);
  schedule();

  return {
    setSeries(next, nextShown) {
      series = next;
      shown = nextShown;
      dataChanged = true;
      schedule();
    },
    onOver(attach) {
      attachOver = attach;
    },
    destroy() {
      unsubscribe();
      resized.disconnect();
      cancelAnimationFrame(frame);
      detachOver?.();
      chart?.destroy();
    },
  };
}

/** Marks need as many digits as tell them apart. */
function shortMark(value: number, scale: UnitScale, step: number): string {
  const scaledStep = step / scale.divisor;
  const digits = Math.max(
    0,
    Math.min(
      6,
      Math.ceil(-Math.log10(scaledStep) - 1e-9) +
        (/^2\.?5/.test(String(scaledStep).replace(/^0\.0*/, '')) && scaledStep < 10 ? 1 : 0),
    ),
  );
  const text = (value / scale.divisor).toFixed(digits);
  return text.length > 7 ? formatValue(value, scale) : text;
}
