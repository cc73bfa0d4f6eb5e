// After how long offline a node may leave, as people choose it. Pure.

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const choices: readonly (readonly [afterMs: number, said: string])[] = [
  [5 * minuteMs, '5 minutes'],
  [15 * minuteMs, '15 minutes'],
  [hourMs, '1 hour'],
  [6 * hourMs, '6 hours'],
  [dayMs, '1 day'],
  [7 * dayMs, '7 days'],
  [30 * dayMs, '30 days'],
];

/** Any time: the API takes others, too. */
export function afterWords(afterMs: number): string {
  const known = choices.find(([ms]) => ms === afterMs);
  if (known) return known[1];
  const [unitMs, unit] = (
    [
      [dayMs, 'day'],
      [hourMs, 'hour'],
      [minuteMs, 'minute'],
    ] as const
  ).find(([ms]) => afterMs % ms === 0) ?? [minuteMs, 'minute'];
  const count = Math.round(afterMs / unitMs);
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}

/** With that which is so now, where it is none of the usual. */
export const afterChoices = (now: number | null): number[] =>
  [...new Set([...choices.map(([ms]) => ms), ...(now === null ? [] : [now])])].toSorted((a, b) => a - b);
