// People of a Space: PeoplePage.tsx (who is in it), MemberRow.tsx (one of them), RoleSelect.tsx, MemberDialogs.tsx (rooms, removing),
// LeaveSpace.tsx, WhoSees.tsx (the people of a room), member-queries.ts, member-words.ts. Those who are only invited: invitation/.

import type { MemberView } from '@claimstead/wire/cloud-api/members';
import { roleMay, rolesGivenBy, type Role } from '@claimstead/wire/cloud-api/roles';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { roomsQuery, sessionQuery } from '../api/queries.ts';
import { InviteSheet } from '../invitation/InviteSheet.tsx';
import { invitationWords } from '../invitation/invitation-words.ts';
import { PendingInvitations } from '../invitation/PendingInvitations.tsx';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { LeaveSpace } from './LeaveSpace.tsx';
import { EditMemberRooms, LowerRole, RemoveMember } from './MemberDialogs.tsx';
import { MemberRow } from './MemberRow.tsx';
import { membersQuery, useChangeMember } from './member-queries.ts';
import { memberWords } from './member-words.ts';
import styles from './PeoplePage.module.css';

type Open =
  | { dialog: 'invite' | 'leave' }
  | { dialog: 'rooms' | 'remove'; member: MemberView }
  | { dialog: 'lower'; member: MemberView; role: Role };

/** Who is in the Space, and who is invited. */
export function PeoplePage() {
  useTitle(memberWords.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/people' });
  const space = useSpace(spaceId);
  const maySee = space !== undefined && roleMay(space.role, 'see-members');
  const mayManage = space !== undefined && roleMay(space.role, 'manage-members');
  const members = useQuery({ ...membersQuery(spaceId), enabled: maySee });
  const { data: rooms } = useQuery({ ...roomsQuery(spaceId), enabled: maySee });
  const { data: session } = useQuery(sessionQuery);
  const change = useChangeMember(spaceId);
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);

  if (space && !maySee) {
    return (
      <div className={styles.page}>
        <h1>{memberWords.title}</h1>
        <Notice tone="info" title={memberWords.notForYou} />
      </div>
    );
  }
  const given = space && mayManage ? rolesGivenBy(space.role) : [];
  const ownId = session?.account.id;
  const onRole = (member: MemberView, role: Role): void => {
    if (member.accountId === ownId || member.role === 'admin') setOpen({ dialog: 'lower', member, role });
    else change.mutate({ accountId: member.accountId, change: { role } });
  };
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>{memberWords.title}</h1>
          <p className={styles.intro}>{memberWords.intro}</p>
        </div>
        {mayManage && (
          <Button
            look="primary"
            icon={<UserPlus size={16} aria-hidden />}
            onClick={() => setOpen({ dialog: 'invite' })}
          >
            {invitationWords.invite}
          </Button>
        )}
      </header>
      {change.error && (
        <Notice tone="offline" title={memberWords.refused}>
          <p>{wordsOf(change.error)}</p>
        </Notice>
      )}
      {members.isPending && <Skeleton rows={3} heightPx={64} label={words.shared.loading} />}
      {members.isError && !members.data && (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void members.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(members.error)}
        </EmptyState>
      )}
      {members.data && (
        <table className={styles.table} aria-label={memberWords.title}>
          <thead>
            <tr>
              <th scope="col">{memberWords.person}</th>
              <th scope="col">{memberWords.role}</th>
              <th scope="col">{memberWords.rooms}</th>
              <th scope="col">{memberWords.joined}</th>
              <th scope="col">
                <span className="only-read">{memberWords.remove}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.data.map((member) => (
              <MemberRow
                key={member.accountId}
                member={member}
                isOwn={member.accountId === ownId}
                rooms={rooms}
                given={given}
                onRole={(role) => onRole(member, role)}
                onRooms={() => setOpen({ dialog: 'rooms', member })}
                onRemove={() => setOpen({ dialog: 'remove', member })}
                onLeave={() => setOpen({ dialog: 'leave' })}
              />
            ))}
          </tbody>
        </table>
      )}
      {mayManage && <PendingInvitations spaceId={spaceId} given={given} rooms={rooms} />}
      {space && mayManage && (
        <InviteSheet spaceId={spaceId} given={given} isOpen={open?.dialog === 'invite'} onClose={close} />
      )}
      {open?.dialog === 'rooms' && <EditMemberRooms spaceId={spaceId} member={open.member} onClose={close} />}
      {open?.dialog === 'remove' && (
        <RemoveMember spaceId={spaceId} member={open.member} maySeeTokens={space?.role === 'admin'} onClose={close} />
      )}
      {open?.dialog === 'lower' && (
        <LowerRole
          spaceId={spaceId}
          member={open.member}
          role={open.role}
          isOwn={open.member.accountId === ownId}
          onClose={close}
        />
      )}
      {space && open?.dialog === 'leave' && <LeaveSpace space={space} onClose={close} />}
    </div>
  );
}
