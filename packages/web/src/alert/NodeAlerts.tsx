import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { nodeAlertsQuery } from '../api/queries.ts';
import { nodeCan } from '../node/node-can.ts';
import { useSharedNode } from '../node/node-context.ts';
import { paths, type NodeAlertsSearch } from '../paths.ts';
import { Button } from '../ui/Button.tsx';
import { holdsWords } from '../ui/holds-words.ts';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { SearchField } from '../ui/SearchField.tsx';
import { words } from '../words.ts';
import { nodeAlertsOf, type NodeAlert } from './agent-alerts.ts';
import { alertKey } from './alert-rules.ts';
import { alertWords } from './alert-words.ts';
import { AlertDetails } from './AlertDetails.tsx';
import { AlertRow } from './AlertRow.tsx';
import { agentAlertsQuery } from './node-alert-queries.ts';
import styles from './Alerts.module.css';

/** The alerts of one node: what is raised with its present value, then what is quiet; one opens in a panel beside them. */
export function NodeAlerts() {
  const { node } = useSharedNode();
  const search = useSearch({ from: '/signed-in/framed/nodes/$nodeId/alerts' });
  const navigate = useNavigate();
  const isReachable = nodeCan.answer(node.state);
  const raised = useQuery(nodeAlertsQuery(node.nodeId));
  const asked = useQuery({ ...agentAlertsQuery(node.nodeId), enabled: isReachable });
  const alerts = useMemo(() => nodeAlertsOf(raised.data ?? [], asked.data ?? null), [raised.data, asked.data]);
  const found = useMemo(() => alerts.filter((alert) => isFound(alert, search.find ?? '')), [alerts, search.find]);
  const isRaised = ({ status }: NodeAlert): boolean => status === 'critical' || status === 'warning';
  const groups = [
    { title: alertWords.raised, list: found.filter(isRaised) },
    { title: alertWords.quiet, list: search.shown === 'all' ? found.filter((alert) => !isRaised(alert)) : [] },
  ];
  const show = (change: { [Name in keyof NodeAlertsSearch]: NodeAlertsSearch[Name] | undefined }): void => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value));
    void navigate({ ...paths.nodeAlerts(node.nodeId, next), replace: true });
  };
  // A link may hold either name of the chart.
  const opened = alerts.find(
    ({ key, name, chartName }) => search.alert === key || search.alert === alertKey({ name, chart: chartName }),
  );

  if (!isReachable && (raised.data ?? []).length === 0)
    return <EmptyState title={alertWords.notKnownTitle}>{alertWords.notReachable}</EmptyState>;
  if (raised.isError && !raised.data) {
    return (
      <EmptyState
        title={words.shared.failedTitle}
        action={<Button onClick={() => void raised.refetch()}>{words.shared.again}</Button>}
      >
        {wordsOf(raised.error)}
      </EmptyState>
    );
  }
  if (!raised.data) return <Skeleton rows={4} heightPx={70} label={words.shared.loading} />;
  return (
    <>
      <div className={styles.tools}>
        <Segmented<'raised' | 'all'>
          label={alertWords.only}
          value={search.shown ?? 'raised'}
          options={[
            { value: 'raised', label: alertWords.onlyRaised },
            { value: 'all', label: alertWords.everything },
          ]}
          onChange={(shown) => show({ shown: shown === 'all' ? 'all' : undefined })}
        />
        <SearchField label={alertWords.find} value={search.find ?? ''} onChange={(find) => show({ find })} />
      </div>
      {asked.isError && (
        <div className={styles.notice}>
          <Notice
            tone="stale"
            title={alertWords.valuesFailed}
            action={
              <Button size="s" onClick={() => void asked.refetch()}>
                {words.shared.again}
              </Button>
            }
          >
            <p className="given">{wordsOf(asked.error)}</p>
          </Notice>
        </div>
      )}
      {asked.isLoading && <Skeleton rows={1} heightPx={70} label={words.shared.loading} />}
      {search.shown === 'all' && asked.data?.length === 0 && (
        <div className={styles.notice}>
          <Notice tone="info" title={alertWords.noAlerts}>
            <p>{alertWords.noAlertsHint}</p>
          </Notice>
        </div>
      )}
      {groups.map(
        ({ title, list }, at) =>
          (list.length > 0 || at === 0) && (
            <section key={title} className={styles.section} aria-label={title} data-rows={list.length}>
              <h2 className={styles.group}>
                {title}
                <span className={styles.count}>{list.length}</span>
              </h2>
              {list.length === 0 ? (
                <p className={styles.quiet}>{search.find ? alertWords.noMatchTitle : alertWords.nothingRaised}</p>
              ) : (
                <ul className={styles.list}>
                  {list.map((alert) => (
                    <AlertRow
                      key={alert.key}
                      nodeId={node.nodeId}
                      alertKey={alert.key}
                      {...rowOf(alert)}
                      keep={search}
                    />
                  ))}
                </ul>
              )}
            </section>
          ),
      )}
      {opened && <AlertDetails node={node} alert={opened} onClose={() => show({ alert: undefined })} />}
    </>
  );
}

const isFound = ({ name, chart, chartName, context, summary, info }: NodeAlert, find: string): boolean =>
  holdsWords(find, [name, chart, chartName, context, summary, info]);

const rowOf = ({ status, name, chartName, summary, info, silenced, sinceMs, value }: NodeAlert) => ({
  status,
  name,
  chartName,
  summary,
  info,
  silenced,
  value,
  since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
});
