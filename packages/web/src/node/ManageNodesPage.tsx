import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Plus, Server } from 'lucide-react';
import { useMemo, useState } from 'react';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import { wordsOf } from '../api/error-words.ts';
import { nodesQuery } from '../api/queries.ts';
import { inOrder, nodesMatching } from '../events/live-nodes.ts';
import { paths } from '../paths.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { SearchField } from '../ui/SearchField.tsx';
import { Since } from '../ui/Since.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { WaitingNodes } from '../admission/WaitingNodes.tsx';
import { WaitsBadge } from '../admission/WaitsBadge.tsx';
import { ContestedBadge } from './ContestedBadge.tsx';
import { EditNodeRooms } from './EditNodeRooms.tsx';
import { HostName } from './HostName.tsx';
import { nodeCan } from './node-can.ts';
import { NodeStateBadge } from './NodeStateBadge.tsx';
import { viaWords } from './node-words.ts';
import { RemoveNode } from './RemoveNode.tsx';
import styles from './ManageNodesPage.module.css';

/** Every claimed node of the Space with what an administrator needs to keep house. */
export function ManageNodesPage() {
  useTitle(words.manage.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/manage' });
  const space = useSpace(spaceId);
  const nodes = useQuery(nodesQuery(spaceId));
  const [find, setFind] = useState('');
  const [removing, setRemoving] = useState<NodeView | null>(null);
  const [editing, setEditing] = useState<NodeView | null>(null);
  const shown = useMemo(
    () => inOrder(nodesMatching(nodes.data ?? [], { roomId: null, state: null, find })),
    [nodes.data, find],
  );

  if (space && !nodeCan.beRemoved(space.role)) {
    return (
      <>
        <h1>{words.manage.title}</h1>
        <Notice tone="info" title={words.manage.onlyAdmins} />
      </>
    );
  }
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>{words.manage.title}</h1>
          <p className={styles.intro}>{words.manage.intro}</p>
        </div>
        <Link {...paths.addNodes(spaceId)} className={buttonClass('plain')}>
          <Plus size={16} aria-hidden />
          {words.claim.button}
        </Link>
      </header>
      {space && <WaitingNodes space={space} />}
      {nodes.isPending && <Skeleton rows={4} heightPx={70} label={words.shared.loading} />}
      {nodes.isError && !nodes.data && (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void nodes.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(nodes.error)}
        </EmptyState>
      )}
      {nodes.data?.length === 0 && (
        <EmptyState icon={<Server size={24} aria-hidden />} title={words.node.emptyTitle}>
          {words.node.empty}
        </EmptyState>
      )}
      {nodes.data && nodes.data.length > 0 && (
        <>
          <div className={styles.tools}>
            <SearchField label={words.node.search} value={find} onChange={setFind} />
            <p className={styles.count}>{words.node.counts(nodes.data.length)}</p>
          </div>
          {shown.length === 0 && <EmptyState title={words.node.noMatchTitle}>{words.node.noMatch}</EmptyState>}
          {shown.length > 0 && (
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{words.node.host}</th>
                  <th scope="col">{words.node.state}</th>
                  <th scope="col">{words.node.rooms}</th>
                  <th scope="col">{words.node.version}</th>
                  <th scope="col">{words.node.error}</th>
                  <th scope="col">
                    <span className="only-read">{words.manage.remove}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((node) => (
                  <ManagedNode
                    key={node.nodeId}
                    node={node}
                    onEditRooms={() => setEditing(node)}
                    onRemove={() => setRemoving(node)}
                  />
                ))}
              </tbody>
            </table>
          )}
          <p className={styles.hint}>{words.manage.removeHint}</p>
        </>
      )}
      {removing && <RemoveNode node={removing} onDone={() => setRemoving(null)} onClose={() => setRemoving(null)} />}
      {editing && <EditNodeRooms node={editing} onClose={() => setEditing(null)} />}
    </div>
  );
}

function ManagedNode({
  node,
  onEditRooms,
  onRemove,
}: {
  node: NodeView;
  onEditRooms: () => void;
  onRemove: () => void;
}) {
  return (
    <tr>
      <th scope="row" className={styles.host}>
        <Link {...paths.node(node.nodeId)} className={styles.link}>
          <HostName name={node.hostname} />
        </Link>
        {node.via && <span className={`${styles.claimed} given`}>{viaWords(node.via)}</span>}
        <span className={styles.claimed}>
          {node.claimId === null ? (
            <>
              {words.node.streamedSince} <Since at={node.claimedAt} say={(duration) => duration} />
            </>
          ) : (
            <>
              {words.node.claimed} <Since at={node.claimedAt} say={words.shared.ago} />
            </>
          )}
        </span>
      </th>
      <td className={styles.state}>
        <NodeStateBadge state={node.state} />
        <ContestedBadge contested={node.contested} />
        <WaitsBadge admission={node.admission} />
        <span className={styles.since}>
          <Since at={node.since} say={words.shared.for} />
        </span>
        <AlertCountBadges counts={node.alerts} />
      </td>
      <td data-label={words.node.rooms}>
        <button
          type="button"
          className={styles.rooms}
          aria-label={words.room.editOf(node.hostname)}
          title={words.room.edit}
          onClick={onEditRooms}
        >
          <span className="given">{node.rooms.map(({ name }) => name).join(', ') || words.node.noMore}</span>
        </button>
      </td>
      <td data-label={words.node.version} className={styles.version}>
        {node.info?.agentVersion ?? words.node.notTold}
      </td>
      <td data-label={words.node.error} className={`${styles.error} given`} data-none={node.lastLinkError === null}>
        {node.lastLinkError ?? words.shared.none}
      </td>
      <td className={styles.actions}>
        <Button size="s" look="danger" aria-label={words.manage.removeOf(node.hostname)} onClick={onRemove}>
          {words.manage.remove}
        </Button>
      </td>
    </tr>
  );
}
