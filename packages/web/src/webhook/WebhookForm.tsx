import { webhookKinds, type WebhookKind, type WebhookView } from '@claimstead/wire/cloud-api/webhooks';
import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { words } from '../words.ts';
import styles from './WebhookForm.module.css';
import { changeWebhook, createWebhook } from './webhook-queries.ts';
import { webhookWords } from './webhook-words.ts';

export interface WebhookFormProps {
  spaceId: string;
  /** Undefined: a new one. */
  webhook: WebhookView | undefined;
  /** With the secret of a new one. */
  onSaved: (secret: string | undefined) => void;
  onClose: () => void;
}

/** Asks for the address and what it is told; the Cloud says what is wrong with an address. */
export function WebhookForm({ spaceId, webhook, onSaved, onClose }: WebhookFormProps) {
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [kinds, setKinds] = useState<readonly WebhookKind[]>(webhook?.kinds ?? ['node-live', 'node-offline']);
  const save = useMutation({
    mutationFn: async (): Promise<string | undefined> => {
      const settings = { url: url.trim(), kinds: webhookKinds.filter((kind) => kinds.includes(kind)) };
      if (webhook === undefined) return (await createWebhook(spaceId, settings)).secret;
      await changeWebhook(spaceId, webhook.id, settings);
      return undefined;
    },
    onSuccess: onSaved,
  });
  const isWhole = URL.canParse(url.trim()) && kinds.length > 0;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isWhole) save.mutate();
  };
  return (
    <Dialog onClose={onClose} title={webhook === undefined ? webhookWords.addTitle : webhookWords.changeTitle}>
      <form onSubmit={onSubmit}>
        <FormStack>
          <TextInput
            type="url"
            label={webhookWords.url}
            description={webhookWords.urlHint}
            placeholder={webhookWords.urlExample}
            value={url}
            maxLength={2048}
            required
            withAsterisk={false}
            data-autofocus
            onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          />
          <fieldset className={styles.kinds}>
            <legend>{webhookWords.kindsLabel}</legend>
            {webhookKinds.map((kind) => (
              <label key={kind} className={styles.kind}>
                <input
                  type="checkbox"
                  checked={kinds.includes(kind)}
                  onChange={({ currentTarget: { checked } }) =>
                    setKinds(checked ? [...kinds, kind] : kinds.filter((other) => other !== kind))
                  }
                />
                <span>{webhookWords.kinds[kind]}</span>
              </label>
            ))}
          </fieldset>
          <FormError message={save.error ? wordsOf(save.error) : null} />
          <FormFoot>
            <Button look="quiet" onClick={onClose}>
              {words.shared.cancel}
            </Button>
            <Button type="submit" look="primary" isBusy={save.isPending} disabled={!isWhole}>
              {webhook === undefined ? webhookWords.add : words.shared.save}
            </Button>
          </FormFoot>
        </FormStack>
      </form>
    </Dialog>
  );
}
