import { GivenName, type SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { sessionQuery, spacesQuery } from '../api/queries.ts';
import { AddNodesPanel } from '../claim/AddNodesPanel.tsx';
import { paths, type WelcomeStep } from '../paths.ts';
import { AccountMenu } from '../session/AccountMenu.tsx';
import { PasswordForm } from '../session/PasswordForm.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Horizon } from '../ui/Horizon.tsx';
import { Logo } from '../ui/Logo.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { useRenameSpace } from './rename-space.ts';
import { progressOf, stepAfter, stepToShow } from './welcome-steps.ts';
import styles from './WelcomePage.module.css';

/** The first-run steps: password, name of the Space, first node. Each can be left; the address says where one is. */
export function WelcomePage() {
  useTitle(words.welcome.title);
  const { step: asked } = useSearch({ from: '/signed-in/welcome' });
  const { data: session } = useQuery(sessionQuery);
  const { data: spaces } = useQuery(spacesQuery);
  const navigate = useNavigate();
  const [beganWithPassword] = useState(session?.account.passwordIsInitial ?? false);
  const space = spaces?.[0];
  if (!session || !spaces) return null;

  const isAdmin = space?.role === 'admin';
  const facts = {
    passwordIsInitial: session.account.passwordIsInitial,
    isNamed: typeof space?.namedAt === 'string',
    isAdmin,
  };
  const step = stepToShow(facts, asked);
  if (!step) return <Navigate {...paths.start()} replace />;
  const goOn = (): void => {
    const next = stepAfter(step, isAdmin);
    // A Space that bears a name already needs no other.
    const target = next === 'space' && facts.isNamed ? null : next;
    void navigate(target ? paths.welcome(target) : space ? paths.nodes(space.id) : paths.start());
  };

  return (
    <div className={styles.page} data-step={step}>
      <Horizon />
      <header className={styles.top}>
        <Logo />
        <AccountMenu />
      </header>
      <main className={styles.card}>
        <Progress step={step} withPassword={beganWithPassword || step === 'password'} />
        {step === 'password' && (
          <>
            <Intro title={words.welcome.passwordTitle} says={words.welcome.passwordIntro} />
            <PasswordForm
              email={session.account.email}
              submitLabel={words.welcome.passwordTitle}
              onDone={goOn}
              other={
                <Button look="quiet" onClick={goOn}>
                  {words.welcome.later}
                </Button>
              }
            />
          </>
        )}
        {step === 'space' && space && <NameSpace space={space} onDone={goOn} />}
        {step === 'claim' && space && (
          <>
            <Intro title={words.welcome.claimTitle} says={words.welcome.claimIntro} />
            <AddNodesPanel space={space} />
            <Link {...paths.nodes(space.id)} className={`${buttonClass('quiet', 's')} ${styles.skip}`}>
              {words.welcome.toNodes}
            </Link>
          </>
        )}
      </main>
    </div>
  );
}

function Intro({ title, says }: { title: string; says: string }) {
  return (
    <div className={styles.intro}>
      <h1>{title}</h1>
      <p>{says}</p>
    </div>
  );
}

function Progress({ step, withPassword }: { step: WelcomeStep; withPassword: boolean }) {
  const { at, of, steps } = progressOf(step, withPassword);
  return (
    <ol className={styles.progress} aria-label={words.welcome.stepOf(at, of)}>
      {steps.map((each, n) => (
        <li key={each} data-done={n + 1 < at} aria-current={each === step ? 'step' : undefined}>
          <span className={styles.number}>{n + 1 < at ? <Check size={13} aria-hidden /> : n + 1}</span>
          <span className={styles.stepName}>{words.welcome.steps[each]}</span>
        </li>
      ))}
    </ol>
  );
}

function NameSpace({ space, onDone }: { space: SpaceView; onDone: () => void }) {
  const [name, setName] = useState(space.name);
  const rename = useRenameSpace(space.id, onDone);
  const parsed = GivenName.safeParse(name);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.success) rename.mutate(parsed.data);
  };
  return (
    <>
      <Intro title={words.welcome.spaceTitle} says={words.welcome.spaceIntro} />
      <form onSubmit={onSubmit}>
        <FormStack>
          <TextInput
            label={words.welcome.spaceName}
            value={name}
            maxLength={64}
            required
            withAsterisk={false}
            autoFocus
            onFocus={(event) => event.currentTarget.select()}
            error={name.trim() !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <FormError message={rename.error ? wordsOf(rename.error) : null} />
          <FormFoot>
            <Button type="submit" look="primary" isBusy={rename.isPending} disabled={!parsed.success}>
              {words.welcome.goOn}
            </Button>
          </FormFoot>
        </FormStack>
      </form>
    </>
  );
}
