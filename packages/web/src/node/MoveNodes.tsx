import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { keys, roomsQuery } from '../api/queries.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { FormError } from '../ui/FormError.tsx';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Progress } from '../ui/Progress.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { words } from '../words.ts';
import { moveNodes } from './claimed-node-queries.ts';
import { manageWords } from './manage-words.ts';
import styles from './MoveNodes.module.css';

type Choice = 'keep' | 'join' | 'leave';
const choices = (['keep', 'join', 'leave'] as const).map((value) => ({ value, label: manageWords.moveChoices[value] }));

/** Puts nodes into rooms and takes them out of others. */
export function MoveNodes({ spaceId, nodes, onClose }: { spaceId: string; nodes: NodeView[]; onClose: () => void }) {
  const queries = useQueryClient();
  const [asked] = useState(nodes);
  const known = useQuery(roomsQuery(spaceId));
  const rooms = known.data?.filter(({ holdsAllNodes }) => !holdsAllNodes);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Choice>>(new Map());
  const [done, setDone] = useState(0);
  const inRoom = useMemo(() => {
    const counts = new Map<string, number>();
    for (const node of asked) for (const { id } of node.rooms) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }, [asked]);
  const roomsOf = (wanted: Choice): string[] => [...chosen].flatMap(([id, choice]) => (choice === wanted ? [id] : []));
  const [join, leave] = [roomsOf('join'), roomsOf('leave')];
  const move = useMutation({
    mutationFn: () => {
      setDone(0);
      const nodeIds = asked.map(({ nodeId }) => nodeId);
      return moveNodes(spaceId, nodeIds, { join, leave }, (results) => setDone((before) => before + results.length));
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keys.nodes(spaceId) });
      void queries.invalidateQueries({ queryKey: keys.rooms(spaceId) });
    },
    onSuccess: onClose,
  });
  return (
    <Dialog onClose={onClose} title={manageWords.moveTitle(asked.length)}>
      <FormStack>
        <p className={styles.says}>{rooms?.length === 0 ? manageWords.noRooms : manageWords.moveSays}</p>
        {known.isPending && <Skeleton rows={2} heightPx={36} label={words.shared.loading} />}
        {known.isError && !rooms && <NotLoaded message={wordsOf(known.error)} onAgain={() => void known.refetch()} />}
        {rooms !== undefined && rooms.length > 0 && (
          <ul className={styles.rooms}>
            {rooms.map((room) => (
              <li key={room.id}>
                <span className={styles.room}>
                  <span className="given-line">{plainText(room.name)}</span>
                  <span className={styles.count}>{manageWords.inRoom(inRoom.get(room.id) ?? 0, asked.length)}</span>
                </span>
                <Segmented
                  label={plainText(room.name)}
                  value={chosen.get(room.id) ?? 'keep'}
                  options={choices}
                  onChange={(choice) => setChosen((before) => new Map(before).set(room.id, choice))}
                />
              </li>
            ))}
          </ul>
        )}
        {done > 0 && <Progress done={done} of={asked.length} words={manageWords.moving(done, asked.length)} />}
        <FormError message={move.error ? manageWords.stoppedAt(done) + wordsOf(move.error) : null} />
        <FormFoot>
          <Button look="quiet" onClick={onClose}>
            {words.shared.cancel}
          </Button>
          <Button
            look="primary"
            isBusy={move.isPending}
            disabled={join.length + leave.length === 0}
            onClick={() => move.mutate()}
          >
            {manageWords.moveButton(asked.length)}
          </Button>
        </FormFoot>
      </FormStack>
    </Dialog>
  );
}
