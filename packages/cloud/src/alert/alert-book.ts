// The alerts of one node as one agent tells them: which are raised, and what is needed to notice that something was missed. No value is
// kept. Reading order of this folder: alert-book.ts (one agent's word; pure), live-alerts.ts (all of them), alert-routes.ts (HTTP).
// [docs/link-protocol.md, Alerts]

import { AlarmStatus, type AlarmLogEntry, type AlarmSnapshot } from '@claimstead/wire/gen/link/v1/alarm';
import type { AlertView } from '@claimstead/wire/cloud-api/alerts';
import { beginning } from '../node/beginning.ts';

export type RaisedAlert = Omit<AlertView, 'nodeId'>;

export interface AlertBook {
  /** One transition. True when something that is shown changed. */
  entryTold(entry: AlarmLogEntry): boolean;
  /** One chunk of a snapshot; the last one replaces everything. True when something that is shown changed. */
  snapshotTold(snapshot: AlarmSnapshot): boolean;
  /** Agents of v1.39 to v1.46: true when the agent's alerts changed since its last checksum and nothing was told of it. */
  checksumTold(checksum: Uint8Array): boolean;
  /** Agents up to v1.38: the transitions that are missing begin here; undefined = none is. */
  missingFrom(lastSequenceId: bigint): bigint | undefined;
  /** Sum of the versions of all alerts that are not removed: what agents of v1.47 and later compare with their own. */
  version(): bigint;
  raised(): IterableIterator<RaisedAlert>;
  readonly critical: number;
  readonly warning: number;
}

/** Alerts of one node that are remembered: a machine has some hundreds. 20,000 × 150 B = 3 MB; of those raised more is kept. */
export const maxAlerts = 20_000;
export const maxRaised = 2000;
/** Chunks of one snapshot: 1,000 alerts each. */
const maxChunks = 64;

interface Known {
  version: bigint;
  whenSeconds: bigint;
  eventId: bigint;
}
/** By chart and name. */
interface Alerts {
  known: Map<string, Known>;
  raised: Map<string, RaisedAlert>;
}

export function createAlertBook(): AlertBook {
  let alerts: Alerts = { known: new Map(), raised: new Map() };
  /** What the chunks of a snapshot told until now, as bounded as what it will replace. */
  let gathering: { id: string; chunks: number; next: Alerts } | undefined;
  let lastChecksum: string | undefined;
  let changedSinceChecksum = true;
  let lastSequenceId = 0n;

  const apply = ({ known, raised }: Alerts, entry: AlarmLogEntry): boolean => {
    if (entry.chart.length > maxNameCharacters || entry.name.length > maxNameCharacters) return false;
    const key = `${entry.chart}\u0000${entry.name}`;
    const before = known.get(key);
    // Agents that start over tell old transitions, too.
    if (before !== undefined && isOlder(entry, before)) return false;
    if (entry.sequenceId > lastSequenceId) lastSequenceId = entry.sequenceId;
    const wasRaised = raised.delete(key);
    if (entry.status === AlarmStatus.ALARM_STATUS_REMOVED) {
      known.delete(key);
      return wasRaised;
    }
    if (before === undefined && known.size >= maxAlerts) return false;
    known.set(key, { version: entry.alertVersion, whenSeconds: entry.when, eventId: entry.eventId });
    const now = raised.size < maxRaised ? raisedAlert(entry) : undefined;
    if (now !== undefined) raised.set(key, now);
    return wasRaised || now !== undefined;
  };

  const count = (wanted: RaisedAlert['status']): number => {
    let n = 0;
    for (const { status } of alerts.raised.values()) if (status === wanted) n += 1;
    return n;
  };

  return {
    entryTold(entry) {
      // A later transition of the same alert follows.
      if (entry.updated) return false;
      changedSinceChecksum = true;
      return apply(alerts, entry);
    },
    snapshotTold({ snapshotUuid, snapshotId, chunk, chunks, alarms }) {
      const id = snapshotUuid === '' ? String(snapshotId) : snapshotUuid;
      if (chunk <= 1 || gathering?.id !== id)
        gathering = { id: name(id), chunks: 0, next: { known: new Map(), raised: new Map() } };
      gathering.chunks += 1;
      if (gathering.chunks > maxChunks) gathering = undefined;
      if (gathering === undefined) return false;
      const { next } = gathering;
      for (const entry of alarms) apply(next, entry);
      if (gathering.chunks < chunks) return false;
      gathering = undefined;
      changedSinceChecksum = true;
      alerts = next;
      return true;
    },
    checksumTold(checksum) {
      const text = Buffer.from(checksum).toString('hex');
      const isMissing = text !== lastChecksum && !changedSinceChecksum;
      lastChecksum = text;
      changedSinceChecksum = false;
      return isMissing;
    },
    missingFrom: (told) => (told > lastSequenceId ? lastSequenceId + 1n : undefined),
    version() {
      let sum = 0n;
      for (const { version } of alerts.known.values()) sum += version;
      return BigInt.asUintN(64, sum);
    },
    raised: () => alerts.raised.values(),
    get critical() {
      return count('critical');
    },
    get warning() {
      return count('warning');
    },
  };
}

/** By event where agents number them (from v1.40 on), otherwise by time; of the same second the later word counts. */
const isOlder = (entry: AlarmLogEntry, before: Known): boolean =>
  entry.when === before.whenSeconds ? entry.eventId < before.eventId : entry.when < before.whenSeconds;

const statusOf = (status: AlarmStatus): RaisedAlert['previous'] => {
  if (status === AlarmStatus.ALARM_STATUS_CRITICAL) return 'critical';
  if (status === AlarmStatus.ALARM_STATUS_WARNING) return 'warning';
  return status === AlarmStatus.ALARM_STATUS_CLEAR ? 'clear' : 'other';
};

const maxNameCharacters = 256;
const maxTextCharacters = 1024;
/** The last second whose year has four digits, which is what dates in JSON have. */
const lastSecond = 253_402_300_799n;

const name = (text: string): string => beginning(text, maxNameCharacters);

function raisedAlert(entry: AlarmLogEntry): RaisedAlert | undefined {
  const status = statusOf(entry.status);
  if (status !== 'critical' && status !== 'warning') return undefined;
  const when = entry.when > lastSecond ? 0 : Number(entry.when);
  return {
    name: name(entry.name),
    chart: name(entry.chart),
    chartName: name(entry.chartName === '' ? entry.chart : entry.chartName),
    context: name(entry.chartContext),
    status,
    since: new Date(when * 1000).toISOString(),
    previous: statusOf(entry.oldStatus),
    summary: beginning(entry.summary, maxTextCharacters),
    info: beginning(entry.renderedInfo, maxTextCharacters),
    silenced: entry.silenced,
    configHash: name(entry.configHash),
  };
}
