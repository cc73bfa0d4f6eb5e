import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { errorWords } from '../api/error-words.ts';
import { waysQuery } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Horizon } from '../ui/Horizon.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { FirstStep } from './FirstStep.tsx';
import { OtherWays } from './OtherWays.tsx';
import styles from './SignInPage.module.css';

// Few come this far; the first page does not wait for them.
const SecondStep = lazy(async () => ({ default: (await import('./SecondStep.tsx')).SecondStep }));
const ForgotPassword = lazy(async () => ({ default: (await import('./ForgotPassword.tsx')).ForgotPassword }));

/** Lets in: by password or code, with a second step where there is one, or by another way that this Cloud has. */
export function SignInPage() {
  useTitle(words.session.signInTitle);
  const { refused } = useSearch({ from: '/sign-in' });
  const { data: ways } = useQuery(waysQuery);
  const [way, setWay] = useState<'password' | 'code' | 'forgot'>('password');
  const [challenge, setChallenge] = useState(challengeInAddress);
  useEffect(() => {
    // It is good once; it stays neither in the address nor in the history.
    if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);

  if (challenge !== null || way === 'forgot') {
    return (
      <Card>
        <Suspense>
          {challenge !== null ? (
            <SecondStep challenge={challenge} onBack={() => setChallenge(null)} />
          ) : (
            <ForgotPassword onBack={() => setWay('password')} />
          )}
        </Suspense>
      </Card>
    );
  }
  return (
    <Card>
      <div className={styles.intro}>
        <h1>{words.session.signInTitle}</h1>
        <p>{words.session.signInIntro}</p>
      </div>
      {refused !== undefined && <FormError message={refusedWords(refused)} />}
      <FirstStep key={way} way={way} onSecondStep={setChallenge} />
      {ways?.passwordReset === true && way === 'password' && (
        <Button look="quiet" size="s" onClick={() => setWay('forgot')}>
          {words.session.forgot}
        </Button>
      )}
      {ways && <OtherWays ways={ways} />}
      <Button look="quiet" size="s" onClick={() => setWay(way === 'password' ? 'code' : 'password')}>
        {way === 'password' ? words.session.byCode : words.session.byPassword}
      </Button>
      {way === 'password' && <p className={styles.hint}>{words.session.firstTime}</p>}
    </Card>
  );
}

function Card({ children }: { children: ReactNode }) {
  return (
    <div className={styles.page}>
      <Horizon />
      <main className={styles.card}>
        <Logo sizePx={34} />
        {children}
      </main>
    </div>
  );
}

/** An issuer sent the browser back, and the account wants a second step. */
const challengeInAddress = (): string | null =>
  /^#second-step=([\w-]{20,100})$/.exec(window.location.hash)?.[1] ?? null;

/** The address is written by anybody; only kinds of ours become words. */
const refusedWords = (kind: string): string =>
  (kind === 'oidc-refused' || kind === 'sign-in-expired' || kind === 'too-many-sign-ins' ? errorWords[kind] : null) ??
  errorWords['oidc-failed'] ??
  '';
