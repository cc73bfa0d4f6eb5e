import styles from './Progress.module.css';

/** How much of something is done, as a bar and in words. */
export function Progress({ done, of, words }: { done: number; of: number; words: string }) {
  return (
    <div className={styles.progress} role="status">
      <progress max={of} value={done} aria-hidden />
      <span>{words}</span>
    </div>
  );
}
