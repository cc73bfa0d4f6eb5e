import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { keys, sessionQuery } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Notice } from '../ui/Notice.tsx';
import { accountKeys, renameAccount } from './account-queries.ts';
import { accountWords } from './account-words.ts';
import { Section } from './Section.tsx';
import styles from './AccountPage.module.css';

/** The name that others see; the address is told, not changed. */
export function Profile() {
  const { data: session } = useQuery(sessionQuery);
  const queries = useQueryClient();
  const [name, setName] = useState(session?.account.name ?? '');
  const rename = useMutation({
    mutationFn: renameAccount,
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: accountKeys.account });
      await queries.invalidateQueries({ queryKey: keys.session });
    },
  });
  if (!session) return null;
  const parsed = GivenName.safeParse(name);
  const isChanged = parsed.success && parsed.data !== session.account.name;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.success) rename.mutate(parsed.data);
  };
  return (
    <Section title={accountWords.profile.title}>
      <form className={styles.narrow} onSubmit={onSubmit}>
        <TextInput
          label={accountWords.profile.email}
          description={accountWords.profile.emailHint(session.account.email)}
          value={session.account.email}
          readOnly
        />
        <TextInput
          label={accountWords.profile.name}
          description={accountWords.profile.nameHint}
          name="name"
          autoComplete="name"
          maxLength={64}
          value={name}
          error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
          onChange={(event) => {
            rename.reset();
            setName(event.currentTarget.value);
          }}
        />
        <FormError message={rename.error ? wordsOf(rename.error) : null} />
        {rename.isSuccess && !isChanged && <Notice tone="info" title={accountWords.profile.saved} />}
        <div className={styles.actions}>
          <Button type="submit" isBusy={rename.isPending} disabled={!isChanged}>
            {accountWords.profile.save}
          </Button>
        </div>
      </form>
    </Section>
  );
}
