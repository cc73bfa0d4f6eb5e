import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ChartsBoard } from '../charts/ChartsBoard.tsx';
import { nodeCan } from './node-can.ts';
import { useSharedNode } from './node-context.ts';
import styles from './NodePage.module.css';

/** All charts of the node. */
export function NodeCharts() {
  const { node, source, timeline } = useSharedNode();
  const { chart } = useSearch({ from: '/signed-in/framed/nodes/$nodeId/' });
  // The charts that were seen stay on the page while nothing can answer; they are asked for again when that changes.
  const [wasReachable, setWasReachable] = useState(false);
  const isReachable = nodeCan.answer(node.state);
  if (isReachable && !wasReachable) setWasReachable(true);
  if (!isReachable && !wasReachable) return null;
  return (
    <div className={styles.charts} data-dimmed={node.state !== 'live'}>
      <ChartsBoard
        source={source}
        timeline={timeline}
        isAnswering={isReachable}
        isStreaming={node.state === 'live'}
        wantedChart={chart ?? null}
      />
    </div>
  );
}
