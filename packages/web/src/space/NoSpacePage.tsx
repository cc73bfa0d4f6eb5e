import { Plus } from 'lucide-react';
import { useState } from 'react';
import { AccountMenu } from '../session/AccountMenu.tsx';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/Notice.tsx';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { NewSpace } from './NewSpace.tsx';
import styles from './WelcomePage.module.css';

/** An account that is in no Space has nothing to see, but may make one. */
export function NoSpacePage() {
  useTitle(words.space.noSpaceTitle);
  const [isMaking, setIsMaking] = useState(false);
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <AccountMenu />
      </div>
      <EmptyState
        title={words.space.noSpaceTitle}
        action={
          <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setIsMaking(true)}>
            {words.space.create}
          </Button>
        }
      >
        {words.space.noSpace}
      </EmptyState>
      {isMaking && <NewSpace onClose={() => setIsMaking(false)} />}
    </main>
  );
}
