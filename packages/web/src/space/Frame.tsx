import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { Bell, Plus } from 'lucide-react';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import { countAlerts } from '../alert/alert-rules.ts';
import { wordsOf } from '../api/error-words.ts';
import { nodesQuery, spacesQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { AccountMenu } from '../session/AccountMenu.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { EmptyState } from '../ui/Notice.tsx';
import { Logo, Mark } from '../ui/Logo.tsx';
import { words } from '../words.ts';
import { SpaceMenu } from './SpaceMenu.tsx';
import { useCurrentSpace } from './use-current-space.ts';
import styles from './Frame.module.css';

/** What stands around the pages of a Space: its menu, the way to add nodes, the account. */
export function Frame() {
  const space = useCurrentSpace();
  const { spaceId } = useParams({ strict: false });
  const spaces = useQuery(spacesQuery);
  const isGone = spaceId !== undefined && spaces.isSuccess && !spaces.isFetching && !space;
  return (
    <>
      <a className="skip" href="#content">
        {words.shared.skip}
      </a>
      <header className={styles.top}>
        <Link {...paths.start()} className={styles.home} aria-label={words.product}>
          <span className={styles.wide}>
            <Logo />
          </span>
          <span className={styles.narrow}>
            <Mark sizePx={28} />
          </span>
        </Link>
        {space && <SpaceMenu space={space} />}
        <div className={styles.right}>
          {space && <AlertsLink space={space} />}
          {space && roleMay(space.role, 'manage-tokens') && (
            <Link
              {...paths.addNodes(space.id)}
              className={`${buttonClass('primary', 's')} ${styles.add}`}
              aria-label={words.claim.button}
            >
              <Plus size={16} aria-hidden />
              <span className={styles.wide}>{words.claim.button}</span>
            </Link>
          )}
          <AccountMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className={styles.content}>
        {spaces.isError && !spaces.data ? (
          <NoSpaces error={spaces.error} onAgain={() => void spaces.refetch()} />
        ) : isGone ? (
          <GoneSpace />
        ) : (
          <Outlet />
        )}
      </main>
    </>
  );
}

/** Without the list of Spaces no page knows what whoever looks may do. */
function NoSpaces({ error, onAgain }: { error: Error; onAgain: () => void }) {
  return (
    <EmptyState title={words.shared.failedTitle} action={<Button onClick={onAgain}>{words.shared.again}</Button>}>
      {wordsOf(error)}
    </EmptyState>
  );
}

/** Deleted, or left, or taken from whoever looks: nothing that was loaded of it stays in sight. */
function GoneSpace() {
  return (
    <EmptyState
      title={words.space.goneTitle}
      action={
        <Link {...paths.start()} className={buttonClass('primary')}>
          {words.space.toOther}
        </Link>
      }
    >
      {words.space.gone}
    </EmptyState>
  );
}

/** The way to the Space's alerts, with how many there are. */
function AlertsLink({ space }: { space: SpaceView }) {
  const { data: nodes } = useQuery(nodesQuery(space.id));
  return (
    <Link {...paths.alerts(space.id)} className={styles.alerts} data-testid="alerts-link">
      <Bell size={17} aria-hidden />
      <span className={styles.alertsWord}>{words.alert.title}</span>
      <AlertCountBadges counts={countAlerts(nodes ?? [])} />
    </Link>
  );
}
