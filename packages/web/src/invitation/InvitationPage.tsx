// Invitations: InvitationPage.tsx (of who was invited), InviteSheet.tsx and PendingInvitations.tsx (of who invites, on the page of people),
// kept-invitation.ts (where the secret is meanwhile), invitation-queries.ts, invitation-words.ts.

import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import type { InvitationSeen } from '@claimstead/wire/cloud-api/invitations';
import { roleSeesAllNodes } from '@claimstead/wire/cloud-api/roles';
import { minimumPasswordCharacters, type SessionView } from '@claimstead/wire/cloud-api/session';
import { PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { signOut } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys, sessionQuery } from '../api/queries.ts';
import { roleInSentence } from '../member/member-words.ts';
import { paths } from '../paths.ts';
import { passwordTrouble } from '../session/password-trouble.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Horizon } from '../ui/Horizon.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { momentWords } from '../ui/time-words.ts';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { invitationWords } from './invitation-words.ts';
import { openInvitationKey, seenInvitationQuery, useAccept } from './invitation-queries.ts';
import { keptInvitation } from './kept-invitation.ts';
import styles from './InvitationPage.module.css';

/** What somebody sees who opened the link of an invitation, with or without an account. */
export function InvitationPage() {
  useTitle(invitationWords.pageTitle);
  const [secret] = useState(keptInvitation);
  return (
    <div className={styles.page}>
      <Horizon />
      <main className={styles.card}>
        <Logo sizePx={34} />
        {secret === null ? (
          <Nothing title={invitationWords.noneTitle} says={invitationWords.none} />
        ) : (
          <Invitation secret={secret} />
        )}
      </main>
    </div>
  );
}

function Invitation({ secret }: { secret: string }) {
  const invitation = useQuery(seenInvitationQuery(secret));
  const session = useQuery(sessionQuery);
  if (invitation.isError) return <Nothing title={invitationWords.refusedTitle} says={wordsOf(invitation.error)} />;
  if (!invitation.data || session.data === undefined)
    return <Skeleton rows={3} heightPx={44} label={words.shared.loading} />;
  const { spaceName, role, invitedBy } = invitation.data;
  return (
    <>
      <div className={styles.intro}>
        <h1 className="given">{invitationWords.heading(plainText(spaceName))}</h1>
        <p className="given">{invitationWords.says(plainText(invitedBy), roleInSentence(role))}</p>
      </div>
      <Facts invitation={invitation.data} />
      <Answer secret={secret} invitation={invitation.data} session={session.data} />
    </>
  );
}

function Facts({ invitation: { email, role, rooms, expiresAt } }: { invitation: InvitationSeen }) {
  const sees = roleSeesAllNodes(role)
    ? invitationWords.seesEveryNode
    : rooms.map(plainText).join(', ') || invitationWords.seesNothingYet;
  return (
    <dl className={styles.facts}>
      <dt>{invitationWords.forEmail}</dt>
      <dd className="given">{plainText(email)}</dd>
      <dt>{invitationWords.seesRooms}</dt>
      <dd className="given">{sees}</dd>
      <dt>{invitationWords.until}</dt>
      <dd>{momentWords(expiresAt)}</dd>
    </dl>
  );
}

/** What there is to do depends on who is in front of it. */
function Answer({
  secret,
  invitation: { email, hasAccount },
  session,
}: {
  secret: string;
  invitation: InvitationSeen;
  session: SessionView | null;
}) {
  const navigate = useNavigate();
  const accept = useAccept((spaceId) => navigate(paths.nodes(spaceId)));
  if (session && session.account.email !== email) return <SomebodyElse session={session} email={email} />;
  if (session)
    return (
      <FormStack>
        <FormError message={accept.error ? wordsOf(accept.error) : null} />
        <Button
          look="primary"
          className={styles.main}
          isBusy={accept.isPending}
          onClick={() => accept.mutate({ secret })}
        >
          {invitationWords.join}
        </Button>
      </FormStack>
    );
  if (hasAccount)
    return (
      <FormStack>
        <p className={styles.soft}>{invitationWords.hasAccount}</p>
        <Link {...paths.signIn({ next: '/invitation' })} className={`${buttonClass('primary')} ${styles.main}`}>
          {invitationWords.signIn}
        </Link>
      </FormStack>
    );
  return (
    <NewAccount
      email={email}
      isBusy={accept.isPending}
      failure={accept.error ? wordsOf(accept.error) : null}
      onAccept={(account) => accept.mutate({ secret, account })}
    />
  );
}

function SomebodyElse({ session, email }: { session: SessionView; email: string }) {
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.setQueryData(keys.session, null);
      // Nothing that they saw stays for who comes.
      const stays = new Set<unknown>([keys.session[0], openInvitationKey[0]]);
      queries.removeQueries({ predicate: ({ queryKey }) => !stays.has(queryKey[0]) });
    },
  });
  return (
    <FormStack>
      <Notice tone="stale" title={invitationWords.signedInAs(plainText(session.account.email))}>
        <p className="given">{invitationWords.forAnother(plainText(email))}</p>
      </Notice>
      <FormError message={leave.error ? wordsOf(leave.error) : null} />
      <Button look="primary" className={styles.main} isBusy={leave.isPending} onClick={() => leave.mutate()}>
        {invitationWords.signOut}
      </Button>
    </FormStack>
  );
}

function NewAccount({
  email,
  isBusy,
  failure,
  onAccept,
}: {
  email: string;
  isBusy: boolean;
  failure: string | null;
  onAccept: (account: { name: string; password: string }) => void;
}) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const given = GivenName.safeParse(name);
  const trouble = passwordTrouble(password, again, minimumPasswordCharacters);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (given.success && !trouble.next && !trouble.again) onAccept({ name: given.data, password });
  };
  const field = { required: true, withAsterisk: false } as const;
  return (
    <form onSubmit={onSubmit}>
      <FormStack>
        <input type="text" name="email" autoComplete="username" value={email} readOnly hidden />
        <TextInput
          {...field}
          label={invitationWords.name}
          description={invitationWords.nameHint}
          name="name"
          autoComplete="name"
          maxLength={64}
          value={name}
          error={wasTried && !given.success ? given.error.issues[0]?.message : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          {...field}
          label={invitationWords.password}
          description={words.session.passwordRule(minimumPasswordCharacters)}
          name="new-password"
          autoComplete="new-password"
          maxLength={1024}
          value={password}
          error={wasTried ? trouble.next : null}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          {...field}
          label={invitationWords.repeat}
          name="new-password-again"
          autoComplete="new-password"
          maxLength={1024}
          value={again}
          error={wasTried ? trouble.again : null}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <FormError message={failure} />
        <Button type="submit" look="primary" className={styles.main} isBusy={isBusy}>
          {invitationWords.accept}
        </Button>
      </FormStack>
    </form>
  );
}

function Nothing({ title, says }: { title: string; says: string }) {
  return (
    <>
      <div className={styles.intro}>
        <h1>{title}</h1>
        <p>{says}</p>
      </div>
      <Link {...paths.start()} className={buttonClass('plain')}>
        {invitationWords.toStart}
      </Link>
    </>
  );
}
