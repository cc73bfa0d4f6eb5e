import styles from './Logo.module.css';

/** The mark: a claim stake with its pennant, standing on the line of the ground, and the pulse that runs along it. */
export function Mark({ sizePx }: { sizePx: number }) {
  return (
    <svg width={sizePx} height={sizePx} viewBox="0 0 32 32" aria-hidden className={styles.mark}>
      <rect width="32" height="32" rx="8" className={styles.ground} />
      <path d="M11.2 6.2v16.4" className={styles.stake} />
      <path d="M12.6 6.6h11.1l-3 3.7 3 3.7H12.6z" className={styles.pennant} />
      <path d="M5.5 24.4h4.2l2.1-3.2 3 5.2 2.5-4 1.3 2h7.9" className={styles.pulse} />
    </svg>
  );
}

export function Logo({ sizePx = 28, name = 'Claimstead' }: { sizePx?: number; name?: string }) {
  return (
    <span className={styles.logo}>
      <Mark sizePx={sizePx} />
      <span className={styles.word}>{name}</span>
    </span>
  );
}
