import { becomeAgentUser, claimCommands, ProxySetting, type ClaimForm } from '@claimstead/wire/claim/claim-command';
import type { ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { TextInput } from '@mantine/core';
import { Fragment, useState } from 'react';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import styles from './ClaimCommand.module.css';

const forms: readonly { value: ClaimForm; label: string }[] = [
  { value: 'user', label: words.claim.forms.user },
  { value: 'sudo', label: words.claim.forms.sudo },
  { value: 'docker-exec', label: words.claim.forms.dockerExec },
  { value: 'docker-run', label: words.claim.forms.dockerRun },
];

/**
 * The command to paste, before it the one that makes the agent trust this Cloud. `isOutdated`: another one is on its way. The proxy is put in
 * here, in the browser: it may hold a password, which is nothing that the Cloud needs to see.
 */
export function ClaimCommand({
  command,
  isOutdated,
  usesTaken,
}: {
  command: ClaimCommandView;
  isOutdated: boolean;
  /** Null = not told here. */
  usesTaken: number | null;
}) {
  const [form, setForm] = useState<ClaimForm>('user');
  const [proxyText, setProxyText] = useState('');
  const [isProxyOpen, setIsProxyOpen] = useState(false);
  const proxy = ProxySetting.safeParse(proxyText);
  const isProxyWrong = proxyText.trim() !== '' && !proxy.success;
  const parts = { ...command, proxy: proxy.success ? proxy.data : null };
  const { trust, claim } = claimCommands(form, parts);
  return (
    <div className={styles.commands} aria-busy={isOutdated || isProxyWrong}>
      <div className={styles.head}>
        <h2>{words.claim.runOn}</h2>
        <Segmented label={words.claim.form} value={form} options={forms} onChange={setForm} />
      </div>
      <p className={styles.says}>
        {words.claim.formSays[form]}
        {form === 'user' && (
          <>
            {' '}
            <code className={styles.inline}>{becomeAgentUser}</code>
          </>
        )}
      </p>
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
          {!isProxyWrong && <CopyButton text={claim} words={words.shared.copy} />}
        </div>
        <Shell text={claim} testId="claim-command" label={words.claim.commandTitle} isLong={false} />
        <p className={styles.says} data-testid="token-says">
          {command.expiresAt === null
            ? words.claim.neverExpires
            : words.claim.expires(momentWords(command.expiresAt), usesTaken)}
        </p>
      </section>
      <details
        className={styles.proxy}
        open={isProxyOpen}
        onToggle={(event) => setIsProxyOpen(event.currentTarget.open)}
      >
        <summary>{words.claim.proxyTitle}</summary>
        <TextInput
          label={words.claim.proxy}
          description={words.claim.proxyHint}
          placeholder={words.claim.proxyExample}
          value={proxyText}
          maxLength={512}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          error={isProxyWrong ? words.claim.proxyFault : null}
          onChange={(event) => setProxyText(event.currentTarget.value)}
        />
      </details>
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
      <code data-testid={testId}>{text.includes('\n') ? text : <Words text={text} />}</code>
    </pre>
  );
}
