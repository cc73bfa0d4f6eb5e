import type { MemberView } from '@claimstead/wire/cloud-api/members';
import { roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { Button } from '../ui/Button.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import { words } from '../words.ts';
import { memberWords, roleMeans, roleNames } from './member-words.ts';
import { RoleSelect } from './RoleSelect.tsx';
import styles from './PeoplePage.module.css';

export interface MemberRowProps {
  member: MemberView;
  isOwn: boolean;
  /** Of the Space; undefined while they are not known. */
  rooms: RoomView[] | undefined;
  /** Roles that whoever looks may give and take; empty = they only look. */
  given: readonly Role[];
  onRole: (role: Role) => void;
  onRooms: () => void;
  onRemove: () => void;
  onLeave: () => void;
}

/** Names of rooms in the order of the list; what is gone meanwhile is left out. While the rooms are not known: how many there are. */
export const roomNames = (rooms: RoomView[] | undefined, roomIds: readonly string[]): string => {
  if (rooms === undefined && roomIds.length > 0) return memberWords.seesRooms(roomIds.length);
  const seen = rooms?.filter(({ id }) => roomIds.includes(id)).map(({ name }) => plainText(name));
  return seen?.join(', ') || memberWords.seesNone;
};

export function MemberRow({ member, isOwn, rooms, given, onRole, onRooms, onRemove, onLeave }: MemberRowProps) {
  const { name, email, role, roomIds } = member;
  const mayChange = given.includes(role);
  const seen = roomNames(rooms, roomIds);
  return (
    <tr>
      <th scope="row" className={styles.person}>
        <span className={styles.name}>
          <span className="given">{plainText(name)}</span>
          {isOwn && <span className={styles.you}>{memberWords.you}</span>}
        </span>
        <span className={`${styles.email} given`}>{plainText(email)}</span>
      </th>
      <td className={styles.role}>
        {mayChange ? (
          <RoleSelect label={memberWords.roleOf(plainText(name))} role={role} choices={given} onChange={onRole} />
        ) : (
          <span title={roleMeans[role]}>{roleNames[role]}</span>
        )}
      </td>
      <td data-label={memberWords.rooms}>
        {roleSeesAllNodes(role) ? (
          <span className={styles.all}>{memberWords.seesAll}</span>
        ) : mayChange ? (
          <button
            type="button"
            className={styles.rooms}
            aria-label={`${memberWords.roomsOf(plainText(name))}: ${seen}`}
            title={memberWords.editRooms}
            onClick={onRooms}
          >
            <span className="given">{seen}</span>
          </button>
        ) : (
          <span className="given">{seen}</span>
        )}
      </td>
      <td data-label={memberWords.joined} className={styles.joined}>
        <Since at={member.joinedAt} say={words.shared.ago} />
      </td>
      <td className={styles.actions}>
        {isOwn ? (
          <Button size="s" look="danger" onClick={onLeave}>
            {memberWords.leave}
          </Button>
        ) : (
          mayChange && (
            <Button size="s" look="danger" aria-label={memberWords.removeOf(plainText(name))} onClick={onRemove}>
              {memberWords.remove}
            </Button>
          )
        )}
      </td>
    </tr>
  );
}
