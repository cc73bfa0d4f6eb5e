import type { AlertStatus } from '@claimstead/wire/cloud-api/alerts';
import { words } from '../words.ts';
import type { AlertCounts } from './alert-rules.ts';
import styles from './AlertCounts.module.css';

/** How many alerts are raised, by severity; nothing where there are none, or nobody told. */
export function AlertCountBadges({ counts }: { counts: AlertCounts | null | undefined }) {
  if (!counts || counts.critical + counts.warning === 0) return null;
  return (
    <span
      className={styles.counts}
      title={words.alert.counts(counts.critical, counts.warning)}
      data-alerts-critical={counts.critical}
      data-alerts-warning={counts.warning}
    >
      <span className="only-read">{words.alert.counts(counts.critical, counts.warning)}</span>
      {(['critical', 'warning'] as const).map(
        (status) =>
          counts[status] > 0 && (
            <span key={status} className={styles.count} data-status={status} aria-hidden>
              <AlertSign status={status} />
              {counts[status].toLocaleString('en')}
            </span>
          ),
      )}
    </span>
  );
}

/** The sign of a severity; their forms differ, so that colour is not the only bearer. */
export function AlertSign({ status }: { status: AlertStatus }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden className={styles.sign}>
      {status === 'critical' ? (
        <path d="M3.6.6h4.8l3 3v4.8l-3 3H3.6l-3-3V3.6z" fill="currentColor" />
      ) : (
        <path
          d="M6 .8L11.7 11H.3z"
          fill="currentColor"
          stroke="currentColor"
          strokeWidth="0.8"
          strokeLinejoin="round"
        />
      )}
      <path
        d={status === 'critical' ? 'M6 2.9v3.6M6 8.3v.9' : 'M6 4.4v3M6 9v.8'}
        className={styles.mark}
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
