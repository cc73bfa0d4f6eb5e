import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { plainText } from '../ui/plain-text.ts';
import { manageWords } from './manage-words.ts';
import { shortFingerprint } from './managed-nodes.ts';
import styles from './KeyFingerprint.module.css';

/** The beginning of a key's fingerprint; a click copies all of it. */
export function KeyFingerprint({ hex, host }: { hex: string | null | undefined; host: string }) {
  const [copied, setCopied] = useState(false);
  if (!hex) return <span className={styles.none}>{hex === null ? manageWords.noKey : ''}</span>;
  return (
    <button
      type="button"
      className={styles.key}
      title={`${manageWords.keyCaption}: ${hex}`}
      aria-label={`${shortFingerprint(hex)}. ${plainText(manageWords.copyKey(host))}`}
      onClick={() => {
        navigator.clipboard.writeText(hex).then(
          () => setCopied(true),
          () => setCopied(false),
        );
      }}
      onBlur={() => setCopied(false)}
    >
      <code>{shortFingerprint(hex)}</code>
      {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      <span className="only-read" aria-live="polite">
        {copied ? manageWords.copied : ''}
      </span>
    </button>
  );
}
