import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useId, useState, type FormEvent } from 'react';
import { AfterSelect } from '../ephemeral/AfterSelect.tsx';
import { ephemeralWords } from '../ephemeral/ephemeral-words.ts';
import { AskedRooms } from '../room/AskedRooms.tsx';
import { RoomPicker } from '../room/RoomPicker.tsx';
import { Button } from '../ui/Button.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { words } from '../words.ts';
import { faultsOf, lifetimeDays, wishOf, type TokenDraft, type TokenWish } from './token-form.ts';
import { tokenWords } from './token-words.ts';
import styles from './Tokens.module.css';

export interface TokenFormProps {
  spaceId: string;
  before: TokenDraft;
  /** The end of a token that is there may stay, and of the standing one it does. */
  end: 'chosen' | 'may-stay' | 'never';
  isBusy: boolean;
  failure: string | null;
  saveLabel: string;
  onSave: (wish: TokenWish) => void;
  onCancel: () => void;
}

/** Everything that somebody decides about a token; says itself what the Cloud would refuse. */
export function TokenForm(props: TokenFormProps) {
  const [draft, setDraft] = useState(props.before);
  const [isTried, setIsTried] = useState(false);
  const endId = useId();
  const leaveId = useId();
  const set = (change: Partial<TokenDraft>): void => setDraft({ ...draft, ...change });
  const faults = faultsOf(draft);
  const wish = wishOf(draft);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (wish) props.onSave(wish);
  };
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormStack>
        <TextInput
          label={tokenWords.name}
          description={tokenWords.nameHint}
          value={draft.name}
          maxLength={64}
          data-autofocus
          error={isTried && faults.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        {props.end !== 'never' && (
          <div className={styles.field}>
            <label htmlFor={endId}>{tokenWords.endsAfter}</label>
            <select
              id={endId}
              className={styles.select}
              value={draft.days ?? ''}
              onChange={(event) => set({ days: event.target.value === '' ? null : Number(event.target.value) })}
            >
              {props.end === 'may-stay' && <option value="">{tokenWords.keepsEnd}</option>}
              {lifetimeDays.map((days) => (
                <option key={days} value={days}>
                  {tokenWords.lifetimes[days]}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className={styles.field}>
          <span>{tokenWords.limit}</span>
          <div className={styles.limit}>
            <Segmented<'any' | 'limited'>
              label={tokenWords.limit}
              value={draft.isLimited ? 'limited' : 'any'}
              options={[
                { value: 'any', label: tokenWords.noLimit },
                { value: 'limited', label: tokenWords.upTo },
              ]}
              onChange={(value) => set({ isLimited: value === 'limited' })}
            />
            {draft.isLimited && (
              <TextInput
                aria-label={tokenWords.limitLeft}
                inputMode="numeric"
                className={styles.number}
                value={draft.uses}
                error={isTried && faults.uses ? tokenWords.limitFault : null}
                onChange={(event) => set({ uses: event.currentTarget.value })}
              />
            )}
          </div>
        </div>
        <div className={styles.field}>
          <span>{words.room.pick}</span>
          <AskedRooms spaceId={props.spaceId}>
            {(rooms) => (
              <RoomPicker
                rooms={rooms.filter(({ holdsAllNodes }) => !holdsAllNodes)}
                picked={draft.roomIds}
                onPick={(roomIds) => set({ roomIds })}
              />
            )}
          </AskedRooms>
        </div>
        <Textarea
          label={tokenWords.networksLabel}
          description={tokenWords.networksHint}
          value={draft.networks}
          autosize={false}
          rows={3}
          spellCheck={false}
          autoCapitalize="none"
          error={isTried && faults.network !== null ? tokenWords.networkFault(faults.network) : null}
          onChange={(event) => set({ networks: event.currentTarget.value })}
        />
        <Checkbox
          label={tokenWords.admitsByHand}
          description={tokenWords.admitsByHandHint}
          checked={draft.admitsByHand}
          onChange={(event) => set({ admitsByHand: event.currentTarget.checked })}
        />
        <div className={styles.field}>
          <label htmlFor={leaveId}>{ephemeralWords.token}</label>
          <AfterSelect
            id={leaveId}
            describedBy={`${leaveId}-hint`}
            value={draft.ephemeralAfterMs}
            stays={ephemeralWords.tokenStays}
            after={ephemeralWords.tokenAfter}
            onChange={(ephemeralAfterMs) => set({ ephemeralAfterMs })}
          />
          <p id={`${leaveId}-hint`} className={styles.hint}>
            {ephemeralWords.tokenHint}
          </p>
        </div>
        <FormError message={props.failure} />
        <FormFoot>
          <Button look="quiet" onClick={props.onCancel}>
            {words.shared.cancel}
          </Button>
          <Button type="submit" look="primary" isBusy={props.isBusy} disabled={isTried && !wish}>
            {props.saveLabel}
          </Button>
        </FormFoot>
      </FormStack>
    </form>
  );
}
