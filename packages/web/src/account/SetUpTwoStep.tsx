import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import { accountKeys, beginTwoStep, confirmTwoStep } from './account-queries.ts';
import { accountWords } from './account-words.ts';
import { AskPassword } from './AskPassword.tsx';
import { QrCode } from './QrCode.tsx';
import { RecoveryCodeList } from './RecoveryCodeList.tsx';
import styles from './AccountPage.module.css';

/** Password, then the code of the app, then the recovery codes; a stray click does not close what is shown once. */
export function SetUpTwoStep({ email, onClose }: { email: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: beginTwoStep });
  const confirm = useMutation({
    mutationFn: confirmTwoStep,
    onSuccess: () => queries.invalidateQueries({ queryKey: accountKeys.account }),
  });
  const says = accountWords.twoStep;
  const setup = begin.data;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    confirm.mutate(code);
  };
  return (
    <Dialog
      onClose={onClose}
      size={confirm.data ? 'lg' : 'md'}
      title={confirm.data ? says.codesTitle : says.setUpTitle}
      closeOnClickOutside={!setup}
    >
      {confirm.data ? (
        <RecoveryCodeList codes={confirm.data} onDone={onClose} />
      ) : setup ? (
        <form onSubmit={onSubmit}>
          <FormStack>
            <p>{says.scan}</p>
            <QrCode text={setup.uri} label={says.qr} />
            <div>
              <p>{says.byHand}</p>
              <p className={styles.secret} data-testid="totp-secret">
                {setup.secret}
              </p>
            </div>
            <TextInput
              label={says.code}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              spellCheck={false}
              required
              withAsterisk={false}
              maxLength={20}
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <FormError message={confirm.error ? wordsOf(confirm.error) : null} />
            <FormFoot>
              <Button look="quiet" onClick={onClose}>
                {words.shared.cancel}
              </Button>
              <Button type="submit" look="primary" isBusy={confirm.isPending}>
                {says.turnOn}
              </Button>
            </FormFoot>
          </FormStack>
        </form>
      ) : (
        <AskPassword
          email={email}
          submitLabel={accountWords.goOn}
          isBusy={begin.isPending}
          failure={begin.error ? wordsOf(begin.error) : null}
          onSubmit={(password) => begin.mutate(password)}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
