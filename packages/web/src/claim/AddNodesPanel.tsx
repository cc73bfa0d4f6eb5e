// The story of a new node, as a person sees it: pick rooms, copy the command, run it, see the node arrive.
// Reading order: AddNodesPanel, ClaimCommand, Arrivals; arrivals.ts and stopwatch-words.ts are its rules.

import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { WaitingNodes } from '../admission/WaitingNodes.tsx';
import { wordsOf } from '../api/error-words.ts';
import { claimCommandQuery, roomsQuery } from '../api/queries.ts';
import { RoomPicker } from '../room/RoomPicker.tsx';
import { tokensQuery } from '../token/token-queries.ts';
import { useRenewAtClaims } from '../token/use-renew-at-claims.ts';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { Notice, Skeleton } from '../ui/Notice.tsx';
import { words } from '../words.ts';
import { Arrivals } from './Arrivals.tsx';
import { ClaimCommand } from './ClaimCommand.tsx';
import styles from './AddNodesPanel.module.css';

/** Each choice of rooms makes a token, so somebody who ticks three rooms gets one after the third. */
const choiceRestsAfterMs = 500;

export function AddNodesPanel({ space }: { space: SpaceView }) {
  const rooms = useQuery(roomsQuery(space.id));
  const [picked, setPicked] = useState<string[]>([]);
  const rested = useRested(picked, choiceRestsAfterMs);
  const command = useQuery(claimCommandQuery(space.id, rested));
  const { data: tokens } = useQuery({ ...tokensQuery(space.id), enabled: space.role === 'admin' });
  useRenewAtClaims(space.id);
  const choosable = rooms.data?.filter(({ holdsAllNodes }) => !holdsAllNodes) ?? [];

  if (space.role !== 'admin') return <Notice tone="info" title={words.claim.onlyAdmins} />;
  const isMaking = command.isPending || rested !== picked;
  return (
    <div className={styles.panel}>
      {rooms.isError && !rooms.data && (
        <NotLoaded message={wordsOf(rooms.error)} onAgain={() => void rooms.refetch()} />
      )}
      {choosable.length > 0 && (
        <section className={styles.part}>
          <h2>{words.room.pick}</h2>
          <RoomPicker rooms={choosable} picked={picked} onPick={(ids) => setPicked([...ids].sort())} />
        </section>
      )}
      {command.data && (
        <ClaimCommand
          command={command.data}
          isOutdated={isMaking}
          usesTaken={tokens?.find(({ id }) => id === command.data.tokenId)?.usesTaken ?? 0}
        />
      )}
      {command.isError && <NotLoaded message={wordsOf(command.error)} onAgain={() => void command.refetch()} />}
      {!command.data && !command.isError && <Skeleton rows={2} heightPx={72} label={words.claim.making} />}
      <WaitingNodes space={space} />
      <Arrivals spaceId={space.id} />
    </div>
  );
}

/** The value once it has not changed for a while. */
function useRested<Value>(value: Value, afterMs: number): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return rested;
}
