import type { UseQueryResult } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { words } from '../words.ts';
import styles from './AccountPage.module.css';

/** One part of the account page. */
export function Section({
  title,
  intro,
  badge,
  action,
  children,
}: {
  title: string;
  intro?: string;
  badge?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <div className={styles.title}>
          <h2 id={id}>{title}</h2>
          {badge}
        </div>
        {action}
      </div>
      {intro !== undefined && <p className={styles.intro}>{intro}</p>}
      {children}
    </section>
  );
}

/** A list that is asked for: waiting, refused, empty, or its rows. */
export function AskedList<Item>({
  query,
  empty,
  children,
}: {
  query: UseQueryResult<Item[]>;
  empty: string;
  children: (item: Item) => ReactNode;
}) {
  if (query.data === undefined) {
    return query.isError ? (
      <NotLoaded message={wordsOf(query.error)} onAgain={() => void query.refetch()} />
    ) : (
      <Skeleton rows={2} heightPx={44} label={words.shared.loading} />
    );
  }
  return query.data.length === 0 ? (
    <p className={styles.empty}>{empty}</p>
  ) : (
    <ul className={styles.list}>{query.data.map(children)}</ul>
  );
}
