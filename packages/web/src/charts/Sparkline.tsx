import { sparklinePath } from './sparkline-path.ts';
import styles from './Sparkline.module.css';

export interface SparklineProps {
  /** Oldest first, null = a gap. */
  values: (number | null)[];
  /** How many values the width stands for. */
  slots: number;
  /** The top of the scale, unless a value is larger. */
  fullScale: number;
  width: number;
  height: number;
}

/** A small line without axes; what it says is told in words beside it. */
export function Sparkline({ values, slots, fullScale, width, height }: SparklineProps) {
  const { line, area } = sparklinePath(values, { width, height: height - 2, fullScale, slots });
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 -1 ${width} ${height}`}
      width={width}
      height={height}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={area} className={styles.area} />
      <path d={line} className={styles.line} />
    </svg>
  );
}
