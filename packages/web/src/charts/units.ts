// How values are written: agents give a unit per chart ("MiB", "kilobits/s", "percentage"); the page shows three figures or so
// and the prefix that fits. Pure.

/** How to write the values of one axis or legend: divide, then append. */
export interface UnitScale {
  divisor: number;
  /** What stands behind a value, without a blank; may be empty. */
  suffix: string;
}

interface Ladder {
  /** Size of the agent's unit in the smallest unit of the ladder. */
  base: number;
  steps: readonly (readonly [size: number, suffix: string])[];
}

const binary = [
  [1, 'B'],
  [1024, 'KiB'],
  [1024 ** 2, 'MiB'],
  [1024 ** 3, 'GiB'],
  [1024 ** 4, 'TiB'],
  [1024 ** 5, 'PiB'],
] as const;
const bits = [
  [1, 'bit'],
  [1e3, 'kbit'],
  [1e6, 'Mbit'],
  [1e9, 'Gbit'],
  [1e12, 'Tbit'],
] as const;
const seconds = [
  [1e-9, 'ns'],
  [1e-6, 'µs'],
  [1e-3, 'ms'],
  [1, 's'],
  [60, 'min'],
  [3600, 'h'],
  [86_400, 'd'],
] as const;
const plain = [
  [1, ''],
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
  [1e12, 'T'],
] as const;

const ladders: Readonly<Record<string, Ladder>> = {
  B: { base: 1, steps: binary },
  bytes: { base: 1, steps: binary },
  KB: { base: 1000, steps: binary },
  KiB: { base: 1024, steps: binary },
  MB: { base: 1000 ** 2, steps: binary },
  MiB: { base: 1024 ** 2, steps: binary },
  GB: { base: 1000 ** 3, steps: binary },
  GiB: { base: 1024 ** 3, steps: binary },
  TiB: { base: 1024 ** 4, steps: binary },
  bits: { base: 1, steps: bits },
  kilobits: { base: 1e3, steps: bits },
  megabits: { base: 1e6, steps: bits },
  gigabits: { base: 1e9, steps: bits },
  nanoseconds: { base: 1e-9, steps: seconds },
  microseconds: { base: 1e-6, steps: seconds },
  milliseconds: { base: 1e-3, steps: seconds },
  ms: { base: 1e-3, steps: seconds },
  seconds: { base: 1, steps: seconds },
};

const perSecond = '/s';
const percentUnits = new Set(['%', 'percentage', 'percent']);

/** The scale in which `largest` (absolute value, in the agent's unit) is best read. */
export function scaleFor(units: string, largest: number): UnitScale {
  if (percentUnits.has(units)) return { divisor: 1, suffix: '%' };
  const isRate = units.endsWith(perSecond);
  const unit = isRate ? units.slice(0, -perSecond.length) : units;
  // An agent may call a unit `constructor`.
  const ladder = Object.hasOwn(ladders, unit) ? ladders[unit] : undefined;
  const { base, steps } = ladder ?? { base: 1, steps: plain };
  let best = steps[0];
  // Of nothing but zeros, the agent's own unit says most.
  const inBase = Math.abs(largest) * base || base;
  for (const step of steps) if (inBase >= step[0]) best = step;
  const [size, suffix] = best ?? [1, ''];
  return { divisor: size / base, suffix: ladder && isRate ? suffix + perSecond : suffix };
}

/** What to write beside a chart's title: the unit after scaling. */
export function unitLabel(units: string, scale: UnitScale): string {
  const rate = units.endsWith(perSecond) ? units.slice(0, -perSecond.length) : units;
  if (percentUnits.has(units) || rate in ladders) return scale.suffix;
  return scale.suffix === '' ? units : `${scale.suffix} ${units}`;
}

const figures = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** Three figures where there are digits behind the point: 0.123, 1.23, 12.3, 123, 1,234. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return (figures[digits] as Intl.NumberFormat).format(value);
}

/** A value in its scale, without the unit (a legend shows that once); a gap is a dash. */
export const formatValue = (value: number | null | undefined, scale: UnitScale): string =>
  value === null || value === undefined ? '–' : formatNumber(value / scale.divisor);

/** A value with its unit, for places that show one value alone. */
export function formatWithUnit(value: number, units: string): string {
  const scale = scaleFor(units, value);
  const text = formatValue(value, scale);
  return scale.suffix === '' ? text : `${text} ${scale.suffix}`;
}
