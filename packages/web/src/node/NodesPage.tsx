import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { NodeState } from '@claimstead/wire/cloud-api/nodes';
import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Plus, Server } from 'lucide-react';
import { useMemo } from 'react';
import { countAlertsByRoom } from '../alert/alert-rules.ts';
import { wordsOf } from '../api/error-words.ts';
import { nodesQuery, roomsQuery } from '../api/queries.ts';
import { inOrder, nodesMatching } from '../events/live-nodes.ts';
import { paths } from '../paths.ts';
import { RoomList } from '../room/RoomList.tsx';
import { useSpace } from '../space/use-current-space.ts';
import { NotFoundPage } from '../stand-ins.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { EmptyState, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { SearchField } from '../ui/SearchField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { useTyped } from '../ui/use-typed.ts';
import { words } from '../words.ts';
import { NodeList } from './NodeList.tsx';
import { StateFilter } from './StateFilter.tsx';
import styles from './NodesPage.module.css';

/** The nodes of a Space, or of one of its rooms, with their states and the CPU use of the last minute. */
export function NodesPage() {
  const { spaceId, roomId } = useParams({ strict: false }) as { spaceId: string; roomId?: string };
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const space = useSpace(spaceId);
  const nodes = useQuery(nodesQuery(spaceId));
  const { data: rooms } = useQuery(roomsQuery(spaceId));
  const room = rooms?.find(({ id }) => id === roomId);
  const heading = roomId === undefined ? words.room.all : (room?.name ?? words.node.title);
  useTitle(space ? `${heading} · ${space.name}` : heading);

  const allRoomId = rooms?.find(({ holdsAllNodes }) => holdsAllNodes)?.id;
  const roomOnly = room?.holdsAllNodes ? null : (roomId ?? null);
  // Before filtering: the order of a thousand is found once, and not with every letter that is typed.
  const sorted = useMemo(() => inOrder(nodes.data ?? []), [nodes.data]);
  const inRoom = useMemo(() => nodesMatching(sorted, { roomId: roomOnly, state: null, find: '' }), [sorted, roomOnly]);
  const alertsByRoom = useMemo(() => countAlertsByRoom(nodes.data ?? []), [nodes.data]);
  const show = (change: { state?: NodeState | undefined; find?: string | undefined }): void => {
    const { state, find } = { state: search.state, find: search.find, ...change };
    const next = { ...(state ? { state } : {}), ...(find ? { find } : {}) };
    void navigate({
      ...(roomId === undefined ? paths.nodes(spaceId, next) : paths.room(spaceId, roomId, next)),
      replace: true,
    });
  };
  const [find, setFind] = useTyped(search.find ?? '', (typed) => show({ find: typed }));
  const shown = useMemo(
    () => nodesMatching(inRoom, { roomId: null, state: search.state ?? null, find }),
    [inRoom, search.state, find],
  );

  if ((rooms && roomId !== undefined && !room) || (nodes.isError && !nodes.data && !space)) return <NotFoundPage />;
  return (
    <div className={styles.page}>
      <RoomList
        spaceId={spaceId}
        rooms={rooms}
        currentRoomId={roomId ?? null}
        mayEdit={space !== undefined && roleMay(space.role, 'manage-rooms')}
        alertsByRoom={alertsByRoom}
      />
      <div className={styles.main}>
        <header className={styles.header}>
          <h1 className="given">{plainText(heading)}</h1>
          {nodes.data && <p className={styles.count}>{words.node.counts(inRoom.length)}</p>}
        </header>
        {nodes.isError && !nodes.data ? (
          <EmptyState
            title={words.shared.failedTitle}
            action={<Button onClick={() => void nodes.refetch()}>{words.shared.again}</Button>}
          >
            {wordsOf(nodes.error)}
          </EmptyState>
        ) : !nodes.data ? (
          <Skeleton rows={5} heightPx={62} label={words.shared.loading} />
        ) : inRoom.length === 0 ? (
          <NothingHere space={space} isRoom={roomOnly !== null} />
        ) : (
          <>
            <div className={styles.tools}>
              <StateFilter nodes={inRoom} chosen={search.state} onChoose={(state) => show({ state })} />
              <SearchField label={words.node.search} value={find} onChange={setFind} />
            </div>
            {shown.length === 0 ? (
              <EmptyState
                title={words.node.noMatchTitle}
                action={
                  <Button
                    onClick={() => {
                      setFind('');
                      show({ state: undefined, find: undefined });
                    }}
                  >
                    {words.node.clear}
                  </Button>
                }
              >
                {words.node.noMatch}
              </EmptyState>
            ) : (
              <NodeList nodes={shown} allRoomId={allRoomId} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function NothingHere({ space, isRoom }: { space: SpaceView | undefined; isRoom: boolean }) {
  const icon = <Server size={24} aria-hidden />;
  if (isRoom)
    return (
      <EmptyState icon={icon} title={words.room.emptyTitle}>
        {words.room.empty}
      </EmptyState>
    );
  if (space?.role !== 'admin')
    return (
      <EmptyState icon={icon} title={words.room.emptyTitle}>
        {words.node.emptyMember}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={icon}
      title={words.node.emptyTitle}
      action={
        <Link {...paths.addNodes(space.id)} className={buttonClass('primary')}>
          <Plus size={17} aria-hidden />
          {words.claim.button}
        </Link>
      }
    >
      {words.node.empty}
    </EmptyState>
  );
}
