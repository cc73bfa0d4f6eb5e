import styles from './Horizon.module.css';

/** The land behind the first pages: ridges like charts, with a few claim stakes. Decoration only. */
export function Horizon() {
  return (
    <svg className={styles.horizon} viewBox="0 0 1440 420" preserveAspectRatio="xMidYMax slice" aria-hidden>
      <path
        className={styles.far}
        d="M0 250 L80 236 L150 244 L230 190 L300 214 L380 168 L470 206 L540 190 L640 226 L720 172 L800 200 L900 150 L990 196 L1070 178 L1160 214 L1240 186 L1330 210 L1440 170 V420 H0Z"
      />
      <path
        className={styles.middle}
        d="M0 312 L110 296 L190 306 L290 262 L390 292 L480 276 L590 306 L680 270 L790 298 L880 252 L980 288 L1090 270 L1190 300 L1290 266 L1440 292 V420 H0Z"
      />
      <path
        className={styles.near}
        d="M0 366 L140 352 L260 362 L400 338 L520 356 L660 344 L800 362 L930 336 L1060 354 L1210 340 L1330 356 L1440 346 V420 H0Z"
      />
      {[
        [214, 352],
        [640, 338],
        [1148, 338],
      ].map(([x, y]) => (
        <g key={x} transform={`translate(${x} ${y})`}>
          <path className={styles.stake} d="M0 12V-40" />
          <path className={styles.pennant} d="M2 -39h26l-7 8 7 8H2z" />
        </g>
      ))}
    </svg>
  );
}
