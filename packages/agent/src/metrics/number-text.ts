// Numbers as text, the same for JSON, CSV and Prometheus.

/** Powers of ten that turn the kept decimals into an integer: 7 significant digits, at most 7 decimals. */
const scales = [1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];

/**
 * Rounds to what a sample really carries: 7 significant digits, at most 7 of them decimals. Samples are single
 * precision, so what lies behind is noise (12.3 would read 12.300000190734863). Integers stay as they are.
 */
export function roundSample(value: number): number {
  const size = Math.abs(value);
  let digits = 0;
  for (let limit = 1; size >= limit && digits < 7; limit *= 10) digits++;
  const scale = scales[digits] as number;
  // + 0 turns -0 into 0.
  return Math.round(value * scale) / scale + 0;
}

/** A value as JSON writes it; a gap (NaN) is null. */
export function sampleText(value: number): string {
  return Number.isFinite(value) ? String(roundSample(value)) : 'null';
}
