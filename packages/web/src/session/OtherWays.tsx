import type { SignInWays } from '@claimstead/wire/cloud-api/session';
import { useMutation } from '@tanstack/react-query';
import { Fingerprint, LogIn } from 'lucide-react';
import { beginOidc, passkeySignInOptions, signInByPasskey } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { useEnter } from './use-enter.ts';
import styles from './SignInPage.module.css';

/** A passkey, or an issuer: as far as this Cloud and this address have them. */
export function OtherWays({ ways }: { ways: SignInWays }) {
  const enter = useEnter();
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { askAuthenticator } = await import('../account/passkey-browser.ts');
      await signInByPasskey(await askAuthenticator(await passkeySignInOptions()));
    },
    onSuccess: enter,
  });
  const byIssuer = useMutation({
    mutationFn: beginOidc,
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const hasPasskeys = ways.passkeyHost === window.location.hostname;
  if (!hasPasskeys && ways.oidc === null) return null;
  const failure = byPasskey.error ?? byIssuer.error;
  return (
    <div className={styles.others}>
      <p className={styles.or}>{words.session.or}</p>
      <FormError message={failure ? wordsOf(failure) : null} />
      {ways.oidc !== null && (
        <Button
          icon={<LogIn size={16} aria-hidden />}
          isBusy={byIssuer.isPending || byIssuer.isSuccess}
          onClick={() => byIssuer.mutate()}
        >
          <span className="given">{words.session.byIssuer(plainText(ways.oidc.label))}</span>
        </Button>
      )}
      {hasPasskeys && (
        <Button
          icon={<Fingerprint size={16} aria-hidden />}
          isBusy={byPasskey.isPending}
          onClick={() => byPasskey.mutate()}
        >
          {words.session.byPasskey}
        </Button>
      )}
    </div>
  );
}
