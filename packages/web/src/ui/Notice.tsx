import { AlertTriangle, CircleSlash, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Notice.module.css';

export type NoticeTone = 'info' | 'stale' | 'offline';

const icons = { info: Info, stale: AlertTriangle, offline: CircleSlash } as const;

/** A sentence above what it is about: what is the matter, since when, what to do. Readers hear it when it comes. */
export function Notice({
  tone,
  title,
  children,
  action,
}: {
  tone: NoticeTone;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const Icon = icons[tone];
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === 'offline' ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        {children}
      </div>
      {action}
    </div>
  );
}

/** In the place of content that is not there: what, why, and the way on. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      {icon !== undefined && <div className={styles.emptyIcon}>{icon}</div>}
      <h2>{title}</h2>
      {children !== undefined && <p className={styles.emptyWords}>{children}</p>}
      {action}
    </div>
  );
}

/** Grey bars where rows will be. */
export function Skeleton({ rows, heightPx, label }: { rows: number; heightPx: number; label: string }) {
  return (
    <div className={styles.skeleton} role="status">
      <span className="only-read">{label}</span>
      {Array.from({ length: rows }, (_, n) => (
        <div key={n} style={{ height: heightPx }} aria-hidden />
      ))}
    </div>
  );
}
