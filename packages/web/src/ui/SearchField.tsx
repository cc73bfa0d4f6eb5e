import { Search } from 'lucide-react';
import styles from './SearchField.module.css';

export interface SearchFieldProps {
  /** Read aloud, and shown while the field is empty. */
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** The field that finds by words. It fills what is around it, up to the width of a few words. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <label className={styles.field}>
      <Search size={16} aria-hidden />
      <span className="only-read">{label}</span>
      <input
        type="search"
        placeholder={label}
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
