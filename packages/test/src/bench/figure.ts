// The figures that we promise, measured with the real programs. Reading order: figure.ts (this: how a figure is printed),
// process-cost.ts (what the kernel says of a process), then any *.bench.ts, which `npm run bench` runs one after the other.

/** One line of the bench. `peer` is what it stands beside, measured in the same run; null where there is nothing to stand beside. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  peer: string | null;
  peerValue: number | null;
  /** value ÷ peerValue. */
  ratio: number | null;
  /** In words, with its bound; null where none is promised. */
  goal: string | null;
  ok: boolean;
}

const rounded = (n: number): number => Number(n.toPrecision(4));

/** Prints one JSON line. A figure that misses its goal makes the process end with exit code 1, after the others were measured. */
export function printFigure(figure: {
  name: string;
  value: number;
  unit: string;
  peer?: { name: string; value: number };
  goal?: { words: string; isMet: (value: number, ratio: number) => boolean };
}): void {
  const ratio = figure.peer === undefined ? Number.NaN : figure.value / figure.peer.value;
  const ok = figure.goal?.isMet(figure.value, ratio) ?? true;
  const line: Figure = {
    name: figure.name,
    value: rounded(figure.value),
    unit: figure.unit,
    peer: figure.peer?.name ?? null,
    peerValue: figure.peer === undefined ? null : rounded(figure.peer.value),
    ratio: figure.peer === undefined ? null : rounded(ratio),
    goal: figure.goal?.words ?? null,
    ok,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (!ok) process.exitCode = 1;
}

/** The value below which `share` (0…1) of all values lie; the nearest that was measured. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** A whole number from the environment, for a shorter or longer run. */
export function countFrom(variable: string, usual: number): number {
  const text = process.env[variable];
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${variable} must be a whole number from 1 to 999999`);
  return Number(text);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
