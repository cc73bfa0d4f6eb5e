// Ephemeral nodes: EphemeralBadge.tsx (beside a state), EphemeralFact.tsx (one node, changed there), AfterSelect.tsx (the choice).

import type { EphemeralView } from '@claimstead/wire/cloud-api/ephemeral';
import type { NodeState } from '@claimstead/wire/cloud-api/nodes';
import styles from '../node/NodeStateBadge.module.css';
import { durationWords } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { afterWords } from './ephemeral-choices.ts';
import { ephemeralWords } from './ephemeral-words.ts';

/** Beside the state of a node that leaves by itself: when, where it is counted. */
export function EphemeralBadge({ ephemeral, state }: { ephemeral: EphemeralView; state: NodeState }) {
  const now = useNow(5_000);
  if (ephemeral === null) return null;
  // What was read a moment ago is old where the node is back since.
  const leavesAt = state === 'live' ? null : ephemeral.leavesAt;
  const leftMs = leavesAt === null ? null : Date.parse(leavesAt) - now;
  const says =
    leftMs === null
      ? ephemeralWords.badge
      : leftMs < 60_000
        ? ephemeralWords.leavesSoon
        : ephemeralWords.leavesIn(durationWords(leftMs));
  return (
    <span className={styles.badge} data-state="ephemeral" title={ephemeralWords.means(afterWords(ephemeral.afterMs))}>
      {says}
    </span>
  );
}
