import type { AlertStatus } from '@claimstead/wire/cloud-api/alerts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { BellRing } from 'lucide-react';
import { useMemo } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { alertsQuery, nodesQuery, roomsQuery } from '../api/queries.ts';
import { paths, type AlertsSearch } from '../paths.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/Notice.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { plainText } from '../ui/plain-text.ts';
import { useTitle } from '../ui/use-title.ts';
import { SearchField } from '../ui/SearchField.tsx';
import { words } from '../words.ts';
import { alertKey, alertsInOrder, alertsMatching } from './alert-rules.ts';
import { alertWords } from './alert-words.ts';
import { AlertRow } from './AlertRow.tsx';
import styles from './Alerts.module.css';

/** What is raised on the nodes of a Space: the worst first, by severity, room and text. */
export function AlertsPage() {
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/alerts' });
  const search = useSearch({ from: '/signed-in/framed/spaces/$spaceId/alerts' });
  const navigate = useNavigate();
  const space = useSpace(spaceId);
  const alerts = useQuery(alertsQuery(spaceId));
  const { data: nodes } = useQuery(nodesQuery(spaceId));
  const { data: rooms } = useQuery(roomsQuery(spaceId));
  useTitle(space ? `${alertWords.title} · ${space.name}` : alertWords.title);

  const hosts = useMemo(() => new Map(nodes?.map(({ nodeId, hostname }) => [nodeId, hostname])), [nodes]);
  const shown = useMemo(() => {
    const inRoom = nodes?.filter(({ rooms: its }) => its.some(({ id }) => id === search.room));
    const nodeIds = search.room === undefined || !inRoom ? null : new Set(inRoom.map(({ nodeId }) => nodeId));
    const filter = { status: search.status ?? null, find: search.find ?? '', nodeIds };
    return alertsInOrder(alertsMatching(alerts.data ?? [], filter, (nodeId) => hosts.get(nodeId)));
  }, [alerts.data, nodes, hosts, search]);
  const show = (change: { [Name in keyof AlertsSearch]: AlertsSearch[Name] | undefined }): void => {
    const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value));
    void navigate({ ...paths.alerts(spaceId, next), replace: true });
  };

  return (
    <div className={styles.page} data-rows={shown.length}>
      <header className={styles.header}>
        <h1>{alertWords.title}</h1>
        <p className={styles.intro}>{alertWords.intro}</p>
      </header>
      <div className={styles.tools}>
        <Segmented<AlertStatus | 'all'>
          label={alertWords.bySeverity}
          value={search.status ?? 'all'}
          options={[
            { value: 'all', label: alertWords.all },
            { value: 'critical', label: alertWords.statuses.critical },
            { value: 'warning', label: alertWords.statuses.warning },
          ]}
          onChange={(status) => show({ status: status === 'all' ? undefined : status })}
        />
        <select
          className={styles.room}
          aria-label={alertWords.room}
          value={search.room ?? ''}
          onChange={(event) => show({ room: event.target.value })}
        >
          <option value="">{words.room.all}</option>
          {rooms
            ?.filter(({ holdsAllNodes }) => !holdsAllNodes)
            .map((room) => (
              <option key={room.id} value={room.id} dir="auto">
                {plainText(room.name)}
              </option>
            ))}
        </select>
        <SearchField label={alertWords.find} value={search.find ?? ''} onChange={(find) => show({ find })} />
      </div>
      {alerts.isError && !alerts.data ? (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void alerts.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(alerts.error)}
        </EmptyState>
      ) : !alerts.data ? (
        <Skeleton rows={5} heightPx={70} label={words.shared.loading} />
      ) : alerts.data.length === 0 ? (
        <EmptyState icon={<BellRing size={24} aria-hidden />} title={alertWords.noneTitle}>
          {alertWords.none}
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState
          title={alertWords.noMatchTitle}
          action={<Button onClick={() => void navigate(paths.alerts(spaceId))}>{alertWords.showAll}</Button>}
        >
          {alertWords.noMatch}
        </EmptyState>
      ) : (
        <ul className={styles.list} aria-label={alertWords.title}>
          {shown.map((alert) => (
            <AlertRow
              key={`${alert.nodeId} ${alertKey(alert)}`}
              {...alert}
              alertKey={alertKey(alert)}
              host={hosts.get(alert.nodeId) ?? alert.nodeId}
            />
          ))}
        </ul>
      )}
    </div>
  );
}
