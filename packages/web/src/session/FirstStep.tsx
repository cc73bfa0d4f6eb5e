import { PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { signIn } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import { useEnter } from './use-enter.ts';
import styles from './SignInPage.module.css';

/** Address and password, or a one-use code. */
export function FirstStep({
  way,
  onSecondStep,
}: {
  way: 'password' | 'code';
  onSecondStep: (challenge: string) => void;
}) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const enter = useEnter();
  const submit = useMutation({
    mutationFn: signIn,
    onSuccess: (answer) => ('challenge' in answer ? onSecondStep(answer.challenge) : enter()),
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit.mutate(way === 'code' ? { oneUseCode: code.trim() } : { email: email.trim(), password });
  };
  return (
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
  );
}
