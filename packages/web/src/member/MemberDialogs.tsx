import type { MemberView } from '@claimstead/wire/cloud-api/members';
import type { Role } from '@claimstead/wire/cloud-api/roles';
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
import { useChangeMember, useRemoveMember } from './member-queries.ts';
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

export function RemoveMember({ spaceId, member, onClose }: OfMember) {
  const remove = useRemoveMember(spaceId);
  return (
    <ConfirmModal
      title={memberWords.removeTitle}
      confirmLabel={memberWords.removeButton}
      isBusy={remove.isPending}
      failure={remove.error ? wordsOf(remove.error) : null}
      onConfirm={() => remove.mutate(member.accountId, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Who member={member} />
      <ul className={styles.says}>
        {memberWords.removeSays.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </ConfirmModal>
  );
}

/** One's own role cannot be taken back by oneself. */
export function LowerOwnRole({ role, onConfirm, onClose }: { role: Role; onConfirm: () => void; onClose: () => void }) {
  return (
    <ConfirmModal
      title={memberWords.lowerTitle}
      confirmLabel={memberWords.lowerButton}
      isBusy={false}
      failure={null}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>{memberWords.lowerSays(roleInSentence(role))}</p>
    </ConfirmModal>
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
