import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { Modal } from '@mantine/core';
import { measuredWords, momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import { factsOf } from './node-words.ts';
import styles from './NodePage.module.css';

/** Everything the Cloud knows of a node. */
export function NodeDetails({ node, onClose }: { node: NodeView; onClose: () => void }) {
  const measured = (ms: number | null): string => (ms === null ? words.node.notTold : measuredWords(ms));
  const facts: [string, string][] = [
    [words.node.host, node.hostname],
    ...factsOf(node.info),
    [words.node.rooms, node.rooms.map(({ name }) => name).join(', ')],
    [words.node.claimed, momentWords(node.claimedAt)],
    [words.node.live, measured(node.claimToLiveMs)],
    [words.node.firstSample, measured(node.claimToFirstSampleMs)],
    [words.node.error, node.lastLinkError ?? words.shared.none],
    [words.node.nodeId, node.nodeId],
    [words.node.machineGuid, node.machineGuid],
  ];
  return (
    <Modal opened onClose={onClose} title={words.node.facts} closeButtonProps={{ 'aria-label': words.shared.close }}>
      <dl className={styles.details}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="given">{value}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
