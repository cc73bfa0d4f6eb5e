import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { keys } from '../api/queries.ts';
import { withNews } from '../events/live-nodes.ts';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { Progress } from '../ui/Progress.tsx';
import { removeNodes } from './claimed-node-queries.ts';
import { HostName } from './HostName.tsx';
import { manageWords } from './manage-words.ts';
import styles from './RemoveNode.module.css';

/** As many names as somebody may really read. */
const mostNames = 200;

/** Asks, naming each, then ends all of them. */
export function RemoveNodes({ spaceId, nodes, onClose }: { spaceId: string; nodes: NodeView[]; onClose: () => void }) {
  const queries = useQueryClient();
  // While they go, the list that they are chosen from gets shorter; what was asked for stays.
  const [asked] = useState(nodes);
  const [done, setDone] = useState(0);
  const remove = useMutation({
    mutationFn: () =>
      removeNodes(
        spaceId,
        asked.slice(done).map(({ nodeId }) => nodeId),
        (results) => {
          setDone((before) => before + results.length);
          // Events say so, too; but it may be the very connection that is down. What was not found is gone as well.
          const news = new Map(results.map(({ nodeId }) => [nodeId, null]));
          queries.setQueryData<NodeView[]>(keys.nodes(spaceId), (list) => list && withNews(list, spaceId, news));
        },
      ),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keys.spaces });
      void queries.invalidateQueries({ queryKey: keys.rooms(spaceId) });
    },
    onSuccess: onClose,
  });
  const claimed = asked.filter(({ claimId }) => claimId !== null);
  const live = claimed.filter(({ state }) => state === 'live').length;
  return (
    <ConfirmModal
      title={manageWords.removeTitle(asked.length)}
      confirmLabel={manageWords.removeButton(asked.length - done)}
      isBusy={remove.isPending}
      failure={remove.error ? manageWords.stoppedAt(done) + wordsOf(remove.error) : null}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <ul className={styles.names} tabIndex={0} aria-label={manageWords.chosen(asked.length)}>
        {asked.slice(0, mostNames).map((node) => (
          <li key={node.nodeId}>
            <HostName name={node.hostname} />
          </li>
        ))}
        {asked.length > mostNames && <li>{manageWords.andMore(asked.length - mostNames)}</li>}
      </ul>
      <ul className={styles.says}>
        {manageWords.removeSays(live, claimed.length, asked.length - claimed.length).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {done > 0 && <Progress done={done} of={asked.length} words={manageWords.removing(done, asked.length)} />}
    </ConfirmModal>
  );
}
