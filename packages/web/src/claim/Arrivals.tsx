import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { nodesQuery } from '../api/queries.ts';
import { HostName } from '../node/HostName.tsx';
import { NodeStateBadge } from '../node/NodeStateBadge.tsx';
import { paths } from '../paths.ts';
import { buttonClass } from '../ui/Button.tsx';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { stopwatch } from '../ui/time-words.ts';
import { useNow } from '../ui/use-now.ts';
import { words } from '../words.ts';
import { arrivalKey, claimsOf, withArrivals, type Arrival, type Before } from './arrivals.ts';
import { stopwatchWords } from './stopwatch-words.ts';
import styles from './Arrivals.module.css';

interface Seen {
  /** The list that the rest was made of. */
  nodes: NodeView[] | undefined;
  before: Before | null;
  arrivals: Arrival[];
}

/** Nodes that were claimed since this was opened, with the time that each needed; a stopwatch until there is one. */
export function Arrivals({ spaceId }: { spaceId: string }) {
  const known = useQuery(nodesQuery(spaceId));
  const { data: nodes } = known;
  const nowMs = useNow(1_000);
  const [openedMs] = useState(nowMs);
  const [seen, setSeen] = useState<Seen>({ nodes: undefined, before: null, arrivals: [] });
  if (nodes && nodes !== seen.nodes) {
    const before = seen.before ?? claimsOf(nodes);
    setSeen({ nodes, before, arrivals: withArrivals(seen.arrivals, before, nodes, nowMs) });
  }
  const { arrivals } = seen;
  return (
    <section className={styles.arrivals} aria-label={words.claim.arrivals}>
      {arrivals.length > 0 && (
        <ul className={styles.list} aria-live="polite">
          {arrivals.map((arrival) => (
            <ArrivalRow key={arrivalKey(arrival.node)} arrival={arrival} nowMs={nowMs} />
          ))}
        </ul>
      )}
      {known.isError && !nodes && <NotLoaded message={wordsOf(known.error)} onAgain={() => void known.refetch()} />}
      <div className={styles.waiting}>
        <span className={styles.pulse} aria-hidden />
        <div>
          <p className={styles.title}>{words.claim.waiting}</p>
          {arrivals.length === 0 && <p className={styles.hint}>{words.claim.waitingHint}</p>}
        </div>
        {arrivals.length === 0 && (
          <span className={styles.clock} role="timer" aria-live="off">
            {stopwatch(nowMs - openedMs)}
          </span>
        )}
      </div>
    </section>
  );
}

function ArrivalRow({ arrival: { node, seenMs }, nowMs }: { arrival: Arrival; nowMs: number }) {
  const { phase, lines } = stopwatchWords(node, nowMs - seenMs);
  return (
    <li className={styles.arrival} data-phase={phase} data-testid="arrival">
      <div className={styles.who}>
        <span className={styles.host}>
          <HostName name={node.hostname} />
        </span>
        <NodeStateBadge state={node.state} />
      </div>
      <div className={styles.lines}>
        {(node.admission === null ? lines : [words.node.waitsMeans]).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {phase === 'claimed' ? (
        <span className={styles.clock} role="timer" aria-live="off">
          {stopwatch(nowMs - seenMs)}
        </span>
      ) : (
        <Link {...paths.node(node.nodeId)} className={buttonClass('primary', 's')}>
          {words.claim.openCharts}
          <ArrowRight size={15} aria-hidden />
        </Link>
      )}
    </li>
  );
}
