import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** Tokens of one block as #rrggbb. */
const tokensOf = (selector: string): Record<string, string> => {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
};

/** [WCAG 2.2, relative luminance and contrast ratio] */
const luminance = (color: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
};

const surfaces = ['bg', 'surface', 'surface-sunken', 'surface-raised'];
const texts = ['text', 'text-soft', 'text-muted', 'accent-text', 'offline'];
const pairs = [
  ...surfaces.flatMap((surface) => texts.map((text) => [text, surface])),
  ...['live', 'stale', 'offline', 'unseen'].flatMap((state) => [
    [state, `${state}-soft`],
    ['text', `${state}-soft`],
    ['text-soft', `${state}-soft`],
  ]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['accent-text', 'accent-soft'],
  ['text-muted', 'accent-soft'],
  ['text', 'accent-soft'],
] as [string, string][];

describe.each([
  ['light', ':root'],
  ['dark', ":root[data-theme='dark']"],
])('%s', (_, selector) => {
  const tokens = tokensOf(selector);
  it.each(pairs)('%s on %s can be read', (text, surface) => {
    expect(contrast(tokens[text] ?? '', tokens[surface] ?? '')).toBeGreaterThanOrEqual(4.5);
  });
  it.each(surfaces.flatMap((surface) => ['focus', 'line-field'].map((line) => [line, surface])))(
    '%s on %s can be seen',
    (line = '', surface = '') => expect(contrast(tokens[line] ?? '', tokens[surface] ?? '')).toBeGreaterThanOrEqual(3),
  );
  it.each(Array.from({ length: 12 }, (_unused, n) => `chart-${n + 1}`))('%s can be seen on a card', (name) => {
    expect(contrast(tokens[name] ?? '', tokens.surface ?? '')).toBeGreaterThanOrEqual(2.7);
  });
});
