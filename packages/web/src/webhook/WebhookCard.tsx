import type { WebhookView } from '@claimstead/wire/cloud-api/webhooks';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import styles from './WebhookCard.module.css';
import { testWebhook } from './webhook-queries.ts';
import { webhookWords } from './webhook-words.ts';

export interface WebhookCardProps {
  spaceId: string;
  webhook: WebhookView;
  onTested: () => void;
  onAsked: (what: 'change' | 'renew' | 'remove') => void;
}

/** One webhook: where it leads, what it is told, and what became of the last delivery. */
export function WebhookCard({ spaceId, webhook, onTested, onAsked }: WebhookCardProps) {
  const { url, kinds, last, waiting } = webhook;
  const test = useMutation({ mutationFn: () => testWebhook(spaceId, webhook.id), onSettled: onTested });
  return (
    <li className={styles.card}>
      <div className={styles.what}>
        <p className={`${styles.url} given`}>{plainText(url)}</p>
        <ul className={styles.kinds}>
          {kinds.map((kind) => (
            <li key={kind}>{webhookWords.short[kind]}</li>
          ))}
        </ul>
        <p className={styles.last} data-delivered={last?.isDelivered ?? 'none'}>
          {last === null ? (
            <>
              <CircleDashed size={15} aria-hidden /> {webhookWords.never}
            </>
          ) : last.isDelivered ? (
            <>
              <CircleCheck size={15} aria-hidden /> <Since at={last.at} say={webhookWords.delivered} />
            </>
          ) : (
            <>
              <CircleAlert size={15} aria-hidden />
              <span>
                <Since at={last.at} say={webhookWords.failed} />:{' '}
                <span className="given">{plainText(last.outcome)}</span>
              </span>
            </>
          )}
          {waiting > 0 && <span className={styles.waiting}>{webhookWords.waiting(waiting)}</span>}
        </p>
      </div>
      <div className={styles.actions}>
        <Button
          size="s"
          isBusy={test.isPending}
          aria-label={webhookWords.testOf(plainText(url))}
          onClick={() => test.mutate()}
        >
          {webhookWords.test}
        </Button>
        <Button size="s" aria-label={webhookWords.changeOf(plainText(url))} onClick={() => onAsked('change')}>
          {webhookWords.change}
        </Button>
        <Button size="s" aria-label={webhookWords.renewOf(plainText(url))} onClick={() => onAsked('renew')}>
          {webhookWords.renew}
        </Button>
        <Button
          size="s"
          look="danger"
          aria-label={webhookWords.removeOf(plainText(url))}
          onClick={() => onAsked('remove')}
        >
          {webhookWords.remove}
        </Button>
      </div>
      {test.data && (
        <div className={styles.notice}>
          <Notice
            tone={test.data.isDelivered ? 'info' : 'stale'}
            title={
              test.data.isDelivered ? webhookWords.testDelivered : webhookWords.testFailed(plainText(test.data.outcome))
            }
          />
        </div>
      )}
      {test.error && (
        <div className={styles.notice}>
          <Notice tone="offline" title={wordsOf(test.error)} />
        </div>
      )}
    </li>
  );
}
