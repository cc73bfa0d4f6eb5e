import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { PasswordForm } from '../session/PasswordForm.tsx';
import { Notice } from '../ui/Notice.tsx';
import { words } from '../words.ts';
import { accountWords } from './account-words.ts';
import { Section } from './Section.tsx';
import styles from './AccountPage.module.css';

/** A new password; the form is that of the first-run steps. */
export function Password() {
  const { data: session } = useQuery(sessionQuery);
  /** Counts changes: each leaves an empty form behind. */
  const [changes, setChanges] = useState(0);
  if (!session) return null;
  return (
    <Section title={accountWords.changePassword.title} intro={accountWords.changePassword.intro}>
      <div className={styles.narrow}>
        {session.account.passwordIsInitial && <Notice tone="stale" title={words.session.initialPassword} />}
        {changes > 0 && <Notice tone="info" title={words.session.passwordChanged} />}
        <PasswordForm
          key={changes}
          email={session.account.email}
          submitLabel={words.session.changePassword}
          look="plain"
          onDone={() => setChanges(changes + 1)}
        />
      </div>
    </Section>
  );
}
