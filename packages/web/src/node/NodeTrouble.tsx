import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { Notice } from '../ui/Notice.tsx';
import { durationWords, momentWords } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { words } from '../words.ts';
import styles from './NodePage.module.css';

/** Why a node shows nothing new, since when, and what happens next; nothing while it is live. */
export function NodeTrouble({ node }: { node: NodeView }) {
  const nowMs = useNow(5_000);
  if (node.state === 'live') return null;
  const duration = durationWords(nowMs - Date.parse(node.since));
  const title = node.state === 'unseen' ? words.node.banner.unseen : words.node.banner[node.state](duration);
  return (
    <div className={styles.trouble}>
      <Notice tone={node.state === 'unseen' ? 'info' : node.state} title={title}>
        <p>
          {words.node.bannerSince(momentWords(node.since))} {words.node.bannerSays[node.state]}
        </p>
        {node.lastLinkError && <p className="given">{words.node.bannerCause(node.lastLinkError)}</p>}
      </Notice>
    </div>
  );
}
