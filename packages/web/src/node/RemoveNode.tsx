import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeNode } from '../api/commands.ts';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { withNews } from '../events/live-nodes.ts';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { words } from '../words.ts';
import { HostName } from './HostName.tsx';
import styles from './RemoveNode.module.css';

/** Asks, then ends the node's claim. `onDone` is called when it is gone. */
export function RemoveNode({ node, onDone, onClose }: { node: NodeView; onDone: () => void; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeNode(node.nodeId),
    onSuccess: () => {
      // The event says so, too; but it may be the very connection that is down.
      queries.setQueryData<NodeView[]>(
        keys.nodes(node.spaceId),
        (list) => list && withNews(list, node.spaceId, new Map([[node.nodeId, null]])),
      );
      void queries.invalidateQueries({ queryKey: keys.spaces });
      void queries.invalidateQueries({ queryKey: keys.rooms(node.spaceId) });
      onDone();
    },
  });
  return (
    <ConfirmModal
      title={words.manage.removeTitle}
      confirmLabel={words.manage.removeButton}
      isBusy={remove.isPending}
      failure={remove.error ? wordsOf(remove.error) : null}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p className={styles.what}>
        <HostName name={node.hostname} />
        <span className={styles.id}>{node.machineGuid}</span>
      </p>
      <ul className={styles.says}>
        {(node.claimId === null ? words.manage.removeSaysOfChild : words.manage.removeSays).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </ConfirmModal>
  );
}
