import type { NodeState } from '@claimstead/wire/cloud-api/nodes';
import { words } from '../words.ts';
import styles from './NodeStateBadge.module.css';

/** A node's state as a word and a sign whose form differs, too: colour is not the only bearer. */
export function NodeStateBadge({ state }: { state: NodeState }) {
  return (
    <span className={styles.badge} data-state={state} title={words.node.stateMeans[state]}>
      <StateSign state={state} />
      {words.node.states[state]}
    </span>
  );
}

export function StateSign({ state }: { state: NodeState }) {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden className={styles.sign} data-state={state}>
      {state === 'live' && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {state === 'stale' && (
        <path
          d="M5 1a4 4 0 0 0 0 8z M5 1a4 4 0 0 1 0 8"
          fill="currentColor"
          fillOpacity="0.45"
          stroke="currentColor"
          strokeWidth="1"
        />
      )}
      {state === 'offline' && (
        <path d="M2 2l6 6M8 2l-6 6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      )}
      {state === 'unseen' && (
        <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.2 1.6" />
      )}
    </svg>
  );
}
