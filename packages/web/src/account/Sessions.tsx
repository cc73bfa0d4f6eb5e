import type { SessionEntry } from '@claimstead/wire/cloud-api/account';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Since } from '../ui/Since.tsx';
import { plainText } from '../ui/plain-text.ts';
import { accountKeys, accountSessionsQuery, endSession, endSessions } from './account-queries.ts';
import { accountWords } from './account-words.ts';
import { AskedList, Section } from './Section.tsx';
import styles from './AccountPage.module.css';

const says = accountWords.sessions;

/** Where the account is signed in, and how it is signed out there. */
export function Sessions() {
  const sessions = useQuery(accountSessionsQuery);
  const queries = useQueryClient();
  const [isEndingAll, setIsEndingAll] = useState(false);
  const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: accountKeys.sessions });
  const end = useMutation({ mutationFn: endSession, onSettled: renew });
  const others = useMutation({ mutationFn: () => endSessions('others'), onSettled: renew });
  const failure = end.error ?? others.error;
  return (
    <Section title={says.title} intro={says.intro}>
      <FormError message={failure ? wordsOf(failure) : null} />
      <AskedList query={sessions} empty="">
        {(session) => (
          <Row
            key={session.id}
            session={session}
            isBusy={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        )}
      </AskedList>
      {sessions.data && (
        <div className={styles.foot}>
          <Button onClick={() => others.mutate()} isBusy={others.isPending} disabled={sessions.data.length < 2}>
            {says.others}
          </Button>
          <Button look="danger" onClick={() => setIsEndingAll(true)}>
            {says.all}
          </Button>
        </div>
      )}
      {isEndingAll && <EndAll onClose={() => setIsEndingAll(false)} />}
    </Section>
  );
}

function Row({ session, isBusy, onEnd }: { session: SessionEntry; isBusy: boolean; onEnd: () => void }) {
  const browser = session.browser ?? says.unknownBrowser;
  const network = session.sourceNetwork === null ? says.unknownNetwork : says.from(session.sourceNetwork);
  return (
    <li className={styles.row}>
      <div className={styles.what}>
        <span className={`${styles.name} given-line`}>{plainText(browser)}</span>
        <span className={styles.about}>
          <span className="given">{plainText(network)}</span>
          <Since at={session.since} say={says.since} />
          {!session.isCurrent && <Since at={session.lastUsedAt} say={says.used} />}
        </span>
      </div>
      {session.isCurrent ? (
        <span className={styles.state} data-on>
          {says.current}
        </span>
      ) : (
        <Button
          size="s"
          aria-label={says.endOf(plainText(browser), plainText(network))}
          isBusy={isBusy}
          onClick={onEnd}
        >
          {says.end}
        </Button>
      )}
    </li>
  );
}

function EndAll({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const all = useMutation({
    mutationFn: () => endSessions('all'),
    onSuccess: () => {
      queries.setQueryData(keys.session, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
    },
  });
  return (
    <ConfirmModal
      title={says.allTitle}
      confirmLabel={says.all}
      isBusy={all.isPending}
      failure={all.error ? wordsOf(all.error) : null}
      onConfirm={() => all.mutate()}
      onClose={onClose}
    >
      <p>{says.allSays}</p>
    </ConfirmModal>
  );
}
