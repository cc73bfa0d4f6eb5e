// A day of a stock agent in minutes: what it said when it connected, then what it says in 24 hours, hour by hour, made from its own messages.

import { AlarmLogEntry, AlarmStatus } from '@claimstead/wire/gen/link/v1/alarm';
import { ContextsUpdated } from '@claimstead/wire/gen/link/v1/context';
import { UpdateNodeInstanceConnection } from '@claimstead/wire/gen/link/v1/node';
import { upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';
import { encodePacket } from '@claimstead/wire/mqtt/packet';
import { maskedFrame } from './cut-stream.ts';
import type { RecordedIds } from './fuzz-world.ts';
import type { AgentFrames } from './mutate.ts';

const key = Buffer.from([5, 6, 7, 8]);
/** Seconds between two of each: more than a busy machine has. */
const every = { alert: 5, contexts: 10, connection: 300 };
const alertNames = 300;
const contextNames = 400;

/** One piece an hour; the first is what was recorded. `onHour` is called when an hour has been heard. */
export function* dayOfEvents(
  { claimId, nodeId }: RecordedIds,
  recorded: AgentFrames,
  onHour: (hour: number) => void,
): Generator<Buffer[]> {
  const topics = new Map([...upstreamTopics(claimId)].map(([topic, carries]) => [carries, topic]));
  const said = (name: UpstreamName, payload: Uint8Array): Buffer => {
    const packet = { topic: topics.get(name) ?? '', payload: Buffer.from(payload), messageId: 9 };
    return maskedFrame(2, encodePacket({ cmd: 'publish', ...packet, qos: 1, dup: false, retain: false }, 5), key);
  };
  yield recorded.map((bytes) => maskedFrame(2, bytes, key));
  onHour(0);
  for (let hour = 1; hour <= 24; hour++) {
    const bytes: Buffer[] = [];
    for (let second = (hour - 1) * 3600; second < hour * 3600; second += 5) {
      const about = { claimId, nodeId };
      const n = second / every.alert;
      const status = n % 3 === 0 ? AlarmStatus.ALARM_STATUS_CLEAR : AlarmStatus.ALARM_STATUS_WARNING;
      const alert = { name: `alert-${n % alertNames}`, chart: `chart-${n % alertNames}`, chartContext: 'context' };
      const when = BigInt(1_800_000_000 + second);
      const told = {
        status,
        when,
        eventId: BigInt(n),
        alertVersion: when,
        summary: `summary of ${n}`,
        renderedInfo: `info of ${n}`,
      };
      bytes.push(
        said('AlarmLogEntry', AlarmLogEntry.encode(AlarmLogEntry.create({ ...about, ...alert, ...told })).finish()),
      );
      if (second % every.contexts === 0) {
        const context = {
          id: `context-${(second / 10) % contextNames}`,
          version: when,
          title: 't',
          units: 'u',
          deleted: second % 50 === 0,
        };
        const update = { ...about, contextUpdates: [{ ...contextOf, ...context }], versionHash: when, createdAt: when };
        bytes.push(said('ContextsUpdated', ContextsUpdated.encode(ContextsUpdated.create(update)).finish()));
      }
      if (second % every.connection === 0) {
        const flags = { liveness: second % 600 === 0, queryable: true };
        const connection = UpdateNodeInstanceConnection.create({ ...about, ...flags });
        bytes.push(said('UpdateNodeInstanceConnection', UpdateNodeInstanceConnection.encode(connection).finish()));
      }
    }
    yield bytes;
    onHour(hour);
  }
}

const contextOf = { firstEntry: 1n, lastEntry: 0n, priority: 1n, chartType: 'line', family: 'f' };
