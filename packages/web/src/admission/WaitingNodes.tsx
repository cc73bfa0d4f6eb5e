import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { keys, nodesQuery } from '../api/queries.ts';
import { HostName } from '../node/HostName.tsx';
import { RemoveNode } from '../node/RemoveNode.tsx';
import { Button } from '../ui/Button.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Since } from '../ui/Since.tsx';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import { admitNode } from './admission-queries.ts';
import { admissionWords } from './admission-words.ts';
import styles from './Admission.module.css';

/** Nodes that wait to be admitted, for those who may; nothing where none does. */
export function WaitingNodes({ space }: { space: SpaceView }) {
  const { data: nodes } = useQuery(nodesQuery(space.id));
  const [removing, setRemoving] = useState<NodeView | null>(null);
  const waiting = nodes?.filter(({ admission }) => admission !== null) ?? [];
  if (!roleMay(space.role, 'admit-nodes') || (waiting.length === 0 && !removing)) return null;
  return (
    <section className={`${styles.panel} ${styles.waiting}`} data-testid="waiting-nodes">
      <h2>{admissionWords.waitingTitle}</h2>
      <p>{admissionWords.waitingSays}</p>
      <ul className={styles.list}>
        {waiting.map((node) => (
          <WaitingNode key={node.nodeId} node={node} onRemove={() => setRemoving(node)} />
        ))}
      </ul>
      {removing && <RemoveNode node={removing} onDone={() => setRemoving(null)} onClose={() => setRemoving(null)} />}
    </section>
  );
}

function WaitingNode({ node, onRemove }: { node: NodeView; onRemove: () => void }) {
  const queries = useQueryClient();
  const admit = useMutation({
    mutationFn: () => admitNode(node.nodeId),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.nodes(node.spaceId) }),
  });
  return (
    <li className={styles.node}>
      <div className={styles.who}>
        <span className={styles.host}>
          <HostName name={node.hostname} />
        </span>
        <span className={styles.since}>
          {admissionWords.claimed} <Since at={node.claimedAt} say={words.shared.ago} />
        </span>
      </div>
      <p className={styles.words}>
        <span>{admissionWords.words}</span>
        <code>{node.admission?.keyWords}</code>
      </p>
      <div className={styles.actions}>
        <Button
          size="s"
          look="primary"
          isBusy={admit.isPending}
          aria-label={admissionWords.admitOf(plainText(node.hostname))}
          onClick={() => admit.mutate()}
        >
          {admissionWords.admit}
        </Button>
        <Button size="s" look="danger" aria-label={words.manage.removeOf(plainText(node.hostname))} onClick={onRemove}>
          {words.manage.remove}
        </Button>
      </div>
      <FormError message={admit.error ? wordsOf(admit.error) : null} />
    </li>
  );
}
