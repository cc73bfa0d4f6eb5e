// A stream by itself: a store whose seconds pass by hand, a clock that is told when it is later, and what was published.

import type { Downstream } from '@claimstead/wire/link/downstream';
import type { UpstreamMessages } from '@claimstead/wire/link/upstream';
import { MetricStore } from '../../metrics/store.ts';
import type { LinkStream, OpenStream } from '../stream.ts';
import type { StreamParts } from './contexts-stream.ts';

export const claimId = '3f0c1a52-4c0f-4f5e-9e0c-000000000001';
export const nodeId = '7b5c5a52-1b0c-4f3c-9a35-6a3f1f2f9a11';
const retentionSeconds = 3600;

export interface StreamWorld {
  store: MetricStore;
  stream: LinkStream;
  /** As they were published; emptied by the test. */
  sent: { [Name in keyof UpstreamMessages]?: Partial<UpstreamMessages[Name]>[] };
  lines: string[];
  ids: { nodeId: string | undefined };
  /** Timers that are running. */
  readonly waiting: number;
  /** Everything that was to happen later happens. */
  settle(): void;
  /** One second in which each of these charts, `id` = context, gets a sample. */
  second(second: number, ...charts: string[]): void;
  say(message: Downstream): boolean;
}

export function streamWorld(open: (parts: StreamParts) => OpenStream): StreamWorld {
  const store = new MetricStore({ retentionSeconds, maxDimensions: 100, onBoundHit: () => undefined });
  const timers = new Set<() => void>();
  const sent: StreamWorld['sent'] = {};
  const lines: string[] = [];
  const ids: StreamWorld['ids'] = { nodeId };
  const stream = open({
    store,
    nowMs: () => 1_795_000_000_000,
    later: (act) => {
      timers.add(act);
      return () => void timers.delete(act);
    },
    log: (text) => void lines.push(text),
  })(
    (_, name, fields) => {
      const list: object[] = (sent[name] ??= []);
      list.push(fields);
    },
    {
      claimId,
      machineGuid: 'm',
      nodeId: () => ids.nodeId,
    },
  );
  return {
    store,
    stream,
    sent,
    lines,
    ids,
    get waiting() {
      return timers.size;
    },
    settle() {
      const due = [...timers];
      timers.clear();
      for (const act of due) act();
    },
    second(second, ...charts) {
      store.beginTick(second);
      for (const id of charts) {
        const rest = { family: 'f', title: 'T', units: 'u', chartType: 'line', priority: 7 } as const;
        const shape = { id, context: id, module: `/proc/${id}`, updateEverySeconds: 1, ...rest };
        const chart = store.openChart(shape);
        store.openDimension(chart, 'x', 'x', false)?.ring.write(second, 1);
        store.touch(chart, second);
      }
      store.endTick(second);
    },
    say: (message) => stream.onCommand(message),
  };
}
