import styles from './AfterSelect.module.css';
import { afterChoices, afterWords } from './ephemeral-choices.ts';

export interface AfterSelectProps {
  id?: string;
  label?: string;
  describedBy?: string;
  value: number | null;
  /** What it is called that it stays. */
  stays: string;
  after: (duration: string) => string;
  isBusy?: boolean;
  onChange: (afterMs: number | null) => void;
}

/** After how long offline something leaves, or that it stays. */
export function AfterSelect({ id, label, describedBy, value, stays, after, isBusy, onChange }: AfterSelectProps) {
  return (
    <select
      id={id}
      className={styles.select}
      aria-label={label}
      aria-describedby={describedBy}
      value={value ?? ''}
      disabled={isBusy}
      onChange={({ target }) => onChange(target.value === '' ? null : Number(target.value))}
    >
      <option value="">{stays}</option>
      {afterChoices(value).map((ms) => (
        <option key={ms} value={ms}>
          {after(afterWords(ms))}
        </option>
      ))}
    </select>
  );
}
