import { Search } from 'lucide-react';
import { alertWords } from './alert-words.ts';
import styles from './Alerts.module.css';

/** The field that finds alerts by words. */
export function AlertSearch({ find, onFind }: { find: string; onFind: (find: string) => void }) {
  return (
    <label className={styles.search}>
      <Search size={16} aria-hidden />
      <span className="only-read">{alertWords.find}</span>
      <input
        type="search"
        placeholder={alertWords.find}
        maxLength={200}
        value={find}
        onChange={(event) => onFind(event.target.value)}
      />
    </label>
  );
}
