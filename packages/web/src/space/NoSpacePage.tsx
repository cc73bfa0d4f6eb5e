import { AccountMenu } from '../session/AccountMenu.tsx';
import { EmptyState } from '../ui/Notice.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import styles from './WelcomePage.module.css';

/** An account that is in no Space has nothing to see. */
export function NoSpacePage() {
  useTitle(words.space.noSpaceTitle);
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <AccountMenu />
      </div>
      <EmptyState title={words.space.noSpaceTitle}>{words.space.noSpace}</EmptyState>
    </main>
  );
}
