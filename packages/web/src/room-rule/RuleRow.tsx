import type { RoomRule } from '@claimstead/wire/cloud-api/room-rules';
import { TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from '../ui/Button.tsx';
import { isUnsaid, ruleOf, type RuleDraft } from './room-rule-draft.ts';
import { roomRuleWords } from './room-rule-words.ts';
import styles from './RoomRules.module.css';

export interface RuleRowProps {
  draft: RuleDraft;
  number: number;
  /** Somebody wanted to save it: what is missing is said. */
  isTried: boolean;
  /** Undefined while that is not known. */
  count: number | undefined;
  onChange: (draft: RuleDraft) => void;
  onRemove: () => void;
}

/** One rule: what it looks at, and what it looks for. */
export function RuleRow({ draft, number, isTried, count, onChange, onRemove }: RuleRowProps) {
  const byId = useId();
  const isWrong = ruleOf(draft) === undefined;
  const isMissing = isUnsaid(draft.pattern) || (draft.by === 'label' && isUnsaid(draft.key));
  const fault = !isWrong || (isMissing && !isTried) ? null : isMissing ? roomRuleWords.missing : roomRuleWords.fault;
  return (
    <li>
      <fieldset className={styles.rule}>
        <legend className="only-read">{roomRuleWords.rule(number)}</legend>
        <label htmlFor={byId} className="only-read">
          {roomRuleWords.by}
        </label>
        <select
          id={byId}
          className={styles.by}
          value={draft.by}
          onChange={({ target }) => onChange({ ...draft, by: target.value as RoomRule['by'] })}
        >
          <option value="host-name">{roomRuleWords.hostName}</option>
          <option value="label">{roomRuleWords.label}</option>
        </select>
        {draft.by === 'label' && (
          <TextInput
            className={styles.text}
            aria-label={roomRuleWords.key}
            placeholder={fault === null ? roomRuleWords.keyExample : ''}
            value={draft.key}
            maxLength={128}
            spellCheck={false}
            autoCapitalize="none"
            error={fault !== null && isUnsaid(draft.key)}
            onChange={(event) => onChange({ ...draft, key: event.currentTarget.value })}
          />
        )}
        <TextInput
          className={styles.text}
          aria-label={roomRuleWords.pattern}
          placeholder={fault === null ? roomRuleWords.example[draft.by] : ''}
          value={draft.pattern}
          maxLength={128}
          spellCheck={false}
          autoCapitalize="none"
          autoFocus={draft.pattern === ''}
          error={fault !== null && (!isMissing || isUnsaid(draft.pattern))}
          onChange={(event) => onChange({ ...draft, pattern: event.currentTarget.value })}
        />
        <IconButton label={roomRuleWords.remove(number)} onClick={onRemove}>
          <Trash2 size={17} />
        </IconButton>
        <p className={styles.count} data-fault={fault !== null} role={fault === null ? undefined : 'alert'}>
          {fault ?? (count === undefined ? '' : roomRuleWords.names(count))}
        </p>
      </fieldset>
    </li>
  );
}
