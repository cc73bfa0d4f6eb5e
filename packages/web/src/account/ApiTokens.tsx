import type { ApiTokenView } from '@claimstead/wire/cloud-api/api-tokens';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { spacesQuery } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { Since } from '../ui/Since.tsx';
import { plainText } from '../ui/plain-text.ts';
import { momentWords } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { accountKeys, apiTokensQuery, revokeApiToken } from './account-queries.ts';
import { accountWords } from './account-words.ts';
import { MakeApiToken } from './MakeApiToken.tsx';
import { AskedList, Section } from './Section.tsx';
import styles from './AccountPage.module.css';

const says = accountWords.tokens;

/** The tokens of the account, whichever Space they are for. */
export function ApiTokens() {
  const tokens = useQuery(apiTokensQuery);
  const { data: spaces } = useQuery(spacesQuery);
  const [isMaking, setIsMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiTokenView | null>(null);
  const nowMs = useNow(60_000);
  const canMake = spaces !== undefined && spaces.length > 0;
  const nameOf = (spaceId: string): string => spaces?.find(({ id }) => id === spaceId)?.name ?? says.goneSpace;
  return (
    <Section
      title={says.title}
      intro={says.intro}
      action={canMake && <Button onClick={() => setIsMaking(true)}>{says.make}</Button>}
    >
      <AskedList query={tokens} empty={spaces?.length === 0 ? says.noSpace : says.none}>
        {(token) => (
          <li key={token.id} className={styles.row}>
            <div className={styles.what}>
              <span className={`${styles.name} given-line`}>{plainText(token.name)}</span>
              <span className={styles.about}>
                <span className="given">{says.about(plainText(nameOf(token.spaceId)), token.role)}</span>
                <span>
                  {Date.parse(token.expiresAt) <= nowMs ? says.expired : says.expires(momentWords(token.expiresAt))}
                </span>
                {token.lastUsedAt === null ? (
                  <span>{says.neverUsed}</span>
                ) : (
                  <Since at={token.lastUsedAt} say={says.used} />
                )}
              </span>
            </div>
            <Button
              size="s"
              look="danger"
              aria-label={says.revokeOf(plainText(token.name))}
              onClick={() => setRevoking(token)}
            >
              {says.revoke}
            </Button>
          </li>
        )}
      </AskedList>
      {isMaking && spaces && <MakeApiToken spaces={spaces} onClose={() => setIsMaking(false)} />}
      {revoking && <Revoke token={revoking} onClose={() => setRevoking(null)} />}
    </Section>
  );
}

function Revoke({ token, onClose }: { token: ApiTokenView; onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeApiToken(token.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountKeys.tokens });
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={says.revokeTitle}
      confirmLabel={says.revokeButton}
      isBusy={revoke.isPending}
      failure={revoke.error ? wordsOf(revoke.error) : null}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p className="given">{says.revokeSays(plainText(token.name))}</p>
    </ConfirmModal>
  );
}
