import { PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { signIn } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { sessionQuery, spacesQuery } from '../api/queries.ts';
import { ownPath, paths } from '../paths.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Horizon } from '../ui/Horizon.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import styles from './SignInPage.module.css';

export function SignInPage() {
  useTitle(words.session.signInTitle);
  const [way, setWay] = useState<'password' | 'code'>('password');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const submit = useSignIn();

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit.mutate(way === 'code' ? { oneUseCode: code.trim() } : { email: email.trim(), password });
  };

  return (
    <div className={styles.page}>
      <Horizon />
      <main className={styles.card}>
        <Logo sizePx={34} />
        <div className={styles.intro}>
          <h1>{words.session.signInTitle}</h1>
          <p>{words.session.signInIntro}</p>
        </div>
        <form className={styles.form} onSubmit={onSubmit}>
          {way === 'password' ? (
            <>
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
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <PasswordInput
                label={words.session.password}
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                maxLength={1024}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            </>
          ) : (
            <TextInput
              label={words.session.code}
              description={words.session.codeHint}
              name="one-use-code"
              autoComplete="one-time-code"
              spellCheck={false}
              required
              withAsterisk={false}
              minLength={20}
              maxLength={100}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          <FormError message={submit.error ? wordsOf(submit.error) : null} />
          <Button type="submit" look="primary" className={styles.submit} isBusy={submit.isPending}>
            {words.session.signIn}
          </Button>
        </form>
        <Button
          look="quiet"
          size="s"
          onClick={() => {
            submit.reset();
            setWay(way === 'password' ? 'code' : 'password');
          }}
        >
          {way === 'password' ? words.session.byCode : words.session.byPassword}
        </Button>
        {way === 'password' && <p className={styles.hint}>{words.session.firstTime}</p>}
      </main>
    </div>
  );
}

/** Signs in, then goes where the person wanted to go: first to the first-run steps while there are any left. */
function useSignIn() {
  const queries = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: '/sign-in' });
  return useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      // Nothing that somebody else saw in this browser stays.
      queries.clear();
      const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      if (!session) return;
      const [space] = await queries.fetchQuery(spacesQuery).catch(() => []);
      const isFirstRun = session.account.passwordIsInitial || (space?.role === 'admin' && space.namedAt === null);
      const path = ownPath(next);
      if (path && !isFirstRun) router.history.push(path);
      else await router.navigate(isFirstRun ? paths.welcome() : paths.start());
    },
  });
}
