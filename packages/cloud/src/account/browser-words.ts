// A browser in a few words, for people who look through their sessions. The header itself is written by whoever sends it, and is not kept.

/** First match wins: nearly every browser names several others. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Longer ones are nobody's; the patterns need not look at them. */
const longest = 512;

export function browserWords(userAgent: string | string[] | undefined): string {
  const text = typeof userAgent === 'string' && userAgent.length <= longest ? userAgent : '';
  const find = (table: typeof browsers): string | undefined => table.find(([pattern]) => pattern.test(text))?.[1];
  const browser = find(browsers);
  const system = find(systems);
  if (browser === undefined) return system === undefined ? 'Another program' : `Another browser on ${system}`;
  return system === undefined ? browser : `${browser} on ${system}`;
}
