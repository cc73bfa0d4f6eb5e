// The path of a sparkline. Pure.

/**
 * `values` oldest first, null = a gap; one step of the width per value, the newest at the right edge. The scale starts at zero and
 * ends at the largest value, but not below `fullScale`, so that an idle machine does not look busy. Returns SVG path data:
 * `line` to stroke and `area` to fill down to zero; both empty where there is nothing to draw.
 */
export function sparklinePath(
  values: (number | null)[],
  box: { width: number; height: number; fullScale: number; slots: number },
): { line: string; area: string } {
  const top = Math.max(box.fullScale, ...values.map((value) => value ?? 0));
  const stepWidth = box.width / Math.max(1, box.slots - 1);
  const line: string[] = [];
  const area: string[] = [];
  let run: [x: number, y: number][] = [];
  const finish = (): void => {
    const [first] = run;
    const last = run.at(-1);
    if (first && last && run.length > 1) {
      const points = run.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
      line.push(`M${points}`);
      area.push(`M${round(first[0])} ${box.height}L${points}L${round(last[0])} ${box.height}Z`);
    }
    run = [];
  };
  values.slice(-box.slots).forEach((value, at, shown) => {
    if (value === null) return finish();
    const y = box.height - (Math.max(0, value) / top) * box.height;
    run.push([box.width - (shown.length - 1 - at) * stepWidth, y]);
  });
  finish();
  return { line: line.join(''), area: area.join('') };
}

const round = (value: number): number => Math.round(value * 10) / 10;
