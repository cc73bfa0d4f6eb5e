// Panels over the list of tokens: a new one, a changed one, and the text that is shown once.

import type { ClaimTokenView, NewClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { ClaimCommand } from '../claim/ClaimCommand.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FormFoot } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { draftOf, newDraft, type TokenWish } from './token-form.ts';
import {
  changeToken,
  makeStandingToken,
  makeToken,
  regenerateToken,
  revokeToken,
  tokensKey,
  viewToken,
} from './token-queries.ts';
import { tokenWords } from './token-words.ts';
import { TokenForm } from './TokenForm.tsx';
import styles from './Tokens.module.css';

const useRenewTokens = (spaceId: string) => {
  const queries = useQueryClient();
  return (): Promise<void> => queries.invalidateQueries({ queryKey: tokensKey(spaceId) });
};

export function MakeToken({
  spaceId,
  kind,
  onClose,
}: {
  spaceId: string;
  kind: 'named' | 'standing';
  onClose: () => void;
}) {
  const renew = useRenewTokens(spaceId);
  const isStanding = kind === 'standing';
  const make = useMutation({
    mutationFn: ({ lifetimeMs, ...wish }: TokenWish) =>
      lifetimeMs === undefined ? makeStandingToken(spaceId, wish) : makeToken(spaceId, { ...wish, lifetimeMs }),
    // The answer holds the token: it is shown, and not kept after this.
    gcTime: 0,
    onSuccess: renew,
  });
  return (
    <Sheet
      title={isStanding ? tokenWords.standing : tokenWords.making}
      closeLabel={words.shared.close}
      side="right"
      isOpen
      onClose={onClose}
    >
      {make.data ? (
        <TokenText made={make.data} says={isStanding ? null : tokenWords.shownOnce} onDone={onClose} />
      ) : (
        <TokenForm
          spaceId={spaceId}
          before={isStanding ? { ...newDraft, days: null } : newDraft}
          end={isStanding ? 'never' : 'chosen'}
          isBusy={make.isPending}
          failure={make.error ? wordsOf(make.error) : null}
          saveLabel={isStanding ? tokenWords.makeStanding : tokenWords.make}
          onSave={(wish) => make.mutate(wish)}
          onCancel={onClose}
        />
      )}
    </Sheet>
  );
}

/** The standing token once more. It is asked for when somebody clicks, because each look is written down. */
export function ViewToken({
  spaceId,
  token,
  onClose,
}: {
  spaceId: string;
  token: ClaimTokenView;
  onClose: () => void;
}) {
  const view = useMutation({ mutationFn: () => viewToken(spaceId, token.id), gcTime: 0 });
  return (
    <Sheet title={tokenWords.standing} closeLabel={words.shared.close} side="right" isOpen onClose={onClose}>
      {view.data ? (
        <TokenText made={view.data} says={null} onDone={onClose} />
      ) : (
        <div className={styles.text}>
          <p className="given">{plainText(token.name)}</p>
          <p>{tokenWords.standingSays}</p>
          <FormError message={view.error ? wordsOf(view.error) : null} />
          <FormFoot>
            <Button look="quiet" onClick={onClose}>
              {words.shared.cancel}
            </Button>
            <Button look="primary" isBusy={view.isPending} onClick={() => view.mutate()}>
              {tokenWords.view}
            </Button>
          </FormFoot>
        </div>
      )}
    </Sheet>
  );
}

export function ChangeToken({
  spaceId,
  token,
  onClose,
}: {
  spaceId: string;
  token: ClaimTokenView;
  onClose: () => void;
}) {
  const renew = useRenewTokens(spaceId);
  const change = useMutation({
    mutationFn: (wish: Parameters<typeof changeToken>[2]) => changeToken(spaceId, token.id, wish),
    onSuccess: async () => {
      await renew();
      onClose();
    },
  });
  return (
    <Sheet title={tokenWords.changing} closeLabel={words.shared.close} side="right" isOpen onClose={onClose}>
      <TokenForm
        spaceId={spaceId}
        before={draftOf(token)}
        end={token.expiresAt === null ? 'never' : 'may-stay'}
        isBusy={change.isPending}
        failure={change.error ? wordsOf(change.error) : null}
        saveLabel={words.shared.save}
        onSave={(wish) => change.mutate(wish)}
        onCancel={onClose}
      />
    </Sheet>
  );
}

/** Asks first, then shows the new text. */
export function RegenerateToken({
  spaceId,
  token,
  onClose,
}: {
  spaceId: string;
  token: ClaimTokenView;
  onClose: () => void;
}) {
  const renew = useRenewTokens(spaceId);
  const regenerate = useMutation({
    mutationFn: () => regenerateToken(spaceId, token.id),
    gcTime: 0,
    onSuccess: renew,
  });
  if (regenerate.data)
    return (
      <Sheet title={token.name} closeLabel={words.shared.close} side="right" isOpen onClose={onClose}>
        <TokenText
          made={regenerate.data}
          says={token.kind === 'standing' ? null : tokenWords.shownOnce}
          onDone={onClose}
        />
      </Sheet>
    );
  return (
    <ConfirmModal
      title={tokenWords.regenerateTitle}
      confirmLabel={tokenWords.regenerateButton}
      isBusy={regenerate.isPending}
      failure={regenerate.error ? wordsOf(regenerate.error) : null}
      onConfirm={() => regenerate.mutate()}
      onClose={onClose}
    >
      {tokenWords.regenerateSays(plainText(token.name)).map((sentence) => (
        <p key={sentence} className="given">
          {sentence}
        </p>
      ))}
    </ConfirmModal>
  );
}

export function RevokeToken({
  spaceId,
  token,
  onClose,
}: {
  spaceId: string;
  token: ClaimTokenView;
  onClose: () => void;
}) {
  const renew = useRenewTokens(spaceId);
  const revoke = useMutation({
    mutationFn: () => revokeToken(spaceId, token.id),
    onSuccess: async () => {
      await renew();
      onClose();
    },
  });
  return (
    <ConfirmModal
      title={tokenWords.revokeTitle}
      confirmLabel={tokenWords.revokeButton}
      isBusy={revoke.isPending}
      failure={revoke.error ? wordsOf(revoke.error) : null}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      {tokenWords.revokeSays(plainText(token.name), token.usesTaken).map((sentence) => (
        <p key={sentence} className="given">
          {sentence}
        </p>
      ))}
    </ConfirmModal>
  );
}

/** The text of a token with its commands. */
export function TokenText({
  made: { token, command },
  says,
  onDone,
}: {
  made: NewClaimTokenView;
  says: string | null;
  onDone: () => void;
}) {
  const [isOpen, setIsOpen] = useState(true);
  if (!isOpen) return null;
  return (
    <div className={styles.text}>
      <p className="given">{plainText(token.name)}</p>
      {says !== null && <Notice tone="stale" title={says} />}
      <div className={styles.secret}>
        <code data-testid="token-text">{command.token}</code>
        <CopyButton text={command.token} words={words.shared.copy} />
      </div>
      <ClaimCommand command={command} isOutdated={false} usesTaken={null} />
      <FormFoot>
        <Button
          look="primary"
          onClick={() => {
            setIsOpen(false);
            onDone();
          }}
        >
          {tokenWords.done}
        </Button>
      </FormFoot>
    </div>
  );
}
