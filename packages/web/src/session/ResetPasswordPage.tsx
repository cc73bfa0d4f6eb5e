import { minimumPasswordCharacters } from '@claimstead/wire/cloud-api/session';
import { PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { accountWords } from '../account/account-words.ts';
import { redeemPasswordReset } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Horizon } from '../ui/Horizon.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { passwordTrouble } from './password-trouble.ts';
import styles from './SignInPage.module.css';

const says = accountWords.reset;

/** A new password by the link of a mail, or of the operator. The secret is in the fragment, which no server sees. */
export function ResetPasswordPage() {
  useTitle(says.title);
  const [secret] = useState(() => window.location.hash.slice(1));
  const queries = useQueryClient();
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const trouble = passwordTrouble(next, again, minimumPasswordCharacters);
  const save = useMutation({
    mutationFn: redeemPasswordReset,
    // Whoever was signed in here is not any more.
    onSuccess: () => queries.removeQueries({ queryKey: keys.session }),
  });
  useEffect(() => {
    // Out of the history: whoever has the computer next does not find it.
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!trouble.next && !trouble.again) save.mutate({ secret, newPassword: next });
  };
  const field = { required: true, withAsterisk: false, maxLength: 1024, autoComplete: 'new-password' } as const;
  return (
    <div className={styles.page}>
      <Horizon />
      <main className={styles.card}>
        <Logo sizePx={34} />
        <div className={styles.intro} role={save.isSuccess ? 'status' : undefined}>
          <h1>{save.isSuccess ? says.doneTitle : says.title}</h1>
          <p>{save.isSuccess ? says.done : says.intro}</p>
        </div>
        {save.isSuccess ? (
          <Link {...paths.signIn()} className={buttonClass('primary')}>
            {says.toSignIn}
          </Link>
        ) : secret === '' ? (
          <Notice tone="stale" title={says.noLink} />
        ) : (
          <form className={styles.form} onSubmit={onSubmit}>
            <PasswordInput
              {...field}
              label={words.session.newPassword}
              description={words.session.passwordRule(minimumPasswordCharacters)}
              name="new-password"
              value={next}
              error={wasTried ? trouble.next : null}
              onChange={(event) => setNext(event.currentTarget.value)}
            />
            <PasswordInput
              {...field}
              label={words.session.repeatPassword}
              name="new-password-again"
              value={again}
              error={wasTried ? trouble.again : null}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
            <FormError message={save.error ? wordsOf(save.error) : null} />
            <Button type="submit" look="primary" className={styles.submit} isBusy={save.isPending}>
              {says.save}
            </Button>
          </form>
        )}
      </main>
    </div>
  );
}
