// The webhooks of a Space: WebhooksPage.tsx (the list), WebhookCard.tsx (one of them), WebhookForm.tsx (address and kinds), SecretModal.tsx.

import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { WebhookView } from '@claimstead/wire/cloud-api/webhooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { useSpace } from '../space/use-current-space.ts';
import { Button } from '../ui/Button.tsx';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { EmptyState, Notice, Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { SecretModal } from './SecretModal.tsx';
import { WebhookCard } from './WebhookCard.tsx';
import { WebhookForm } from './WebhookForm.tsx';
import styles from './WebhooksPage.module.css';
import { removeWebhook, renewWebhookSecret, webhooksKey, webhooksQuery } from './webhook-queries.ts';
import { webhookWords } from './webhook-words.ts';

type Open =
  | { what: 'add' }
  | { what: 'change' | 'renew' | 'remove'; webhook: WebhookView }
  | { what: 'secret'; secret: string };

export function WebhooksPage() {
  useTitle(webhookWords.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/webhooks' });
  const space = useSpace(spaceId);
  const mayNot = space !== undefined && !roleMay(space.role, 'manage-space');
  return (
    <div className={styles.page}>
      <h1>{webhookWords.title}</h1>
      <p className={styles.intro}>{webhookWords.intro}</p>
      {mayNot ? <Notice tone="info" title={webhookWords.onlyAdmins} /> : <Webhooks spaceId={spaceId} />}
    </div>
  );
}

function Webhooks({ spaceId }: { spaceId: string }) {
  const queries = useQueryClient();
  const webhooks = useQuery(webhooksQuery(spaceId));
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const renewed = (): Promise<void> => queries.invalidateQueries({ queryKey: webhooksKey(spaceId) });
  const remove = useMutation({
    mutationFn: ({ id }: WebhookView) => removeWebhook(spaceId, id),
    onSuccess: async () => {
      await renewed();
      close();
    },
  });
  const renew = useMutation({
    mutationFn: ({ id }: WebhookView) => renewWebhookSecret(spaceId, id),
    onSuccess: ({ secret }) => setOpen({ what: 'secret', secret }),
  });
  const add = (
    <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setOpen({ what: 'add' })}>
      {webhookWords.add}
    </Button>
  );
  return (
    <>
      {webhooks.isError && !webhooks.data ? (
        <EmptyState
          title={words.shared.failedTitle}
          action={<Button onClick={() => void webhooks.refetch()}>{words.shared.again}</Button>}
        >
          {wordsOf(webhooks.error)}
        </EmptyState>
      ) : !webhooks.data ? (
        <Skeleton rows={3} heightPx={96} label={words.shared.loading} />
      ) : webhooks.data.length === 0 ? (
        <EmptyState icon={<Webhook size={24} aria-hidden />} title={webhookWords.noneTitle} action={add}>
          {webhookWords.none}
        </EmptyState>
      ) : (
        <>
          <div className={styles.tools}>{add}</div>
          <ul className={styles.list} aria-label={webhookWords.title}>
            {webhooks.data.map((webhook) => (
              <WebhookCard
                key={webhook.id}
                spaceId={spaceId}
                webhook={webhook}
                onTested={() => void renewed()}
                onAsked={(what) => setOpen({ what, webhook })}
              />
            ))}
          </ul>
          <p className={styles.hint}>{webhookWords.howTo}</p>
        </>
      )}
      {(open?.what === 'add' || open?.what === 'change') && (
        <WebhookForm
          spaceId={spaceId}
          webhook={open.what === 'change' ? open.webhook : undefined}
          onSaved={(secret) => {
            void renewed();
            setOpen(secret === undefined ? null : { what: 'secret', secret });
          }}
          onClose={close}
        />
      )}
      {open?.what === 'secret' && <SecretModal secret={open.secret} onClose={close} />}
      {open?.what === 'renew' && (
        <ConfirmModal
          title={webhookWords.renewTitle}
          confirmLabel={webhookWords.renewButton}
          isBusy={renew.isPending}
          failure={renew.error ? wordsOf(renew.error) : null}
          onConfirm={() => renew.mutate(open.webhook)}
          onClose={close}
        >
          <p className="given">{webhookWords.renewSays(open.webhook.url)}</p>
        </ConfirmModal>
      )}
      {open?.what === 'remove' && (
        <ConfirmModal
          title={webhookWords.removeTitle}
          confirmLabel={webhookWords.removeButton}
          isBusy={remove.isPending}
          failure={remove.error ? wordsOf(remove.error) : null}
          onConfirm={() => remove.mutate(open.webhook)}
          onClose={close}
        >
          <p className="given">{webhookWords.removeSays(plainText(open.webhook.url), open.webhook.waiting)}</p>
        </ConfirmModal>
      )}
    </>
  );
}
