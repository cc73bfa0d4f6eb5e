import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { sessionQuery, spacesQuery } from '../api/queries.ts';
import { ownPath, paths } from '../paths.ts';

/** After any way of signing in: goes where the person wanted to go, first to the first-run steps while there are any left. */
export function useEnter(): () => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: '/sign-in' });
  return async () => {
    // Nothing that somebody else saw in this browser stays.
    queries.clear();
    const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (!session) return;
    const [space] = await queries.fetchQuery(spacesQuery).catch(() => []);
    const isFirstRun = session.account.passwordIsInitial || (space?.role === 'admin' && space.namedAt === null);
    const path = ownPath(next);
    if (path && !isFirstRun) router.history.push(path);
    else await router.navigate(isFirstRun ? paths.welcome() : paths.start());
  };
}
