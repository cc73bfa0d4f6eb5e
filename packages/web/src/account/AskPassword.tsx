import { PasswordInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import { accountWords } from './account-words.ts';

export interface AskPasswordProps {
  /** For the browser's password store. */
  email: string;
  /** What it is asked for, and further fields. */
  children?: ReactNode;
  submitLabel: string;
  look?: 'primary' | 'danger';
  isBusy: boolean;
  isReady?: boolean;
  failure: string | null;
  onSubmit: (password: string) => void;
  onClose: () => void;
}

/** Asks for the password again, inside a dialog. */
export function AskPassword(props: AskPasswordProps) {
  const { email, children, submitLabel, look = 'primary', isBusy, isReady = true, failure, onSubmit, onClose } = props;
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit(password);
  };
  return (
    <form onSubmit={submit}>
      <FormStack>
        {children}
        <input type="text" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label={accountWords.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          maxLength={1024}
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <FormError message={failure} />
        <FormFoot>
          <Button look="quiet" onClick={onClose}>
            {words.shared.cancel}
          </Button>
          <Button type="submit" look={look} isBusy={isBusy} disabled={password === '' || !isReady}>
            {submitLabel}
          </Button>
        </FormFoot>
      </FormStack>
    </form>
  );
}
