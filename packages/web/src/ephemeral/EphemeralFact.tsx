import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { wordsOf } from '../api/error-words.ts';
import { claimedNodesKey } from '../node/claimed-node-queries.ts';
import { FormError } from '../ui/FormError.tsx';
import { momentWords } from '../ui/time-words.ts';
import { AfterSelect } from './AfterSelect.tsx';
import styles from './AfterSelect.module.css';
import { afterWords } from './ephemeral-choices.ts';
import { setEphemeral } from './ephemeral-queries.ts';
import { ephemeralWords } from './ephemeral-words.ts';

/** Whether and when a node leaves by itself; changed here. */
export function EphemeralFact({ node, more }: { node: NodeView; more: ClaimedNodeView }) {
  const queries = useQueryClient();
  const { nodeId, spaceId } = node;
  const change = useMutation({
    mutationFn: (afterMs: number | null) => setEphemeral(nodeId, afterMs),
    onSuccess: ({ ephemeral }) =>
      queries.setQueryData<ClaimedNodeView[]>(claimedNodesKey(spaceId), (before) =>
        before?.map((one) => (one.nodeId === nodeId ? { ...one, ephemeral } : one)),
      ),
  });
  const { ephemeral } = more;
  const leavesAt = node.state === 'live' ? null : (ephemeral?.leavesAt ?? null);
  return (
    <div className={styles.fact}>
      <AfterSelect
        label={ephemeralWords.choose}
        value={change.isPending ? change.variables : (ephemeral?.afterMs ?? null)}
        stays={ephemeralWords.stays}
        after={ephemeralWords.after}
        isBusy={change.isPending}
        onChange={(afterMs) => change.mutate(afterMs)}
      />
      {ephemeral !== null && (
        <p className={styles.says}>
          {leavesAt === null
            ? ephemeralWords.means(afterWords(ephemeral.afterMs))
            : ephemeralWords.ifAway(momentWords(leavesAt))}
        </p>
      )}
      <FormError message={change.error ? wordsOf(change.error) : null} />
    </div>
  );
}
