// Alerts as the Cloud is told of them. [docs/link-protocol.md, Alerts]

import { AlarmConfiguration, AlarmStatus, AlarmLogEntry, type AlarmSnapshot } from '@claimstead/wire/gen/link/v1/alarm';
import type { Transition } from '../../health/alert-log.ts';
import type { AlertStatus } from '../../health/alert-status.ts';
import { isSilent, optionWords, placeOf, type AlertDefinition } from '../../health/definition.ts';
import { valueText } from '../../health/value-text.ts';

/** Whose alerts they are, and when it is there. */
export interface Teller {
  claimId: string;
  nodeId: string;
  /** Name of the time zone. */
  timezone: string;
  /** East positive. */
  utcOffsetSeconds: number;
}

/** Alerts in one message of a snapshot, as stock agents chunk it: about 600 bytes each. */
export const alertsPerChunk = 1000;

const statusNumbers: Record<AlertStatus, AlarmStatus> = {
  removed: AlarmStatus.ALARM_STATUS_REMOVED,
  undefined: AlarmStatus.ALARM_STATUS_NOT_A_NUMBER,
  // Stock agents have no number of its own for it.
  uninitialized: AlarmStatus.ALARM_STATUS_UNKNOWN,
  clear: AlarmStatus.ALARM_STATUS_CLEAR,
  warning: AlarmStatus.ALARM_STATUS_WARNING,
  critical: AlarmStatus.ALARM_STATUS_CRITICAL,
};

/** The wire has no word for what is not a number: it is told as 0, with `-` as its text. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

export function toldTransition(transition: Transition, { claimId, nodeId, ...time }: Teller): AlarmLogEntry {
  const { alert } = transition;
  const { definition } = alert;
  return AlarmLogEntry.create({
    nodeId,
    claimId,
    chart: alert.chartId,
    chartName: alert.chartId,
    chartContext: alert.context,
    name: definition.name,
    family: alert.family,
    when: BigInt(transition.when),
    configHash: definition.hash,
    utcOffset: time.utcOffsetSeconds,
    timezone: time.timezone,
    confSource: placeOf(definition),
    duration: transition.durationSeconds,
    nonClearDuration: transition.nonClearSeconds,
    status: statusNumbers[transition.status],
    oldStatus: statusNumbers[transition.oldStatus],
    delay: BigInt(transition.delaySeconds),
    delayUpToTimestamp: BigInt(transition.delayUntilSecond),
    silenced: isSilent(definition),
    valueString: valueText(transition.value, definition.units),
    oldValueString: valueText(transition.oldValue, definition.units),
    value: finite(transition.value),
    oldValue: finite(transition.oldValue),
    updated: transition.updatedById !== 0,
    renderedInfo: alert.info,
    summary: alert.summary,
    eventId: BigInt(transition.id),
    transitionId: transition.transitionId,
    alertVersion: BigInt(transition.version),
  });
}

/** In messages of bounded size; none where there are no alerts, as stock agents hold it. */
export function toldSnapshot(
  transitions: readonly Transition[],
  teller: Teller,
  snapshotUuid: string,
): Partial<AlarmSnapshot>[] {
  const { claimId, nodeId } = teller;
  const chunks = Math.ceil(transitions.length / alertsPerChunk);
  return Array.from({ length: chunks }, (_, i) => {
    const part = transitions.slice(i * alertsPerChunk, (i + 1) * alertsPerChunk);
    const alarms = part.map((transition) => toldTransition(transition, teller));
    return { nodeId, claimId, chunks, chunkSize: alarms.length, chunk: i + 1, alarms, snapshotUuid };
  });
}

/** A definition, in the words that it was written with. */
export function toldConfiguration(definition: AlertDefinition): AlarmConfiguration {
  const { kind, name, lookup, lines } = definition;
  const line = (key: string): string => lines.get(key) ?? '';
  return AlarmConfiguration.create({
    [kind]: name,
    onChart: definition.on,
    classification: definition.class,
    type: definition.type,
    component: definition.component,
    lookup: line('lookup'),
    every: line('every'),
    units: definition.units,
    calculationExpr: line('calc'),
    warningExpr: line('warn'),
    criticalExpr: line('crit'),
    recipient: definition.recipient,
    delay: line('delay'),
    info: definition.info,
    summary: definition.summary,
    pUpdateEvery: definition.everySeconds,
    ...(lookup === undefined
      ? {}
      : {
          pDbLookupAfter: -lookup.lengthSeconds,
          pDbLookupBefore: -lookup.beforeSeconds,
          pDbLookupDimensions: lookup.dimensions.join(','),
          pDbLookupMethod: lookup.method,
          pDbLookupOptions: optionWords(lookup),
        }),
  });
}
