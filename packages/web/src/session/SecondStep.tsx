import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { accountWords } from '../account/account-words.ts';
import { proveSecondFactor } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import { useEnter } from './use-enter.ts';
import styles from './SignInPage.module.css';

/** The code of the app, or a recovery code. */
export function SecondStep({ challenge, onBack }: { challenge: string; onBack: () => void }) {
  const [code, setCode] = useState('');
  const enter = useEnter();
  const submit = useMutation({ mutationFn: proveSecondFactor, onSuccess: enter });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit.mutate({ challenge, code: code.trim() });
  };
  return (
    <>
      <div className={styles.intro}>
        <h1>{accountWords.secondStep.title}</h1>
        <p>{accountWords.secondStep.intro}</p>
      </div>
      <form className={styles.form} onSubmit={onSubmit}>
        <TextInput
          label={accountWords.secondStep.code}
          description={accountWords.secondStep.hint}
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          maxLength={100}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <FormError message={submit.error ? wordsOf(submit.error) : null} />
        <Button type="submit" look="primary" className={styles.submit} isBusy={submit.isPending}>
          {words.session.signIn}
        </Button>
      </form>
      <Button look="quiet" size="s" onClick={onBack}>
        {accountWords.secondStep.back}
      </Button>
    </>
  );
}
