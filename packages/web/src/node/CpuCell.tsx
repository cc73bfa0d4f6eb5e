import { useCallback, useSyncExternalStore } from 'react';
import { Sparkline } from '../charts/Sparkline.tsx';
import { busySeconds } from '../events/live-samples.ts';
import { useLive } from '../events/LiveProvider.tsx';
import { words } from '../words.ts';
import styles from './CpuCell.module.css';

/** The same scale for every node, so that they can be compared; half, because few machines are busier and small moves should show. */
const fullScalePercent = 50;

/** The CPU use of one node over the last minute, live; a still line where the node tells nothing. */
export function CpuCell({ nodeId, isLive }: { nodeId: string; isLive: boolean }) {
  const { busy } = useLive();
  const subscribe = useCallback((listener: () => void) => busy.subscribe(nodeId, listener), [busy, nodeId]);
  const history = useSyncExternalStore(subscribe, () => busy.of(nodeId));
  const latest = isLive ? history?.values.at(-1) : undefined;
  const percent =
    latest === undefined || latest === null ? '–' : `${latest < 10 ? latest.toFixed(1) : Math.round(latest)} %`;
  return (
    <span className={styles.cell} data-live={isLive}>
      <Sparkline
        values={history?.values ?? []}
        slots={busySeconds}
        fullScale={fullScalePercent}
        width={132}
        height={30}
      />
      <span className={styles.percent} title={words.node.cpuBusy(percent)} aria-label={words.node.cpuBusy(percent)}>
        {percent}
      </span>
    </span>
  );
}
