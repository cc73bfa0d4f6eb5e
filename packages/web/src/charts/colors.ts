// Which colour a dimension gets, and what it looks like. The colours themselves are tokens of the theme (ui/tokens.css), so that
// there is one place for them.

export interface ChartColors {
  grid: string;
  text: string;
  /** The line of a colour number. */
  line(number: number): string;
  /** Below the line, where layers lie on each other. */
  stackFill(number: number): string;
  /** Below the line, where areas overlap. */
  areaFill(number: number): string;
}

const colorCount = 12;

/** Dimensions that every node has look the same in every chart; the calm colours go to what fills most of the area. */
const known: Readonly<Record<string, number>> = {
  user: 1,
  system: 0,
  iowait: 2,
  softirq: 8,
  irq: 4,
  nice: 10,
  steal: 3,
  guest: 6,
  used: 1,
  free: 9,
  avail: 9,
  cached: 0,
  buffers: 6,
  received: 0,
  sent: 1,
  in: 0,
  out: 1,
  reads: 0,
  writes: 1,
  InOctets: 0,
  OutOctets: 1,
  load1: 0,
  load5: 1,
  load15: 2,
  running: 0,
  blocked: 3,
};

/** A colour number for each name: known names get theirs, all others the next one that is not taken. Pure. */
export function colorNumbers(names: string[]): number[] {
  const taken = new Set<number>();
  const first = names.map((name) => {
    const number = Object.hasOwn(known, name) ? known[name] : undefined;
    if (number === undefined || taken.has(number)) return undefined;
    taken.add(number);
    return number;
  });
  let next = 0;
  return first.map((number) => {
    if (number !== undefined) return number;
    while (taken.has(next) && taken.size < colorCount) next = (next + 1) % colorCount;
    const free = next;
    taken.add(free);
    next = (next + 1) % colorCount;
    return free;
  });
}

/** Custom property of a colour number, for what is drawn by CSS. */
export const colorProperty = (number: number): string => `--chart-${(number % colorCount) + 1}`;

/** Tokens are #rrggbb; two more digits are the opacity. */
export function readChartColors(element: Element): ChartColors {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const colors = Array.from({ length: colorCount }, (_, number) => token(colorProperty(number)));
  const at = (number: number): string => colors[number % colorCount] ?? '#888888';
  return {
    grid: token('--chart-grid'),
    text: token('--text-muted'),
    line: at,
    stackFill: (number) => `${at(number)}b8`,
    areaFill: (number) => `${at(number)}2e`,
  };
}
