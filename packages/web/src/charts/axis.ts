// Ranges and marks of a chart's axes. Pure.

export interface ValueRange {
  min: number;
  max: number;
  /** Distance of two marks. */
  step: number;
}

/** 1, 2, 2.5 or 5 times a power of ten, the next above `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const factor of [1, 2, 2.5, 5]) if (rough <= factor * power * 1.0000001) return factor * power;
  return 10 * power;
}

/**
 * The range of the value axis around the values `min` … `max`, ending on marks so that it rests while values wander. `fromZero`:
 * areas and stacks must, or they lie. A line that is far from zero and nearly flat (uptime) is shown where it is. `divisor` is the
 * size of the written unit, so that marks are round numbers of what is written.
 */
export function valueRange(
  min: number,
  max: number,
  options: { fromZero: boolean; percent: boolean; divisor: number; marks: number },
): ValueRange {
  const { fromZero, percent, divisor, marks } = options;
  if (fromZero || (min >= 0 && min < max * 0.75)) min = Math.min(0, min);
  if (fromZero || max < 0) max = Math.max(0, max);
  if (max === 0 && min === 0) return { min: 0, max: divisor, step: divisor / 2 };
  if (max === min) {
    if (min > 0) [min, max] = [min - Math.abs(min) * 0.1, max + Math.abs(max) * 0.1];
    else min -= Math.abs(min) * 0.1;
  }
  const step = niceStep((max - min) / divisor / marks) * divisor;
  const steps = (value: number, round: (n: number) => number): number =>
    round(Number((value / step).toFixed(6))) * step;
  // Shares of one whole may add up to a hair above 100 %, which is no reason for a mark of 125 %.
  const isWhole = percent && max < 100.5;
  // A little air above the highest value.
  const mark = steps(max, Math.ceil);
  const top = max > 0 && mark - max < step * 0.05 ? mark + step : mark;
  return { min: steps(min, Math.floor), max: isWhole ? Math.min(100, top) : top, step };
}

/** The marks from `range.min` to `range.max`. */
export function valueMarks({ min, max, step }: ValueRange): number[] {
  const marks: number[] = [];
  for (let n = Math.ceil(min / step - 1e-6) + 0; n * step <= max + step * 1e-6; n++) marks.push(n * step + 0);
  return marks;
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const clockShort = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false });
const clockWithDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/** Marks of the time axis, `stepSeconds` apart; the seconds are written only where they differ. */
export const timeMark = (seconds: number, stepSeconds: number): string =>
  (stepSeconds < 60 ? clock : clockShort).format(seconds * 1000);

/** A moment, for the hover: time of day, with the day when it is not today. */
export function momentText(seconds: number, nowMs: number): string {
  const sameDay = new Date(seconds * 1000).toDateString() === new Date(nowMs).toDateString();
  return (sameDay ? clock : clockWithDay).format(seconds * 1000);
}

export const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600];
