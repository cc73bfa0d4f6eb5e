import { Link } from '@tanstack/react-router';
import { BellOff } from 'lucide-react';
import { memo } from 'react';
import { HostName } from '../node/HostName.tsx';
import { paths } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import { alertTitle } from './alert-rules.ts';
import type { AgentAlertStatus } from './agent-alerts.ts';
import { alertWords } from './alert-words.ts';
import { AlertStatusBadge } from './AlertStatusBadge.tsx';
import styles from './AlertRow.module.css';

export interface AlertRowProps {
  nodeId: string;
  alertKey: string;
  status: AgentAlertStatus;
  name: string;
  chartName: string;
  summary: string;
  info: string;
  silenced: boolean;
  /** ISO moment; null = not told. */
  since: string | null;
  /** In a Space's list. */
  host?: string;
  /** In a node's list; null = not told, '' = it has none now. */
  value?: string | null;
  /** Search of the node's alerts that stays when the alert is opened. */
  keep?: { shown?: 'all'; find?: string };
}

/** One alert of a list; the whole row opens it on its node's page. Texts come from agents. */
export const AlertRow = memo(function AlertRow(props: AlertRowProps) {
  const { nodeId, alertKey, status, name, chartName, summary, info, silenced, since, host, value, keep } = props;
  return (
    <li className={styles.row} data-alert={alertKey} data-status={status}>
      <span className={styles.status}>
        <AlertStatusBadge status={status} />
        {silenced && (
          <span className={styles.silenced} title={alertWords.silencedMeans}>
            <BellOff size={14} aria-hidden />
            <span className={styles.silencedWord}>{alertWords.silenced}</span>
          </span>
        )}
      </span>
      <div className={styles.what}>
        <Link {...paths.nodeAlerts(nodeId, { ...keep, alert: alertKey })} className={`${styles.title} given-line`}>
          {plainText(alertTitle({ summary, name }))}
        </Link>
        {info !== '' && <p className={`${styles.info} given`}>{plainText(info)}</p>}
        <p className={`${styles.chart} given-line`}>{plainText(`${name} ${alertWords.on} ${chartName}`)}</p>
      </div>
      <div className={styles.aside}>
        {host !== undefined && (
          <span className={styles.host}>
            <HostName name={host} />
          </span>
        )}
        {value !== undefined && value !== null && (
          <bdi className={`${styles.value} given`} data-value data-none={value === ''}>
            {plainText(value) || alertWords.noValue}
          </bdi>
        )}
      </div>
      <span className={styles.since}>{since !== null && <Since at={since} say={(duration) => duration} />}</span>
    </li>
  );
});
