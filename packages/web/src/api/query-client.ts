// How answers are kept and questions repeated.

import { errorTable, type ErrorKind } from '@claimstead/wire/errors';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';
import { keys } from './queries.ts';

/** Whether the same question may succeed later: the error table says so; an unreachable Cloud may come back. */
const mayRetry = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.kind === 'cloud-unreachable' || (error.kind in errorTable && errorTable[error.kind as ErrorKind].retryable));

const mostRetries = 3;

/** `onSignedOut`: the session turned out to have ended while somebody was on a page. */
export function createQueries({ onSignedOut }: { onSignedOut: () => void }): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.kind === 'sign-in-required') queries.setQueryData(keys.session, null);
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < mostRetries && mayRetry(error),
        refetchOnWindowFocus: false,
      },
      mutations: {
        retry: false,
        onError: (error) => {
          if (error instanceof ApiError && error.kind === 'sign-in-required') queries.setQueryData(keys.session, null);
        },
      },
    },
  });
  let wasSignedIn = false;
  queries.getQueryCache().subscribe(({ query }) => {
    if (query.queryKey[0] !== keys.session[0]) return;
    const isSignedIn = Boolean(query.state.data);
    if (wasSignedIn && query.state.data === null) onSignedOut();
    wasSignedIn = isSignedIn;
  });
  return queries;
}
