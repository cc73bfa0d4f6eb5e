// Manage Claimed Nodes. Reading order: this page, ManagedNodes.tsx (the table), ManagedRow.tsx, managed-nodes.ts and row-selection.ts (rules),
// node-csv.ts, claimed-node-queries.ts; ManagedNodeDetails.tsx, RemoveNodes.tsx and MoveNodes.tsx are what opens over it.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Plus, Server } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { WaitingNodes } from '../admission/WaitingNodes.tsx';
import { wordsOf } from '../api/error-words.ts';
import { nodesQuery, roomsQuery } from '../api/queries.ts';
import { paths, type ManageSearch } from '../paths.ts';
import { manageSearch } from '../search.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Sheet } from '../ui/Sheet.tsx';
import { useTitle } from '../ui/use-title.ts';
import { useTyped } from '../ui/use-typed.ts';
import { words } from '../words.ts';
import { useClaimedNodes } from './claimed-node-queries.ts';
import { EditNodeRooms } from './EditNodeRooms.tsx';
import { ManagedNodeDetails } from './ManagedNodeDetails.tsx';
import { managedNodes, matchingNodes, sortedNodes } from './managed-nodes.ts';
import { ManagedNodes } from './ManagedNodes.tsx';
import { ManageNodesTools } from './ManageNodesTools.tsx';
import { manageWords } from './manage-words.ts';
import { MoveNodes } from './MoveNodes.tsx';
import { nodeCan } from './node-can.ts';
import { RemoveNode } from './RemoveNode.tsx';
import { RemoveNodes } from './RemoveNodes.tsx';
import { choose, chooseAll, noSelection, onlyExisting } from './row-selection.ts';
import styles from './ManageNodesPage.module.css';

const route = '/signed-in/framed/spaces/$spaceId/manage';

