// How busy a node's CPUs are, from rows of its chart system.cpu. Pure.

/** Per cent of all CPUs in everything but idling; null where the row has no values. `dimensions` without time, `row` with. */
export function cpuBusyPercent(dimensions: string[], row: (number | null)[]): number | null {
  let sum = 0;
  let known = false;
  dimensions.forEach((name, n) => {
    const value = row[n + 1];
    if (value === null || value === undefined) return;
    known = true;
    if (name !== 'idle') sum += value;
  });
  return known ? Math.min(100, Math.max(0, sum)) : null;
}

/** What a sparkline shows: values one second apart, oldest first, null where a second is missing. */
export interface BusyHistory {
  lastSeconds: number;
  values: (number | null)[];
}

/** Adds newer rows; what is older than `keep` seconds falls off. The same object when nothing is new. */
export function withBusyRows(
  history: BusyHistory | undefined,
  dimensions: string[],
  rows: (number | null)[][],
  keep: number,
): BusyHistory {
  let values = history?.values ?? [];
  let last = history?.lastSeconds ?? 0;
  for (const row of rows) {
    const time = Number(row[0]);
    if (!Number.isFinite(time) || time <= last) continue;
    const missing = last === 0 ? 0 : Math.min(keep, Math.round(time - last) - 1);
    values = [...values, ...Array.from({ length: missing }, () => null), cpuBusyPercent(dimensions, row)].slice(-keep);
    last = time;
  }
  return history && last === history.lastSeconds ? history : { lastSeconds: last, values };
}
