import type { ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { Fragment, useState } from 'react';
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
  const isSudo = form === 'sudo';
  const trust = isSudo ? command.sudoTrustCommand : command.trustCommand;
  const claim = isSudo ? command.sudoCommand : command.command;
  return (
    <div className={styles.commands} aria-busy={isOutdated}>
      <div className={styles.head}>
        <h2>{words.claim.runOn}</h2>
        <Segmented label={words.claim.form} value={form} options={forms} onChange={setForm} />
      </div>
      {trust !== null && (
        <section className={styles.step}>
          <div className={styles.head}>
            <h3>{words.claim.trustTitle}</h3>
            <CopyButton text={trust} words={words.shared.copy} />
          </div>
          <p className={styles.says}>{words.claim.trustSays}</p>
          <Shell text={trust} testId="trust-command" label={words.claim.trustTitle} isLong />
        </section>
      )}
      <section className={styles.step}>
        <div className={styles.head}>
          <h3>{trust === null ? words.claim.commandTitleAlone : words.claim.commandTitle}</h3>
          <CopyButton text={claim} words={words.shared.copy} />
        </div>
        <Shell text={claim} testId="claim-command" label={words.claim.commandTitle} isLong={false} />
        <p className={styles.says}>
          {command.expiresAt === null ? words.claim.neverExpires : words.claim.expires(momentWords(command.expiresAt))}
        </p>
      </section>
    </div>
  );
}

/** Breaks between words, not after each hyphen; a token longer than the line breaks anywhere. The text itself stays as it is. */
function Words({ text }: { text: string }) {
  return text.split(' ').map((word, n) => (
    // Words of one command never move.
    <Fragment key={n}>
      {n > 0 && ' '}
      <span className={styles.word}>{word}</span>
    </Fragment>
  ));
}

/** A command as it is pasted into a shell; a long one scrolls inside. */
function Shell({ text, testId, label, isLong }: { text: string; testId: string; label: string; isLong: boolean }) {
  return (
    <pre className={styles.shell} data-long={isLong} tabIndex={0} aria-label={label}>
      <code data-testid={testId}>{isLong ? text : <Words text={text} />}</code>
    </pre>
  );
}
