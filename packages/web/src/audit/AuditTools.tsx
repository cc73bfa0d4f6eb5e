import { useQuery } from '@tanstack/react-query';
import { Download, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AuditSearch } from '../paths.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { plainText } from '../ui/plain-text.ts';
import { SearchField } from '../ui/SearchField.tsx';
import styles from './AuditTools.module.css';
import { auditChoicesQuery, auditFile } from './audit-queries.ts';
import { auditWords } from './audit-words.ts';

/** Somebody who types is waited for, so that not every letter is asked. */
const typingMs = 300;

export interface AuditToolsProps {
  spaceId: string;
  search: AuditSearch;
  onChange: (change: { [Name in keyof AuditSearch]: AuditSearch[Name] | undefined }) => void;
}

/** What the rows are narrowed to, and the files of what is chosen. */
export function AuditTools({ spaceId, search, onChange }: AuditToolsProps) {
  const { data: choices } = useQuery(auditChoicesQuery(spaceId));
  const groups = [...new Set(choices?.kinds.map(({ group }) => group))];
  return (
    <div className={styles.tools}>
      <select
        aria-label={auditWords.kind}
        value={search.kind ?? ''}
        onChange={({ target }) => onChange({ kind: target.value || undefined })}
      >
        <option value="">{auditWords.anyKind}</option>
        {groups.map((group) => (
          <optgroup key={group} label={group}>
            {choices?.kinds
              .filter((choice) => choice.group === group)
              .map(({ kind, says }) => (
                <option key={kind} value={kind}>
                  {says}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <select
        aria-label={auditWords.person}
        value={search.account ?? ''}
        onChange={({ target }) => onChange({ account: target.value || undefined })}
      >
        <option value="">{auditWords.anyPerson}</option>
        {choices?.people.map(({ id, name, email }) => (
          <option key={id} value={id} dir="auto">
            {plainText(name ?? email ?? auditWords.goneAccount(id))}
          </option>
        ))}
      </select>
      <label className={styles.day}>
        <span>{auditWords.from}</span>
        <input
          type="date"
          value={search.from ?? ''}
          max={search.until}
          onChange={({ target }) => onChange({ from: target.value || undefined })}
        />
      </label>
      <label className={styles.day}>
        <span>{auditWords.until}</span>
        <input
          type="date"
          value={search.until ?? ''}
          min={search.from}
          onChange={({ target }) => onChange({ until: target.value || undefined })}
        />
      </label>
      {search.node !== undefined && (
        <Button size="s" icon={<X size={14} aria-hidden />} onClick={() => onChange({ node: undefined })}>
          {auditWords.allNodes}
        </Button>
      )}
      <Find value={search.find ?? ''} onChange={(find) => onChange({ find: find || undefined })} />
      <span className={styles.files} title={auditWords.downloadHint}>
        <Download size={15} aria-hidden />
        {(['csv', 'jsonl'] as const).map((format) => (
          <a
            key={format}
            className={buttonClass('plain', 's')}
            href={auditFile(spaceId, search, format)}
            download
            aria-label={`${auditWords.download} ${auditWords[format]}`}
          >
            {auditWords[format]}
          </a>
        ))}
      </span>
    </div>
  );
}

function Find({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      onChange(typed);
      setTyped(null);
    }, typingMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return <SearchField label={auditWords.find} value={typed ?? value} onChange={setTyped} />;
}
