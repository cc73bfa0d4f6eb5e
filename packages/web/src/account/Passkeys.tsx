import type { PasskeyView } from '@claimstead/wire/cloud-api/passkeys';
import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { sessionQuery, waysQuery } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Since } from '../ui/Since.tsx';
import { plainText } from '../ui/plain-text.ts';
import { accountKeys, addPasskey, passkeyOptions, passkeysQuery, removePasskey } from './account-queries.ts';
import { accountWords } from './account-words.ts';
import { AskPassword } from './AskPassword.tsx';
import { makePasskey } from './passkey-browser.ts';
import { AskedList, Section } from './Section.tsx';
import styles from './AccountPage.module.css';

const says = accountWords.passkeys;

/** Passkeys, where this page is opened under the host name that they belong to; elsewhere it says so. */
export function Passkeys() {
  const passkeys = useQuery(passkeysQuery);
  const { data: ways } = useQuery(waysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [removing, setRemoving] = useState<PasskeyView | null>(null);
  const host = ways?.passkeyHost;
  const isHere = host === window.location.hostname;
  return (
    <Section
      title={says.title}
      intro={says.intro}
      action={isHere && <Button onClick={() => setIsAdding(true)}>{says.add}</Button>}
    >
      {host === null && <Notice tone="info" title={says.needName} />}
      {typeof host === 'string' && !isHere && <Notice tone="info" title={says.elsewhere(host)} />}
      {(isHere || (passkeys.data?.length ?? 0) > 0) && (
        <AskedList query={passkeys} empty={says.none}>
          {(passkey) => (
            <li key={passkey.id} className={styles.row}>
              <div className={styles.what}>
                <span className={`${styles.name} given-line`}>{plainText(passkey.name)}</span>
                <span className={styles.about}>
                  <Since at={passkey.since} say={says.added} />
                  {passkey.lastUsedAt === null ? (
                    <span>{says.neverUsed}</span>
                  ) : (
                    <Since at={passkey.lastUsedAt} say={says.used} />
                  )}
                </span>
              </div>
              <Button
                size="s"
                look="danger"
                aria-label={says.removeOf(plainText(passkey.name))}
                onClick={() => setRemoving(passkey)}
              >
                {says.remove}
              </Button>
            </li>
          )}
        </AskedList>
      )}
      {isAdding && <AddPasskey onClose={() => setIsAdding(false)} />}
      {removing && <RemovePasskey passkey={removing} onClose={() => setRemoving(null)} />}
    </Section>
  );
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const { data: session } = useQuery(sessionQuery);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const parsed = GivenName.safeParse(name);
  const add = useMutation({
    mutationFn: async (password: string) => {
      const credential = await makePasskey(await passkeyOptions(password));
      await addPasskey(name.trim(), credential);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.passkeys });
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={says.add}>
      <AskPassword
        email={session?.account.email ?? ''}
        submitLabel={says.add}
        isBusy={add.isPending}
        isReady={parsed.success}
        failure={add.error ? wordsOf(add.error) : null}
        onSubmit={(password) => add.mutate(password)}
        onClose={onClose}
      >
        <p>{says.addSays}</p>
        <TextInput
          label={says.name}
          description={says.nameHint}
          name="passkey-name"
          autoComplete="off"
          maxLength={64}
          required
          withAsterisk={false}
          value={name}
          error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </AskPassword>
    </Dialog>
  );
}

function RemovePasskey({ passkey, onClose }: { passkey: PasskeyView; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removePasskey(passkey.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.passkeys });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={says.removeTitle}
      confirmLabel={says.removeButton}
      isBusy={remove.isPending}
      failure={remove.error ? wordsOf(remove.error) : null}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p className="given">{says.removeSays(plainText(passkey.name))}</p>
    </ConfirmModal>
  );
}
