// Colours for the canvas, read from the tokens of the theme (ui/tokens.css), so that there is one place for colours.

export interface ChartColors {
  grid: string;
  text: string;
  /** The line of the n-th dimension; colours repeat after twelve. */
  dimension(n: number): string;
  /** Below the line, where layers lie on each other. */
  stackFill(n: number): string;
  /** Below the line, where areas overlap. */
  areaFill(n: number): string;
}

export const dimensionColorCount = 12;

/** Custom property of the n-th dimension's colour, for what is drawn by CSS. */
export const dimensionColorProperty = (n: number): string => `--chart-${(n % dimensionColorCount) + 1}`;

/** Tokens are #rrggbb; two more digits are the opacity. */
export function readChartColors(element: Element): ChartColors {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const dimension = (n: number): string => token(dimensionColorProperty(n));
  const colors = Array.from({ length: dimensionColorCount }, (_, n) => dimension(n));
  const at = (n: number): string => colors[n % dimensionColorCount] ?? '#888888';
  return {
    grid: token('--chart-grid'),
    text: token('--text-muted'),
    dimension: at,
    stackFill: (n) => `${at(n)}8c`,
    areaFill: (n) => `${at(n)}2e`,
  };
}
