import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { accountWords } from '../account/account-words.ts';
import { askPasswordReset } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import styles from './SignInPage.module.css';

const says = accountWords.reset;

/** Asks for a link by mail. The answer does not tell whether there is such an account, and neither does the page. */
export function ForgotPassword({ onBack }: { onBack: () => void }) {
  const [email, setEmail] = useState('');
  const ask = useMutation({ mutationFn: askPasswordReset });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    ask.mutate(email.trim());
  };
  return (
    <>
      <div className={styles.intro} role={ask.isSuccess ? 'status' : undefined}>
        <h1>{ask.isSuccess ? says.sentTitle : says.askTitle}</h1>
        <p>{ask.isSuccess ? says.sent : says.askIntro}</p>
      </div>
      {!ask.isSuccess && (
        <form className={styles.form} onSubmit={onSubmit}>
          <TextInput
            label={words.session.email}
            name="email"
            autoComplete="username"
            inputMode="email"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            maxLength={254}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <FormError message={ask.error ? wordsOf(ask.error) : null} />
          <Button type="submit" look="primary" className={styles.submit} isBusy={ask.isPending}>
            {says.ask}
          </Button>
        </form>
      )}
      <Button look="quiet" size="s" onClick={onBack}>
        {says.back}
      </Button>
    </>
  );
}
