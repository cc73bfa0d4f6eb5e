import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { words } from '../words.ts';
import { accountKeys, accountQuery, endTwoStep, newRecoveryCodes } from './account-queries.ts';
import { accountWords } from './account-words.ts';
import { AskPassword } from './AskPassword.tsx';
import { RecoveryCodeList } from './RecoveryCodeList.tsx';
import { Section } from './Section.tsx';
import { SetUpTwoStep } from './SetUpTwoStep.tsx';
import styles from './AccountPage.module.css';

/** As many as somebody who lost the phone may need at once. */
const few = 3;

/** Whether sign-in asks for a code; turning that on is a dialog of its own (SetUpTwoStep.tsx). */
export function TwoStep() {
  const account = useQuery(accountQuery);
  const [open, setOpen] = useState<'set-up' | 'off' | 'codes' | null>(null);
  const says = accountWords.twoStep;
  const twoStep = account.data?.twoStep;
  const email = account.data?.email ?? '';
  const close = (): void => setOpen(null);
  return (
    <Section
      title={says.title}
      intro={says.intro}
      badge={
        twoStep && (
          <span className={styles.state} data-on={twoStep.isOn}>
            {twoStep.isOn ? says.on : says.off}
          </span>
        )
      }
    >
      {account.isError && !account.data && (
        <NotLoaded message={wordsOf(account.error)} onAgain={() => void account.refetch()} />
      )}
      {account.isPending && <Skeleton rows={1} heightPx={38} label={words.shared.loading} />}
      {twoStep?.isOn === true && (
        <>
          <p className={styles.intro}>
            {says.codesLeft(twoStep.recoveryCodesLeft)} {twoStep.recoveryCodesLeft <= few && says.fewLeft}
          </p>
          <div className={styles.actions}>
            <Button onClick={() => setOpen('codes')}>{says.newCodes}</Button>
            <Button look="danger" onClick={() => setOpen('off')}>
              {says.turnOff}
            </Button>
          </div>
        </>
      )}
      {twoStep?.isOn === false && <Button onClick={() => setOpen('set-up')}>{says.turnOn}</Button>}
      {open === 'set-up' && <SetUpTwoStep email={email} onClose={close} />}
      {open === 'off' && <TurnOff email={email} onClose={close} />}
      {open === 'codes' && <NewCodes email={email} onClose={close} />}
    </Section>
  );
}

function TurnOff({ email, onClose }: { email: string; onClose: () => void }) {
  const queries = useQueryClient();
  const off = useMutation({
    mutationFn: endTwoStep,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.account });
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={accountWords.twoStep.turnOffTitle}>
      <AskPassword
        email={email}
        submitLabel={accountWords.twoStep.turnOff}
        look="danger"
        isBusy={off.isPending}
        failure={off.error ? wordsOf(off.error) : null}
        onSubmit={(password) => off.mutate(password)}
        onClose={onClose}
      >
        <p>{accountWords.twoStep.turnOffSays}</p>
      </AskPassword>
    </Dialog>
  );
}

function NewCodes({ email, onClose }: { email: string; onClose: () => void }) {
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: newRecoveryCodes,
    onSuccess: () => queries.invalidateQueries({ queryKey: accountKeys.account }),
  });
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={make.data ? accountWords.twoStep.codesTitle : accountWords.twoStep.newCodes}
      closeOnClickOutside={!make.data}
    >
      {make.data ? (
        <RecoveryCodeList codes={make.data} onDone={onClose} />
      ) : (
        <AskPassword
          email={email}
          submitLabel={accountWords.twoStep.newCodes}
          isBusy={make.isPending}
          failure={make.error ? wordsOf(make.error) : null}
          onSubmit={(password) => make.mutate(password)}
          onClose={onClose}
        >
          <p>{accountWords.twoStep.newCodesSays}</p>
        </AskPassword>
      )}
    </Dialog>
  );
}
