import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { words } from '../words.ts';
import styles from './WebhookForm.module.css';
import { webhookWords } from './webhook-words.ts';

/** A secret, once: a click beside it does not close it. */
export function SecretModal({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog onClose={onClose} closeOnClickOutside={false} title={webhookWords.secretTitle}>
      <FormStack>
        <p>{webhookWords.secretSays}</p>
        <p className={styles.secret}>
          <code>{secret}</code>
          <CopyButton text={secret} words={words.shared.copy} />
        </p>
        <FormFoot>
          <Button look="primary" onClick={onClose}>
            {webhookWords.secretDone}
          </Button>
        </FormFoot>
      </FormStack>
    </Dialog>
  );
}
