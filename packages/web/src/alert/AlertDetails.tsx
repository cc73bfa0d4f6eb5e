import { useQuery } from '@tanstack/react-query';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { Link } from '@tanstack/react-router';
import { ChartLine } from 'lucide-react';
import { wordsOf } from '../api/error-words.ts';
import { ApiError } from '../api/client.ts';
import { alertDefinitionQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Sheet } from '../ui/Sheet.tsx';
import { Since } from '../ui/Since.tsx';
import { durationWords, momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import type { AlertTransition, NodeAlert } from './agent-alerts.ts';
import { alertTitle } from './alert-rules.ts';
import { alertWords } from './alert-words.ts';
import { AlertStatusBadge } from './AlertStatusBadge.tsx';
import { alertLogQuery } from './node-alert-queries.ts';
import styles from './AlertDetails.module.css';

interface AlertDetailsParts {
  node: Pick<NodeView, 'nodeId' | 'metricsApi'>;
  alert: NodeAlert;
  onClose: () => void;
}

/** One alert: what it says now, how it is defined, what it was before. */
export function AlertDetails({ node, alert, onClose }: AlertDetailsParts) {
  return (
    <Sheet title={plainText(alertTitle(alert))} closeLabel={alertWords.close} side="right" isOpen onClose={onClose}>
      <div className={styles.details} data-alert-details={alert.key}>
        <div className={styles.now}>
          <AlertStatusBadge status={alert.status} />
          {alert.value !== null && (
            <bdi className={`${styles.value} given`}>{plainText(alert.value) || alertWords.noValue}</bdi>
          )}
          {alert.sinceMs !== null && (
            <span className={styles.since}>
              <Since at={new Date(alert.sinceMs).toISOString()} say={words.shared.for} />
            </span>
          )}
          {alert.silenced && <span className={styles.since}>{alertWords.silenced}</span>}
        </div>
        {alert.info !== '' && <p className="given">{plainText(alert.info)}</p>}
        <div className={styles.chart}>
          <span className={`${styles.code} given`}>
            {plainText(`${alert.name} ${alertWords.on} ${alert.chartName}`)}
          </span>
          <Link {...paths.node(node.nodeId, { chart: alert.chart })} className={buttonClass('plain', 's')}>
            <ChartLine size={15} aria-hidden />
            {alertWords.showChart}
          </Link>
        </div>
        <h3>{alertWords.definition}</h3>
        <Definition nodeId={node.nodeId} configHash={alert.configHash} />
        <h3>{alertWords.history}</h3>
        <History node={node} alert={alert} />
      </div>
    </Sheet>
  );
}

const shownFields = [
  'on',
  'lookup',
  'calculation',
  'warning',
  'critical',
  'units',
  'every',
  'delay',
  'repeat',
  'recipient',
  'class',
  'type',
  'component',
] as const;

function Definition({ nodeId, configHash }: { nodeId: string; configHash: string }) {
  const definition = useQuery({ ...alertDefinitionQuery(nodeId, configHash), enabled: configHash !== '' });
  const isUnknown = definition.error instanceof ApiError && definition.error.kind === 'not-found';
  if (configHash === '' || isUnknown) return <p className={styles.quiet}>{alertWords.noDefinition}</p>;
  if (definition.isError) return <p className={`${styles.quiet} given`}>{wordsOf(definition.error)}</p>;
  const known = definition.data;
  if (!known) return <Skeleton rows={4} heightPx={20} label={words.shared.loading} />;
  return (
    <dl className={styles.definition} data-definition={known.name}>
      {shownFields
        .filter((field) => known[field].trim() !== '')
        .map((field) => (
          <div key={field}>
            <dt>{alertWords.fields[field]}</dt>
            <dd className={`${styles.code} given`}>{plainText(known[field])}</dd>
          </div>
        ))}
    </dl>
  );
}

const shownChanges = 100;

function History({ node, alert }: Pick<AlertDetailsParts, 'node' | 'alert'>) {
  const log = useQuery(alertLogQuery(node, alert));
  if (log.isError && !log.data) return <p className={`${styles.quiet} given`}>{wordsOf(log.error)}</p>;
  if (!log.data) return <Skeleton rows={3} heightPx={20} label={words.shared.loading} />;
  if (log.data.length === 0) return <p className={styles.quiet}>{alertWords.noHistory}</p>;
  return (
    <>
      <table className={styles.history} data-rows={log.data.length}>
        <thead>
          <tr>
            <th scope="col">{alertWords.at}</th>
            <th scope="col">{alertWords.change}</th>
            <th scope="col">{alertWords.value}</th>
          </tr>
        </thead>
        <tbody>
          {log.data.slice(0, shownChanges).map((change) => (
            <Change key={`${change.id} ${change.atSeconds}`} change={change} />
          ))}
        </tbody>
      </table>
      {log.data.length > shownChanges && <p className={styles.quiet}>{alertWords.historyBound(shownChanges)}</p>}
    </>
  );
}

function Change({ change }: { change: AlertTransition }) {
  const { atSeconds, status, before, value, lastedSeconds } = change;
  return (
    <tr>
      <td>
        {momentWords(new Date(atSeconds * 1000).toISOString())}
        {lastedSeconds > 0 && (
          <span className={styles.lasted}>
            {alertWords.lasted(alertWords.statuses[before], durationWords(lastedSeconds * 1000))}
          </span>
        )}
      </td>
      <td>
        <AlertStatusBadge status={status} />
      </td>
      <td className={styles.changeValue}>
        <bdi className="given">{plainText(value) || '–'}</bdi>
      </td>
    </tr>
  );
}
