// Claiming tokens of a Space, for its administrators. Reading order: TokensPage.tsx (the list), TokenRow.tsx, TokenSheets.tsx (what is done
// with one), TokenForm.tsx, token-form.ts (its rules), token-queries.ts, token-words.ts.

import type { ClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { AdmissionSwitch } from '../admission/AdmissionSwitch.tsx';
import { wordsOf } from '../api/error-words.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { tokensQuery } from './token-queries.ts';
import { tokenWords } from './token-words.ts';
import { TokenRow, type TokenAct } from './TokenRow.tsx';
import { ChangeToken, MakeToken, RegenerateToken, RevokeToken, ViewToken } from './TokenSheets.tsx';
import { useRenewAtClaims } from './use-renew-at-claims.ts';
import styles from './Tokens.module.css';

export function TokensPage() {
  useTitle(tokenWords.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/tokens' });
  const space = useSpace(spaceId);
  if (space && space.role !== 'admin')
    return (
      <div className={styles.page}>
        <h1>{tokenWords.title}</h1>
        <Notice tone="info" title={tokenWords.onlyAdmins} />
      </div>
    );
  return <Tokens spaceId={spaceId} />;
}

function Tokens({ spaceId }: { spaceId: string }) {
  const tokens = useQuery(tokensQuery(spaceId));
  useRenewAtClaims(spaceId);
  const [which, setWhich] = useState<'in-use' | 'ended'>('in-use');
  const [making, setMaking] = useState<'named' | 'standing' | null>(null);
  const [acting, setActing] = useState<{ act: TokenAct; token: ClaimTokenView } | null>(null);
  const shown = tokens.data?.filter(({ state }) => (state === 'valid') === (which === 'in-use')).toReversed();
  const hasStanding = tokens.data?.some(({ kind, state }) => kind === 'standing' && state !== 'revoked');
  const close = (): void => setActing(null);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <h1>{tokenWords.title}</h1>
          <p className={styles.intro}>{tokenWords.intro}</p>
        </div>
        <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking('named')}>
          {tokenWords.make}
        </Button>
      </header>
      {tokens.isPending && <Skeleton rows={3} heightPx={124} label={words.shared.loading} />}
      {tokens.isError && !tokens.data && (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void tokens.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(tokens.error)}
        </EmptyState>
      )}
      {shown && (
        <>
          <Segmented<'in-use' | 'ended'>
            label={tokenWords.filter}
            value={which}
            options={[
              { value: 'in-use', label: tokenWords.inUse },
              { value: 'ended', label: tokenWords.ended },
            ]}
            onChange={setWhich}
          />
          {shown.length === 0 ? (
            <EmptyState
              icon={<KeyRound size={24} aria-hidden />}
              title={which === 'in-use' ? tokenWords.noneTitle : tokenWords.noneEndedTitle}
            >
              {which === 'in-use' ? tokenWords.none : tokenWords.noneEnded}
            </EmptyState>
          ) : (
            <ul className={styles.list} data-testid="tokens">
              {shown.map((token) => (
                <TokenRow key={token.id} token={token} onAct={(act) => setActing({ act, token })} />
              ))}
            </ul>
          )}
          {which === 'in-use' && !hasStanding && (
            <section className={styles.standing}>
              <h2>{tokenWords.standing}</h2>
              <p>{tokenWords.standingSays}</p>
              <Button size="s" onClick={() => setMaking('standing')}>
                {tokenWords.makeStanding}
              </Button>
            </section>
          )}
          {which === 'ended' && shown.length > 0 && <p className={styles.hint}>{tokenWords.endedHint}</p>}
        </>
      )}
      <AdmissionSwitch spaceId={spaceId} />
      {making && <MakeToken spaceId={spaceId} kind={making} onClose={() => setMaking(null)} />}
      {acting?.act === 'view' && <ViewToken spaceId={spaceId} token={acting.token} onClose={close} />}
      {acting?.act === 'change' && <ChangeToken spaceId={spaceId} token={acting.token} onClose={close} />}
      {acting?.act === 'regenerate' && <RegenerateToken spaceId={spaceId} token={acting.token} onClose={close} />}
      {acting?.act === 'revoke' && <RevokeToken spaceId={spaceId} token={acting.token} onClose={close} />}
    </div>
  );
}
