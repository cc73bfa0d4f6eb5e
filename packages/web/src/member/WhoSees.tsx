import type { MemberView } from '@claimstead/wire/cloud-api/members';
import { roleSeesAllNodes } from '@claimstead/wire/cloud-api/roles';
import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { Link } from '@tanstack/react-router';
import { paths } from '../paths.ts';
import { buttonClass } from '../ui/Button.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Sheet } from '../ui/Sheet.tsx';
import { words } from '../words.ts';
import { memberWords, roleNames } from './member-words.ts';
import styles from './PeoplePage.module.css';

/** Those who see a room: by their role, and because they were put into it or into the room of all nodes. Pure. */
export function whoSees(
  members: MemberView[],
  room: RoomView,
  allNodesRoomId: string | undefined,
): { byRole: MemberView[]; byRoom: MemberView[] } {
  const byRole = members.filter(({ role }) => roleSeesAllNodes(role));
  const byRoom = members.filter(
    ({ role, roomIds }) =>
      !roleSeesAllNodes(role) &&
      (roomIds.includes(room.id) || (allNodesRoomId !== undefined && roomIds.includes(allNodesRoomId))),
  );
  return { byRole, byRoom };
}

/** The people of one room, beside the list of rooms. */
export function WhoSees({
  spaceId,
  room,
  allNodesRoomId,
  members,
  onClose,
}: {
  spaceId: string;
  room: RoomView;
  allNodesRoomId: string | undefined;
  members: MemberView[];
  onClose: () => void;
}) {
  const { byRole, byRoom } = whoSees(members, room, allNodesRoomId);
  return (
    <Sheet
      side="right"
      isOpen
      title={memberWords.whoSeesOf(plainText(room.name))}
      closeLabel={words.shared.close}
      onClose={onClose}
    >
      <People title={memberWords.byRoom} people={byRoom} none={memberWords.nobodyByRoom} />
      <People title={memberWords.byRole} people={byRole} none="" />
      <Link {...paths.people(spaceId)} className={buttonClass('plain')}>
        {memberWords.toPeople}
      </Link>
    </Sheet>
  );
}

function People({ title, people, none }: { title: string; people: MemberView[]; none: string }) {
  return (
    <section className={styles.seeing}>
      <h3>{title}</h3>
      {people.length === 0 && <p className={styles.hint}>{none}</p>}
      <ul>
        {people.map(({ accountId, name, email, role }) => (
          <li key={accountId}>
            <span className={styles.who}>
              <span className="given">{plainText(name)}</span>
              <span className={`${styles.email} given`}>{plainText(email)}</span>
            </span>
            <span className={styles.all}>{roleNames[role]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
