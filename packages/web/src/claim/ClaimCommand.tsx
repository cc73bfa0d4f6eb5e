import type { ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { useState } from 'react';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import styles from './ClaimCommand.module.css';

const forms = [
  { value: 'plain', label: words.claim.plain },
  { value: 'sudo', label: words.claim.sudo },
] as const;

/** The command to paste, before it the one that makes the agent trust this Cloud. `isOutdated`: another one is on its way. */
export function ClaimCommand({ command, isOutdated }: { command: ClaimCommandView; isOutdated: boolean }) {
  const [form, setForm] = useState<'plain' | 'sudo'>('plain');
  const needsTrust = command.trustCommand !== null;
  const text = form === 'sudo' ? command.sudoCommand : command.command;
  return (
    <div className={styles.commands} aria-busy={isOutdated}>
      {command.trustCommand !== null && (
        <section className={styles.step}>
          <div className={styles.head}>
            <h2>{words.claim.trustTitle}</h2>
            <CopyButton text={command.trustCommand} words={words.shared.copy} />
          </div>
          <p className={styles.says}>{words.claim.trustSays}</p>
          <Shell text={command.trustCommand} testId="trust-command" label={words.claim.trustTitle} isLong />
        </section>
      )}
      <section className={styles.step}>
        <div className={styles.head}>
          <h2>{needsTrust ? words.claim.commandTitle : words.claim.commandTitleAlone}</h2>
          <Segmented label={words.claim.form} value={form} options={forms} onChange={setForm} />
          <CopyButton text={text} words={words.shared.copy} />
        </div>
        <Shell text={text} testId="claim-command" label={words.claim.commandTitle} isLong={false} />
        <p className={styles.says}>{words.claim.expires(momentWords(command.expiresAt))}</p>
      </section>
    </div>
  );
}

/** A command as it is pasted into a shell; a long one scrolls inside. */
function Shell({ text, testId, label, isLong }: { text: string; testId: string; label: string; isLong: boolean }) {
  return (
    <pre className={styles.shell} data-long={isLong} tabIndex={0} aria-label={label}>
      <code data-testid={testId}>{text}</code>
    </pre>
  );
}
