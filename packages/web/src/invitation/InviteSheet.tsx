import { EmailAddress, longestInvitationDays, type InvitationMade } from '@claimstead/wire/cloud-api/invitations';
import { roleSeesAllNodes, type Role } from '@claimstead/wire/cloud-api/roles';
import { TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { RoleRadios } from '../member/RoleSelect.tsx';
import { AskedRooms } from '../room/AskedRooms.tsx';
import { RoomPicker } from '../room/RoomPicker.tsx';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { plainText } from '../ui/plain-text.ts';
import { momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import { invitationWords } from './invitation-words.ts';
import { useInvite } from './invitation-queries.ts';
import styles from './InviteSheet.module.css';

export interface InviteSheetProps {
  spaceId: string;
  /** Roles that whoever invites may give. */
  given: readonly Role[];
  isOpen: boolean;
  onClose: () => void;
}

/** Asks whom to invite, then shows the link. What was typed and the link are gone when it is closed. */
export function InviteSheet({ isOpen, onClose, ...rest }: InviteSheetProps) {
  return (
    <Sheet
      side="right"
      isOpen={isOpen}
      title={invitationWords.sheetTitle}
      closeLabel={words.shared.close}
      onClose={onClose}
    >
      <Invite {...rest} onClose={onClose} />
    </Sheet>
  );
}

const lifetimes = ([1, 3, longestInvitationDays] as const).map((days) => ({
  value: String(days),
  label: invitationWords.days(days),
}));

function Invite({ spaceId, given, onClose }: Omit<InviteSheetProps, 'isOpen'>) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [roomIds, setRoomIds] = useState<string[]>([]);
  const [days, setDays] = useState(String(longestInvitationDays));
  const [wasTried, setWasTried] = useState(false);
  const invite = useInvite(spaceId);
  const address = EmailAddress.safeParse(email);
  const seesAll = roleSeesAllNodes(role);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!address.success) return;
    invite.mutate({ email: address.data, role, roomIds: seesAll ? [] : roomIds, lifetimeDays: Number(days) });
  };
  if (invite.data)
    return (
      <Made
        made={invite.data}
        onAnother={() => {
          setEmail('');
          setWasTried(false);
          invite.reset();
        }}
        onClose={onClose}
      />
    );
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormStack>
        <TextInput
          label={invitationWords.email}
          description={invitationWords.emailHint}
          type="email"
          name="invited-email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          error={wasTried && !address.success ? invitationWords.emailWrong : null}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleRadios label={invitationWords.role} role={role} choices={given} onChange={setRole} />
        <div className={styles.field}>
          <h3>{invitationWords.rooms}</h3>
          {seesAll ? (
            <p className={styles.hint}>{invitationWords.seesAll}</p>
          ) : (
            <>
              <AskedRooms spaceId={spaceId}>
                {(rooms) => (
                  <RoomPicker
                    rooms={rooms}
                    picked={roomIds}
                    onPick={setRoomIds}
                    label={invitationWords.rooms}
                    none={invitationWords.roomsNone}
                  />
                )}
              </AskedRooms>
              <p className={styles.hint}>{invitationWords.roomsHint}</p>
            </>
          )}
        </div>
        <div className={styles.lifetime}>
          <h3>{invitationWords.lifetime}</h3>
          <Segmented label={invitationWords.lifetime} value={days} options={lifetimes} onChange={setDays} />
        </div>
        <FormError message={invite.error ? wordsOf(invite.error) : null} />
        <FormFoot>
          <Button look="quiet" onClick={onClose}>
            {words.shared.cancel}
          </Button>
          <Button type="submit" look="primary" isBusy={invite.isPending}>
            {invitationWords.make}
          </Button>
        </FormFoot>
      </FormStack>
    </form>
  );
}

function Made({
  made: { invitation, link },
  onAnother,
  onClose,
}: {
  made: InvitationMade;
  onAnother: () => void;
  onClose: () => void;
}) {
  return (
    <FormStack>
      <div className={styles.made} role="status">
        <h3 className="given">{invitationWords.madeTitle(plainText(invitation.email))}</h3>
        <p className={styles.hint}>{invitationWords.madeSays(momentWords(invitation.expiresAt))}</p>
      </div>
      <div className={styles.link}>
        <code data-testid="invitation-link" tabIndex={0} aria-label={invitationWords.link}>
          {link}
        </code>
        <CopyButton text={link} words={words.shared.copy} />
      </div>
      <FormFoot>
        <Button onClick={onAnother}>{invitationWords.another}</Button>
        <Button look="primary" onClick={onClose}>
          {invitationWords.done}
        </Button>
      </FormFoot>
    </FormStack>
  );
}
