// What stands in for a page that is not there: not yet, not at all, or not any more.

import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { wordsOf } from './api/error-words.ts';
import { ApiError } from './api/client.ts';
import { Button, buttonClass } from './ui/Button.tsx';
import { EmptyState, Skeleton } from './ui/Notice.tsx';

import { paths } from './paths.ts';
import { words } from './words.ts';

export function PendingPage() {
  return <Skeleton rows={4} heightPx={64} label={words.shared.loading} />;
}

export function NotFoundPage() {
  return (
    <EmptyState title={words.shared.notFoundTitle} action={<Link {...paths.start()} className={buttonClass('primary')}>{words.shared.toStart}</Link>}>
      {words.shared.notFound}
    </EmptyState>
  );
}

/** A page threw: the Cloud's reasons in its words, a fault of the page itself in the page's. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (!(error instanceof ApiError)) {
    return (
      <EmptyState title={words.shared.brokenTitle} action={<Button onClick={() => window.location.reload()}>{words.shared.reload}</Button>}>
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
