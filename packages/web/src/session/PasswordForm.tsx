import { minimumPasswordCharacters } from '@claimstead/wire/cloud-api/session';
import { PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { changePassword } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { Button, type ButtonLook } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { words } from '../words.ts';
import { passwordTrouble } from './password-trouble.ts';

export interface PasswordFormProps {
  /** For the browser's password store. */
  email: string;
  submitLabel: string;
  /** Of the button; the main action of a page is primary. */
  look?: ButtonLook;
  onDone: () => void;
  /** A second button beside the first, e.g. to do it later. */
  other?: ReactNode;
}

/** Current password, new password twice. The first-run steps and the account page both use it. */
export function PasswordForm({ email, submitLabel, look = 'primary', onDone, other }: PasswordFormProps) {
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const trouble = passwordTrouble(next, again, minimumPasswordCharacters);
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.session });
      onDone();
    },
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!trouble.next && !trouble.again) change.mutate({ currentPassword: current, newPassword: next });
  };
  const field = { required: true, withAsterisk: false, maxLength: 1024 } as const;
  return (
    <form onSubmit={onSubmit}>
      <FormStack>
        <input type="text" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          {...field}
          label={words.session.currentPassword}
          name="current-password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          {...field}
          label={words.session.newPassword}
          description={words.session.passwordRule(minimumPasswordCharacters)}
          name="new-password"
          autoComplete="new-password"
          value={next}
          error={wasTried ? trouble.next : null}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <PasswordInput
          {...field}
          label={words.session.repeatPassword}
          name="new-password-again"
          autoComplete="new-password"
          value={again}
          error={wasTried ? trouble.again : null}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <FormError message={change.error ? wordsOf(change.error) : null} />
        <FormFoot>
          {other}
          <Button type="submit" look={look} isBusy={change.isPending}>
            {submitLabel}
          </Button>
        </FormFoot>
      </FormStack>
    </form>
  );
}
