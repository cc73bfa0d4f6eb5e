// A value as people read it: `92.3%`, `4.05 load`, `01:30:00`.

/** Decimals that are shown from which size on; the rest of the number says nothing to a person. */
const decimalsFrom: readonly [size: number, decimals: number][] = [
  [1000, 0],
  [10, 1],
  [0.1, 2],
  [0.01, 4],
  [0.001, 5],
  [0.0001, 6],
];

/** `-` for what is not a number. A unit that is a word stands apart from the number. */
export function valueText(value: number, units: string): string {
  if (!Number.isFinite(value)) return '-';
  if (units === 'seconds' && value >= 0) return durationText(Math.trunc(value));
  const decimals = decimalsFrom.find(([size]) => Math.abs(value) >= size)?.[1] ?? 7;
  const number = String(Number(value.toFixed(decimals)) + 0);
  return `${number}${/^[A-Za-z0-9]/.test(units) ? ' ' : ''}${units}`;
}

function durationText(seconds: number): string {
  if (seconds === 0) return 'now';
  const days = Math.floor(seconds / 86_400);
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const time = `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return days === 0 ? time : `${days} ${days === 1 ? 'day' : 'days'} ${time}`;
}
