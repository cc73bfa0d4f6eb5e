import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { Link } from '@tanstack/react-router';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import type { AlertCounts } from '../alert/alert-rules.ts';
import { paths } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import styles from './RoomList.module.css';

export interface RoomListProps {
  spaceId: string;
  /** Undefined while they are not known. */
  rooms: RoomView[] | undefined;
  /** Null = all nodes. */
  currentRoomId: string | null;
  /** Rooms are theirs to make and rename. */
  mayEdit: boolean;
  /** Raised alerts by room id. */
  alertsByRoom: ReadonlyMap<string, AlertCounts>;
}

/** The rooms beside the list of nodes. The room that holds all nodes is the Space's own page. */
export function RoomList({ spaceId, rooms, currentRoomId, mayEdit, alertsByRoom }: RoomListProps) {
  const all = rooms?.find(({ holdsAllNodes }) => holdsAllNodes);
  const others = rooms?.filter(({ holdsAllNodes }) => !holdsAllNodes) ?? [];
  return (
    <nav className={styles.rooms} aria-label={words.room.list}>
      <h2 className={styles.title}>{words.room.list}</h2>
      <ul className={styles.list}>
        <li>
          <Link
            {...paths.nodes(spaceId)}
            activeOptions={{ exact: true, includeSearch: false }}
            className={styles.room}
            aria-current={currentRoomId === null || currentRoomId === all?.id ? 'page' : undefined}
          >
            <span className="given-line">{all?.name ?? words.room.all}</span>
            <span className={styles.counts}>
              {all && <AlertCountBadges counts={alertsByRoom.get(all.id)} />}
              <span className={styles.count}>{all?.nodeCount ?? ''}</span>
            </span>
          </Link>
        </li>
        {others.map((room) => (
          <li key={room.id}>
            <Link
              {...paths.room(spaceId, room.id)}
              className={styles.room}
              aria-current={currentRoomId === room.id ? 'page' : undefined}
            >
              <span className="given-line">{plainText(room.name)}</span>
              <span className={styles.counts}>
                <AlertCountBadges counts={alertsByRoom.get(room.id)} />
                <span className={styles.count}>{room.nodeCount}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {mayEdit && (
        <Link {...paths.rooms(spaceId)} className={styles.edit}>
          {words.room.edit}
        </Link>
      )}
    </nav>
  );
}
