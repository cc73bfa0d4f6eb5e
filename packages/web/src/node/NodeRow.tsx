import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import { paths } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import { words } from '../words.ts';
import { WaitsBadge } from '../admission/WaitsBadge.tsx';
import { ContestedBadge } from './ContestedBadge.tsx';
import { CpuCell } from './CpuCell.tsx';
import { HostName } from './HostName.tsx';
import { NodeStateBadge } from './NodeStateBadge.tsx';
import { contestedWords, summaryWords } from './node-words.ts';
import styles from './NodeRow.module.css';

export interface NodeRowProps {
  node: NodeView;
  /** The room that every node is in is not repeated. */
  allRoomId: string | undefined;
  /** Its place in the list, of how many, and where that begins. */
  index: number;
  count: number;
  startPx: number;
  measure: (row: HTMLLIElement | null) => void;
}

/** One node of the list; the whole row leads to its page. */
export const NodeRow = memo(function NodeRow({ node, allRoomId, index, count, startPx, measure }: NodeRowProps) {
  return (
    <li
      ref={measure}
      className={styles.row}
      style={{ transform: `translateY(${startPx}px)` }}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-index={index}
      data-node={node.hostname}
    >
      <div className={styles.name}>
        <Link {...paths.node(node.nodeId)} className={styles.link}>
          <HostName name={node.hostname} />
        </Link>
        {node.contested ? (
          <span className={`${styles.system} given`}>{contestedWords(node.contested.hosts)}</span>
        ) : (
          <span className={`${styles.system} given-line`}>{summaryWords(node)}</span>
        )}
      </div>
      <div className={styles.state}>
        <NodeStateBadge state={node.state} />
        <span className={styles.since}>
          <Since at={node.since} say={words.shared.for} />
        </span>
        {node.contested && (
          <span className={styles.contested}>
            <ContestedBadge contested={node.contested} />
            <WaitsBadge admission={node.admission} />
          </span>
        )}
      </div>
      <span className={styles.alerts}>
        <AlertCountBadges counts={node.alerts} />
      </span>
      <div className={styles.cpu}>
        <CpuCell nodeId={node.nodeId} isLive={node.state === 'live'} />
      </div>
      <ul className={styles.rooms} aria-label={words.node.rooms}>
        {node.rooms
          .filter(({ id }) => id !== allRoomId)
          .map((room) => (
            <li key={room.id} className="given-line">
              {plainText(room.name)}
            </li>
          ))}
      </ul>
      <span className={`${styles.version} given-line`}>{plainText(node.info?.agentVersion ?? '')}</span>
    </li>
  );
});
