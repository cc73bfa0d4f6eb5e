import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useCallback } from 'react';
import { useWindowRows } from '../ui/use-window-rows.ts';
import { words } from '../words.ts';
import { NodeRow } from './NodeRow.tsx';
import styles from './NodeList.module.css';

const usualRowPx = 67;

/** Nodes below each other; those out of sight are not drawn, and nothing is asked for their sparklines. */
export function NodeList({ nodes, allRoomId }: { nodes: NodeView[]; allRoomId: string | undefined }) {
  const keyOf = useCallback((index: number) => nodes[index]?.nodeId ?? index, [nodes]);
  const { holds, heightPx, rows, measure } = useWindowRows(nodes.length, usualRowPx, keyOf);
  return (
    <ul
      ref={holds}
      className={styles.list}
      style={{ height: heightPx }}
      aria-label={words.node.title}
      data-rows={nodes.length}
    >
      {rows.map(({ key, index, startPx }) => {
        const node = nodes[index];
        return (
          node && (
            <NodeRow
              key={key}
              node={node}
              allRoomId={allRoomId}
              index={index}
              count={nodes.length}
              startPx={startPx}
              measure={measure}
            />
          )
        );
      })}
    </ul>
  );
}
