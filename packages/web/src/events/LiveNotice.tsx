import { WifiOff } from 'lucide-react';
import { useNow } from '../ui/use-now.ts';
import { words } from '../words.ts';
import { useLiveStatus } from './LiveProvider.tsx';
import styles from './LiveNotice.module.css';

/** A blink of the connection is not worth a word. */
const visibleAfterMs = 2_500;

/** Says calmly that nothing new arrives; goes away by itself. */
export function LiveNotice() {
  const { isOpen, sinceMs } = useLiveStatus();
  const nowMs = useNow(1_000);
  if (isOpen || nowMs - sinceMs < visibleAfterMs) return null;
  return (
    <p className={styles.notice} role="status">
      <WifiOff size={15} aria-hidden />
      {words.events.lost}
    </p>
  );
}
