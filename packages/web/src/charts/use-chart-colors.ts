import { useTheme, type Theme } from '../ui/theme.ts';
import { readChartColors, type ChartColors } from './colors.ts';

const known = new Map<Theme, ChartColors>();

/** The colours of the theme that is shown; the same object for the same theme. */
export function useChartColors(): ChartColors {
  const theme = useTheme();
  const colors = known.get(theme) ?? readChartColors(document.documentElement);
  known.set(theme, colors);
  return colors;
}
