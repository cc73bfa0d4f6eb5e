import type { NodeState, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { countStates } from '../events/live-nodes.ts';
import { words } from '../words.ts';
import { StateSign } from './NodeStateBadge.tsx';
import styles from './StateFilter.module.css';

/** How many nodes are in which state; choosing one shows only those. */
export function StateFilter({
  nodes,
  chosen,
  onChoose,
}: {
  nodes: NodeView[];
  chosen: NodeState | undefined;
  onChoose: (state: NodeState | undefined) => void;
}) {
  const counts = countStates(nodes);
  return (
    <div className={styles.states} role="group" aria-label={words.node.filter}>
      <button
        type="button"
        className={styles.state}
        aria-pressed={chosen === undefined}
        onClick={() => onChoose(undefined)}
      >
        {words.node.allStates} <b>{nodes.length}</b>
      </button>
      {(['live', 'stale', 'offline', 'unseen'] as const).map((state) => (
        <button
          key={state}
          type="button"
          className={styles.state}
          aria-pressed={chosen === state}
          title={words.node.stateMeans[state]}
          data-empty={counts[state] === 0}
          onClick={() => onChoose(chosen === state ? undefined : state)}
        >
          <StateSign state={state} />
          {words.node.states[state]} <b>{counts[state]}</b>
        </button>
      ))}
    </div>
  );
}
