import { Link } from '@tanstack/react-router';
import { PanelRightOpen, Trash2 } from 'lucide-react';
import { memo, type KeyboardEvent, type MouseEvent } from 'react';
import { WaitsBadge } from '../admission/WaitsBadge.tsx';
import { AlertCountBadges } from '../alert/AlertCounts.tsx';
import { EphemeralBadge } from '../ephemeral/EphemeralBadge.tsx';
import { paths } from '../paths.ts';
import { IconButton } from '../ui/Button.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import { words } from '../words.ts';
import { ContestedBadge } from './ContestedBadge.tsx';
import { HostName } from './HostName.tsx';
import { KeyFingerprint } from './KeyFingerprint.tsx';
import { manageWords } from './manage-words.ts';
import { errorBeside, versionOf, whyWords, type ManagedNode } from './managed-nodes.ts';
import { NodeStateBadge } from './NodeStateBadge.tsx';
import { viaWords } from './node-words.ts';
import styles from './ManagedNodes.module.css';

export interface ManagedRowProps {
  one: ManagedNode;
  /** The room that every node is in is not repeated. */
  allRoomId: string | undefined;
  isChosen: boolean;
  onChoose: (nodeId: string, isRange: boolean) => void;
  onOpen: (nodeId: string) => void;
  onRemove: (nodeId: string) => void;
}

/** One node: who it is, why it is not live, where it belongs, how it came. */
export const ManagedRow = memo(function ManagedRow({
  one,
  allRoomId,
  isChosen,
  onChoose,
  onOpen,
  onRemove,
}: ManagedRowProps) {
  const { node, more } = one;
  const why = whyWords(more);
  const error = errorBeside(one);
  const rooms = node.rooms.filter(({ id }) => id !== allRoomId);
  const host = plainText(node.hostname);
  const onClick = (event: MouseEvent): void => onChoose(node.nodeId, event.shiftKey);
  const onKeyDown = (event: KeyboardEvent): void => {
    // A space bar with shift is a click without it in some browsers.
    if (event.key !== ' ' || !event.shiftKey) return;
    event.preventDefault();
    onChoose(node.nodeId, true);
  };
  return (
    <>
      <span role="cell" className={styles.choose}>
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={manageWords.choose(host)}
          onClick={onClick}
          onKeyDown={onKeyDown}
          // The click tells whether shift is held; the browser wants this for a box that is set from outside.
          onChange={() => undefined}
        />
      </span>
      <span role="cell" className={styles.host}>
        <Link {...paths.node(node.nodeId)} className={styles.link}>
          <HostName name={node.hostname} />
        </Link>
        {node.via && <span className={`${styles.small} given-line`}>{viaWords(node.via)}</span>}
        <AlertCountBadges counts={node.alerts} />
      </span>
      <span role="cell" className={styles.state}>
        <span className={styles.badges}>
          <NodeStateBadge state={node.state} />
          <ContestedBadge contested={node.contested} />
          <WaitsBadge admission={node.admission} />
          {more && <EphemeralBadge ephemeral={more.ephemeral} state={node.state} />}
          <span className={styles.small}>
            <Since at={node.since} say={manageWords.since} />
          </span>
        </span>
        {why !== null && (
          <span className={`${styles.why} given`} title={why} data-why={more?.down?.cause}>
            {why}
          </span>
        )}
        {error !== null && (
          <span className={`${styles.why} given`} title={error}>
            {words.node.error}: {error}
          </span>
        )}
      </span>
      <span role="cell" className={styles.rooms} data-label={words.node.rooms}>
        <span className="given">{rooms.map(({ name }) => plainText(name)).join(', ') || words.node.noMore}</span>
      </span>
      <span role="cell" className={styles.version} data-label={words.node.version}>
        <span className="given">{plainText(versionOf(node)) || words.node.notTold}</span>
      </span>
      <span role="cell" className={styles.claimed} data-label={manageWords.columns.claimed}>
        {more?.claimed && (
          <>
            <span>
              <Since at={more.claimed.at} say={words.shared.ago} />
              {more.claimed.from !== null && ` ${manageWords.claimedFrom(more.claimed.from)}`}
            </span>
            <span className={`${styles.small} given`}>
              {plainText(manageWords.claimedBy(more.claimed.by?.name ?? null, more.claimed.tokenName))}
            </span>
          </>
        )}
        {more?.claimed === null && (
          <span className={styles.small}>
            {words.node.streamedSince} <Since at={node.claimedAt} say={(duration) => duration} />
          </span>
        )}
      </span>
      <span role="cell" className={styles.key} data-label={manageWords.columns.key}>
        <KeyFingerprint hex={more?.keyFingerprint} host={node.hostname} />
      </span>
      <span role="cell" className={styles.actions}>
        <IconButton label={manageWords.details(host)} onClick={() => onOpen(node.nodeId)}>
          <PanelRightOpen size={17} />
        </IconButton>
        <IconButton label={words.manage.removeOf(host)} onClick={() => onRemove(node.nodeId)}>
          <Trash2 size={17} />
        </IconButton>
      </span>
    </>
  );
});
