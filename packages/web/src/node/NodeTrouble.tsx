import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { Notice } from '../ui/Notice.tsx';
import { durationWords, momentWords } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { words } from '../words.ts';
import { contestedWords } from './node-words.ts';
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

/** Several machines use the node's identity: which, since when, what to do about it. */
export function ContestedNotice({ contested }: Pick<NodeView, 'contested'>) {
  if (contested === null) return null;
  return (
    <div className={styles.trouble}>
      <Notice tone="stale" title={words.node.contestedTitle}>
        <p className="given">{contestedWords(contested.hosts)}</p>
        <p>
          {words.node.bannerSince(momentWords(new Date(contested.sinceMs).toISOString()))} {words.node.contestedRemedy}
        </p>
      </Notice>
    </div>
  );
}
