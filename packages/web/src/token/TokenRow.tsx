import type { ClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import { AlertTriangle } from 'lucide-react';
import type { ReactNode } from 'react';
import { afterWords } from '../ephemeral/ephemeral-choices.ts';
import { ephemeralWords } from '../ephemeral/ephemeral-words.ts';
import { Button } from '../ui/Button.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import { durationWords, momentWords } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { tokenWords } from './token-words.ts';
import styles from './Tokens.module.css';

export type TokenAct = 'view' | 'change' | 'regenerate' | 'revoke';

/** One token: what it is for, what it may still do, what it has done. */
export function TokenRow({ token, onAct }: { token: ClaimTokenView; onAct: (act: TokenAct) => void }) {
  const isOver = token.state === 'revoked' || token.state === 'expired';
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <h2 className={styles.name}>
          <span className="given-line">{plainText(token.name)}</span>
        </h2>
        <span className={styles.state} data-state={token.state}>
          {tokenWords.states[token.state]}
        </span>
        {token.kind === 'standing' && (
          <span className={styles.state} data-state="standing">
            {tokenWords.standing}
          </span>
        )}
        <span className={styles.actions}>
          {token.state !== 'revoked' && (
            <>
              {token.kind === 'standing' && (
                <Button size="s" aria-label={tokenWords.viewOf(plainText(token.name))} onClick={() => onAct('view')}>
                  {tokenWords.view}
                </Button>
              )}
              {token.kind !== 'command' && (
                <>
                  <Button
                    size="s"
                    aria-label={tokenWords.changeOf(plainText(token.name))}
                    onClick={() => onAct('change')}
                  >
                    {tokenWords.change}
                  </Button>
                  <Button
                    size="s"
                    aria-label={tokenWords.regenerateOf(plainText(token.name))}
                    onClick={() => onAct('regenerate')}
                  >
                    {tokenWords.regenerate}
                  </Button>
                </>
              )}
              {!isOver && (
                <Button
                  size="s"
                  look="danger"
                  aria-label={tokenWords.revokeOf(plainText(token.name))}
                  onClick={() => onAct('revoke')}
                >
                  {tokenWords.revoke}
                </Button>
              )}
            </>
          )}
        </span>
      </div>
      <p className={styles.maker}>
        {tokenWords.made} <Since at={token.createdAt} say={tokenWords.ago} /> <Maker token={token} />
        {token.kind === 'command' && `, ${tokenWords.fromAddNodes.toLowerCase()}`}
      </p>
      <Doubts token={token} />
      <dl className={styles.facts}>
        <Fact name={tokenWords.uses}>{tokenWords.usesTaken(token.usesTaken, token.usesLeft)}</Fact>
        <Fact name={tokenWords.ends}>
          {token.expiresAt === null ? tokenWords.never : <Ends at={token.revokedAt ?? token.expiresAt} />}
        </Fact>
        <Fact name={tokenWords.lastUsed}>
          {token.lastUsedAt === null ? tokenWords.notUsed : <Since at={token.lastUsedAt} say={tokenWords.ago} />}
        </Fact>
        <Fact name={tokenWords.rooms}>
          {token.rooms.map(({ name }) => plainText(name)).join(', ') || tokenWords.noRooms}
        </Fact>
        <Fact name={tokenWords.networks}>{token.sourceNetworks.map(plainText).join(', ') || tokenWords.anywhere}</Fact>
        {token.admitsByHand && <Fact name={tokenWords.admission}>{tokenWords.byHand}</Fact>}
        {token.ephemeralAfterMs !== null && (
          <Fact name={ephemeralWords.tokenFact}>{ephemeralWords.tokenAfter(afterWords(token.ephemeralAfterMs))}</Fact>
        )}
      </dl>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="given">{children}</dd>
    </div>
  );
}

function Maker({ token: { madeBy } }: { token: ClaimTokenView }) {
  if (madeBy === null) return tokenWords.byConsole;
  return <bdi>{madeBy.name === null ? tokenWords.byGone : tokenWords.by(plainText(madeBy.name))}</bdi>;
}

/** Why somebody should think about a token that still works. */
function Doubts({ token: { state, madeBy, restoredFrom } }: { token: ClaimTokenView }) {
  const isOver = state === 'revoked' || state === 'expired';
  const doubts = [
    ...(restoredFrom === null ? [] : [tokenWords.restoredFrom(momentWords(restoredFrom))]),
    ...(isOver || madeBy === null || madeBy.isAdministrator
      ? []
      : [tokenWords.noAdministrator(madeBy.name === null ? null : plainText(madeBy.name))]),
  ];
  return doubts.map((doubt) => (
    <p key={doubt} className={`${styles.doubt} given`}>
      <AlertTriangle size={16} aria-hidden />
      <span>{doubt}</span>
    </p>
  ));
}

function Ends({ at }: { at: string }) {
  const leftMs = Date.parse(at) - useNow(30_000);
  return (
    <time dateTime={at} title={momentWords(at)}>
      {leftMs > 0 ? tokenWords.endsIn(durationWords(leftMs)) : tokenWords.ago(durationWords(-leftMs))}
    </time>
  );
}
