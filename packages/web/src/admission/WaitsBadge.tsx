import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { words } from '../words.ts';
import styles from '../node/NodeStateBadge.module.css';

/** Beside the state of a node that waits for an administrator. */
export function WaitsBadge({ admission }: Pick<NodeView, 'admission'>) {
  if (admission === null) return null;
  return (
    <span className={styles.badge} data-state="contested" title={words.node.waitsMeans}>
      {words.node.waits}
    </span>
  );
}
