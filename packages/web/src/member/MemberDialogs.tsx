import type { MemberView } from '@claimstead/wire/cloud-api/members';
import type { Role } from '@claimstead/wire/cloud-api/roles';
import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { roomsQuery } from '../api/queries.ts';
import { AskedRooms } from '../room/AskedRooms.tsx';
import { RoomPicker } from '../room/RoomPicker.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { useChangeMember, useRemoveMember, useWorkingTokensOf } from './member-queries.ts';
import { memberWords, roleInSentence } from './member-words.ts';
import styles from './PeoplePage.module.css';

interface OfMember {
  spaceId: string;
  member: MemberView;
  onClose: () => void;
}

/** Which rooms somebody sees; the room of all nodes is one of them here. */
export function EditMemberRooms({ spaceId, member, onClose }: OfMember) {
  const { data: rooms } = useQuery(roomsQuery(spaceId));
  const [picked, setPicked] = useState(member.roomIds);
  const save = useChangeMember(spaceId);
  const known = picked.filter((roomId) => rooms?.some(({ id }) => id === roomId));
  return (
    <Dialog onClose={onClose} title={memberWords.roomsTitle}>
      <FormStack>
        <Who member={member} />
        <AskedRooms spaceId={spaceId}>
          {(choices) => (
            <RoomPicker
              rooms={choices}
              picked={known}
              onPick={setPicked}
              label={memberWords.roomsTitle}
              none={memberWords.roomsNone}
            />
          )}
        </AskedRooms>
        <p className={styles.hint}>{memberWords.roomsHint}</p>
        <FormError message={save.error ? wordsOf(save.error) : null} />
        <FormFoot>
          <Button look="quiet" onClick={onClose}>
            {words.shared.cancel}
          </Button>
          <Button
            look="primary"
            isBusy={save.isPending}
            disabled={!rooms}
            onClick={() =>
              save.mutate({ accountId: member.accountId, change: { roomIds: known } }, { onSuccess: onClose })
            }
          >
            {words.shared.save}
          </Button>
        </FormFoot>
      </FormStack>
    </Dialog>
  );
}

export function RemoveMember({ spaceId, member, maySeeTokens, onClose }: OfMember & { maySeeTokens: boolean }) {
  const remove = useRemoveMember(spaceId);
  const [revokesTokens, setRevokesTokens] = useState(false);
  return (
    <ConfirmModal
      title={memberWords.removeTitle}
      confirmLabel={memberWords.removeButton}
      isBusy={remove.isPending}
      failure={remove.error ? wordsOf(remove.error) : null}
      onConfirm={() => remove.mutate({ accountId: member.accountId, revokesTokens }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Who member={member} />
      <ul className={styles.says}>
        {memberWords.removeSays.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <TokensOf
        spaceId={spaceId}
        member={member}
        maySee={maySeeTokens}
        revokes={revokesTokens}
        onRevokes={setRevokesTokens}
      />
    </ConfirmModal>
  );
}

/** Of an administrator, to a lesser role: what they know of claiming tokens they know on. One's own role cannot be taken back by oneself. */
export function LowerRole({ spaceId, member, role, isOwn, onClose }: OfMember & { role: Role; isOwn: boolean }) {
  const change = useChangeMember(spaceId);
  const [revokesTokens, setRevokesTokens] = useState(false);
  const wanted = { role, ...(revokesTokens && { revokesTokens }) };
  return (
    <ConfirmModal
      title={isOwn ? memberWords.lowerTitle : memberWords.demoteTitle}
      confirmLabel={isOwn ? memberWords.lowerButton : memberWords.demoteButton}
      isBusy={change.isPending}
      failure={change.error ? wordsOf(change.error) : null}
      onConfirm={() => change.mutate({ accountId: member.accountId, change: wanted }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {!isOwn && <Who member={member} />}
      <p>{(isOwn ? memberWords.lowerSays : memberWords.demoteSays)(roleInSentence(role))}</p>
      {/* Who gives the role up themselves takes nothing along that they could not look up now. */}
      {!isOwn && (
        <TokensOf spaceId={spaceId} member={member} maySee revokes={revokesTokens} onRevokes={setRevokesTokens} />
      )}
    </ConfirmModal>
  );
}

const namedTokens = 5;

/** The claiming tokens that somebody leaves behind, and whether they end with this. */
function TokensOf({
  spaceId,
  member,
  maySee,
  revokes,
  onRevokes,
}: {
  spaceId: string;
  member: MemberView;
  maySee: boolean;
  revokes: boolean;
  onRevokes: (revokes: boolean) => void;
}) {
  const names = useWorkingTokensOf(spaceId, member.accountId, maySee);
  if (names === undefined || names.length === 0) return null;
  const more = names.length - namedTokens;
  return (
    <div className={styles.tokens}>
      <p>{memberWords.tokens(names.length)}</p>
      <ul className={styles.says}>
        {names.slice(0, namedTokens).map((name, at) => (
          // Names are given by people, and may be the same.
          <li key={`${at} ${name}`}>
            <span className="given">{plainText(name)}</span>
          </li>
        ))}
        {more > 0 && <li>{memberWords.tokensMore(more)}</li>}
      </ul>
      <Checkbox
        label={memberWords.revokesTokens}
        description={memberWords.revokesTokensHint}
        checked={revokes}
        onChange={(event) => onRevokes(event.currentTarget.checked)}
      />
    </div>
  );
}

function Who({ member: { name, email } }: { member: MemberView }) {
  return (
    <p className={styles.who}>
      <span className="given">{plainText(name)}</span>
      <span className={`${styles.email} given`}>{plainText(email)}</span>
    </p>
  );
}
