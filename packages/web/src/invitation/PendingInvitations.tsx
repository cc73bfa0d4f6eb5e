import type { InvitationView } from '@claimstead/wire/cloud-api/invitations';
import { roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import type { RoomView } from '@claimstead/wire/cloud-api/spaces';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { memberWords, roleNames } from '../member/member-words.ts';
import { roomNames } from '../member/MemberRow.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { EmptyState, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { durationWords, momentWords } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { words } from '../words.ts';
import { invitationWords } from './invitation-words.ts';
import { invitationsQuery, useWithdraw } from './invitation-queries.ts';
import styles from './PendingInvitations.module.css';

/** Invitations that nobody has accepted yet. */
export function PendingInvitations({
  spaceId,
  given,
  rooms,
}: {
  spaceId: string;
  /** Roles whose invitations whoever looks may withdraw. */
  given: readonly Role[];
  rooms: RoomView[] | undefined;
}) {
  const invitations = useQuery(invitationsQuery(spaceId));
  const [withdrawing, setWithdrawing] = useState<InvitationView | null>(null);
  return (
    <section className={styles.section}>
      <h2>{invitationWords.pendingTitle}</h2>
      {invitations.isPending && <Skeleton rows={1} heightPx={64} label={words.shared.loading} />}
      {invitations.isError && !invitations.data && (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void invitations.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(invitations.error)}
        </EmptyState>
      )}
      {invitations.data?.length === 0 && <p className={styles.none}>{invitationWords.pendingNone}</p>}
      {invitations.data && invitations.data.length > 0 && (
        <ul className={styles.list}>
          {invitations.data.map((invitation) => (
            <Pending
              key={invitation.invitationId}
              invitation={invitation}
              rooms={rooms}
              onWithdraw={given.includes(invitation.role) ? () => setWithdrawing(invitation) : null}
            />
          ))}
        </ul>
      )}
      {withdrawing && <Withdraw spaceId={spaceId} invitation={withdrawing} onClose={() => setWithdrawing(null)} />}
    </section>
  );
}

function Pending({
  invitation: { email, role, roomIds, invitedBy, expiresAt },
  rooms,
  onWithdraw,
}: {
  invitation: InvitationView;
  rooms: RoomView[] | undefined;
  onWithdraw: (() => void) | null;
}) {
  const leftMs = Date.parse(expiresAt) - useNow(30_000);
  const sees = roleSeesAllNodes(role) ? memberWords.seesAll : roomNames(rooms, roomIds);
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <span className={`${styles.email} given`}>{plainText(email)}</span>
        <span className={`${styles.soft} given`}>{invitationWords.by(plainText(invitedBy))}</span>
      </div>
      <div className={styles.what}>
        <span>{roleNames[role]}</span>
        <span className={`${styles.soft} given`}>{sees}</span>
      </div>
      <time className={styles.expires} dateTime={expiresAt} title={momentWords(expiresAt)}>
        {leftMs > 0 ? invitationWords.expiresIn(durationWords(leftMs)) : invitationWords.expired}
      </time>
      {onWithdraw && (
        <Button size="s" look="danger" aria-label={invitationWords.withdrawOf(plainText(email))} onClick={onWithdraw}>
          {invitationWords.withdraw}
        </Button>
      )}
    </li>
  );
}

function Withdraw({
  spaceId,
  invitation: { invitationId, email },
  onClose,
}: {
  spaceId: string;
  invitation: InvitationView;
  onClose: () => void;
}) {
  const withdraw = useWithdraw(spaceId);
  return (
    <ConfirmModal
      title={invitationWords.withdrawTitle}
      confirmLabel={invitationWords.withdrawButton}
      isBusy={withdraw.isPending}
      failure={withdraw.error ? wordsOf(withdraw.error) : null}
      onConfirm={() => withdraw.mutate(invitationId, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="given">{invitationWords.withdrawSays(plainText(email))}</p>
    </ConfirmModal>
  );
}