/** Every claimed node of the Space with what somebody needs to keep house. */
export function ManageNodesPage() {
  useTitle(words.manage.title);
  const { spaceId } = useParams({ from: route });
  const search = useSearch({ from: route });
  const navigate = useNavigate();
  const space = useSpace(spaceId);
  const mayManage = space === undefined || nodeCan.beRemoved(space.role);
  const nodes = useQuery(nodesQuery(spaceId));
  const rooms = useQuery(roomsQuery(spaceId)).data;
  const more = useClaimedNodes(spaceId, nodes.data, mayManage && space !== undefined);
  const [selection, setSelection] = useState(noSelection);
  const [opened, setOpened] = useState<{ dialog: 'remove' | 'move' | 'rooms'; nodeIds: string[] } | null>(null);

  const all = useMemo(() => managedNodes(nodes.data ?? [], more.data), [nodes.data, more.data]);
  const { sort, order } = search;
  const inOrder = useMemo(
    () => sortedNodes(all, { ...(sort && { sort }), ...(order && { order }) }),
    [all, sort, order],
  );
  const show = useCallback(
    (change: { [Name in keyof ManageSearch]?: ManageSearch[Name] | undefined }): void => {
      void navigate({
        to: '/spaces/$spaceId/manage',
        params: { spaceId },
        search: (before) => manageSearch({ ...before, ...change }),
        replace: true,
        resetScroll: false,
      });
    },
    [navigate, spaceId],
  );
  const [find, setFind] = useTyped(search.find ?? '', (typed) => show({ find: typed || undefined }));
  const shown = useMemo(() => matchingNodes(inOrder, { ...search, find }), [inOrder, search, find]);
  const byId = useMemo(() => new Map(all.map((one) => [one.node.nodeId, one])), [all]);
  const existing = useMemo(() => onlyExisting(selection, (id) => byId.has(id)), [selection, byId]);
  const ids = useMemo(() => shown.map(({ node }) => node.nodeId), [shown]);
  const nodesOf = (nodeIds: Iterable<string>) => [...nodeIds].flatMap((id) => byId.get(id)?.node ?? []);
  const details = search.node === undefined ? undefined : byId.get(search.node);

  const onChoose = useCallback(
    (nodeId: string, isRange: boolean) => setSelection((before) => choose(before, nodeId, { order: ids, isRange })),
    [ids],
  );
  const onOpen = useCallback((node: string) => show({ node }), [show]);
  const onRemove = useCallback((nodeId: string) => setOpened({ dialog: 'remove', nodeIds: [nodeId] }), []);
  const onSort = (by: NonNullable<ManageSearch['sort']>): void =>
    show({ sort: by, order: (sort ?? 'host') === by && order === undefined ? 'descending' : undefined });

  // The browser's own dialog lies above every other, so it goes first.
  const instead = (dialog: 'remove' | 'rooms'): void => {
    if (details) setOpened({ dialog, nodeIds: [details.node.nodeId] });
    show({ node: undefined });
  };

  if (!mayManage) {
    return (
      <>
        <h1>{words.manage.title}</h1>
        <Notice tone="info" title={words.manage.onlyAdmins} />
      </>
    );
  }
  const [only] = opened?.nodeIds.length === 1 ? nodesOf(opened.nodeIds) : [];
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
          {more.isError && (
            <Notice
              tone="offline"
              title={manageWords.moreFailed}
              action={
                <Button size="s" onClick={() => void more.refetch()}>
                  {words.shared.again}
                </Button>
              }
            >
              <p>{wordsOf(more.error)}</p>
            </Notice>
          )}
          <ManageNodesTools
            nodes={nodes.data}
            shown={shown}
            chosen={nodesOf(existing.chosen).flatMap(({ nodeId }) => byId.get(nodeId) ?? [])}
            rooms={rooms ?? []}
            search={search}
            find={find}
            onFind={setFind}
            onShow={show}
            onClear={() => setSelection(noSelection)}
            onMove={() => setOpened({ dialog: 'move', nodeIds: [...existing.chosen] })}
            onRemove={() => setOpened({ dialog: 'remove', nodeIds: [...existing.chosen] })}
          />
          {shown.length === 0 ? (
            <EmptyState
              title={words.node.noMatchTitle}
              action={
                <Button
                  onClick={() => {
                    setFind('');
                    show({
                      find: undefined,
                      state: undefined,
                      room: undefined,
                      version: undefined,
                      contested: undefined,
                    });
                  }}
                >
                  {words.node.clear}
                </Button>
              }
            >
              {words.node.noMatch}
            </EmptyState>
          ) : (
            <ManagedNodes
              nodes={shown}
              chosen={existing.chosen}
              search={search}
              allRoomId={rooms?.find(({ holdsAllNodes }) => holdsAllNodes)?.id}
              onSort={onSort}
              onChooseAll={() => setSelection((before) => chooseAll(before, ids))}
              onChoose={onChoose}
              onOpen={onOpen}
              onRemove={onRemove}
            />
          )}
          <p className={styles.hint}>{words.manage.removeHint}</p>
        </>
      )}
      <Sheet
        title={details ? plainText(details.node.hostname) : ''}
        closeLabel={words.shared.close}
        side="right"
        isOpen={details !== undefined}
        onClose={() => show({ node: undefined })}
      >
        {details && (
          <ManagedNodeDetails
            one={details}
            role={space?.role}
            onRemove={() => instead('remove')}
            onEditRooms={() => instead('rooms')}
          />
        )}
      </Sheet>
      {opened?.dialog === 'remove' && only && (
        <RemoveNode node={only} onDone={() => setOpened(null)} onClose={() => setOpened(null)} />
      )}
      {opened?.dialog === 'rooms' && only && <EditNodeRooms node={only} onClose={() => setOpened(null)} />}
      {opened?.dialog === 'remove' && opened.nodeIds.length > 1 && (
        <RemoveNodes spaceId={spaceId} nodes={nodesOf(opened.nodeIds)} onClose={() => setOpened(null)} />
      )}
      {opened?.dialog === 'move' && (
        <MoveNodes spaceId={spaceId} nodes={nodesOf(opened.nodeIds)} onClose={() => setOpened(null)} />
      )}
    </div>
  );
}
