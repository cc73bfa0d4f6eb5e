import type { AgentAlertStatus } from './agent-alerts.ts';
import { alertWords } from './alert-words.ts';
import { AlertSign } from './AlertCounts.tsx';
import styles from './AlertStatusBadge.module.css';

/** A status as a word, with a sign where it is raised. */
export function AlertStatusBadge({ status }: { status: AgentAlertStatus }) {
  return (
    <span className={styles.badge} data-status={status}>
      {(status === 'critical' || status === 'warning') && <AlertSign status={status} />}
      {alertWords.statuses[status]}
    </span>
  );
}
