// What stands in for a page that is not there: not yet, not at all, or not any more.

import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { wordsOf } from './api/error-words.ts';
import { ApiError } from './api/client.ts';
import { Button, buttonClass } from './ui/Button.tsx';
import { EmptyState, Skeleton } from './ui/Notice.tsx';

import { paths } from './paths.ts';
import { Mark } from './ui/Logo.tsx';
import { words } from './words.ts';
import styles from './stand-ins.module.css';

/** While it is not known yet who is signed in: nothing but the mark, so that nothing jumps when it is. */
export function Splash() {
  return (
    <div className={styles.splash} role="status">
      <Mark sizePx={52} />
      <span className="only-read">{words.shared.loading}</span>
    </div>
  );
}

export function PendingPage() {
  return <Skeleton rows={4} heightPx={64} label={words.shared.loading} />;
}

export function NotFoundPage() {
  return (
    <EmptyState
      title={words.shared.notFoundTitle}
      action={
        <Link {...paths.start()} className={buttonClass('primary')}>
          {words.shared.toStart}
        </Link>
      }
    >
      {words.shared.notFound}
    </EmptyState>
  );
}

/** A page threw: the Cloud's reasons in its words, a fault of the page itself in the page's. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (!(error instanceof ApiError)) {
    return (
      <EmptyState
        title={words.shared.brokenTitle}
        action={<Button onClick={() => window.location.reload()}>{words.shared.reload}</Button>}
      >
        {words.shared.broken}
      </EmptyState>
    );
  }
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <EmptyState title={words.shared.failedTitle} action={<Button onClick={again}>{words.shared.again}</Button>}>
      {wordsOf(error)}
    </EmptyState>
  );
}
