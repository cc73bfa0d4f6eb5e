// What an agent says of its own alerts: `/api/v1/alarms?all` and `/api/v1/alarm_log`. Agents from v1.36 to v2.9 answer; fields that
// only some have are optional, an entry that cannot be read is left out, and rows are bounded. Pure.

import { z } from 'zod';
import type { AlertView } from '@claimstead/wire/cloud-api/alerts';
import { alertKey, alertsInOrder } from './alert-rules.ts';

/** `unknown`: the agent cannot judge it now (too few values, just started, its chart is gone). */
export type AgentAlertStatus = 'critical' | 'warning' | 'clear' | 'unknown';

const statusOf = (said: string): AgentAlertStatus => {
  const status = said.toLowerCase();
  return status === 'critical' || status === 'warning' || status === 'clear' ? status : 'unknown';
};

const text = z
  .string()
  .max(10_000)
  .nullish()
  .catch('')
  .transform((value) => value ?? '');
/** Some versions write `"true"` for true. */
const flag = z
  .union([z.boolean(), z.string()])
  .catch(false)
  .transform((value) => value === true || value === 'true');
/** NaN is written as null. */
const number = z
  .number()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);
/** Seconds since 1970, some versions as text; 0 = never. */
const seconds = z.coerce.number().min(0).max(8.64e12).catch(0);

const AlarmEntry = z.object({
  name: z.string().min(1).max(1000),
  chart: z.string().min(1).max(1000),
  status: z.string().max(100),
  config_hash_id: text,
  units: text,
  summary: text,
  info: text,
  value: number,
  value_string: text,
  silenced: flag,
  disabled: flag,
  last_status_change: seconds,
  last_updated: seconds,
});

export interface AgentAlert {
  name: string;
  /** What people call the chart; agents do not give its id here. */
  chart: string;
  status: AgentAlertStatus;
  configHash: string;
  summary: string;
  info: string;
  /** Value with its unit as the agent writes it; '' when it has none now. */
  value: string;
  silenced: boolean;
  /** Seconds since 1970; 0 = never. */
  sinceSeconds: number;
  updatedSeconds: number;
}

const mostAlerts = 5_000;

const valueText = (value: number | null, written: string, units: string): string => {
  if (written.trim() !== '' && written !== '-') return written.trim();
  return value === null ? '' : `${Number(value.toPrecision(4))} ${units}`.trim();
};

/** `/api/v1/alarms?all` → its alerts. Throws when the answer has another form. */
export function parseAgentAlerts(answer: unknown): AgentAlert[] {
  const { alarms } = z.object({ alarms: z.record(z.string(), z.unknown()) }).parse(answer);
  const alerts: AgentAlert[] = [];
  for (const candidate of Object.values(alarms).slice(0, mostAlerts)) {
    const entry = AlarmEntry.safeParse(candidate);
    if (!entry.success) continue;
    const { name, chart, status, config_hash_id, units, summary, info, value, value_string } = entry.data;
    alerts.push({
      name,
      chart,
      status: statusOf(status),
      configHash: config_hash_id,
      summary,
      info,
      value: valueText(value, value_string, units),
      silenced: entry.data.silenced || entry.data.disabled,
      sinceSeconds: entry.data.last_status_change,
      updatedSeconds: entry.data.last_updated,
    });
  }
  return alerts;
}

const LogEntry = z.object({
  unique_id: z.number().catch(0),
  name: z.string().min(1).max(1000),
  chart: z.string().max(1000),
  when: seconds,
  duration: seconds,
  status: z.string().max(100),
  old_status: z.string().max(100).catch(''),
  value: number,
  value_string: text,
  units: text,
  silenced: flag,
});

export interface AlertTransition {
  id: number;
  name: string;
  chart: string;
  atSeconds: number;
  status: AgentAlertStatus;
  before: AgentAlertStatus;
  value: string;
  /** How long the state before lasted, in seconds. */
  lastedSeconds: number;
  silenced: boolean;
}

/** Transitions that are kept of one answer, the newest. */
const mostTransitions = 1_000;

/** `/api/v1/alarm_log` → transitions, the newest first. Throws when the answer is no list. */
export function parseAlertLog(answer: unknown): AlertTransition[] {
  const transitions: AlertTransition[] = [];
  for (const candidate of z.array(z.unknown()).parse(answer)) {
    const entry = LogEntry.safeParse(candidate);
    if (!entry.success) continue;
    const { unique_id, name, chart, when, duration, status, old_status, value, value_string, units, silenced } =
      entry.data;
    transitions.push({
      id: unique_id,
      name,
      chart,
      atSeconds: when,
      status: statusOf(status),
      before: statusOf(old_status),
      value: valueText(value, value_string, units),
      lastedSeconds: duration,
      silenced,
    });
  }
  return transitions.sort((a, b) => b.atSeconds - a.atSeconds || b.id - a.id).slice(0, mostTransitions);
}

/** One alert of a node as its page shows it. */
export interface NodeAlert {
  key: string;
  name: string;
  /** Id of the chart, or what people call it where `isChartId` is false: agents do not tell the ids of quiet alerts. */
  chart: string;
  isChartId: boolean;
  chartName: string;
  context: string;
  status: AgentAlertStatus;
  /** Milliseconds since 1970; null = never or not told. */
  sinceMs: number | null;
  summary: string;
  info: string;
  silenced: boolean;
  configHash: string;
  /** Null = the agent was not asked or did not tell. */
  value: string | null;
}

const rank: Record<AgentAlertStatus, number> = { critical: 0, warning: 1, unknown: 2, clear: 3 };
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * Raised alerts (by the Cloud, which hears of a change first) with the value that the agent gave; then all others of the agent: what is
 * raised, what it cannot judge, what is clear. `asked` is null while the agent has not answered.
 */
export function nodeAlertsOf(raised: readonly AlertView[], asked: readonly AgentAlert[] | null): NodeAlert[] {
  const told = new Map((asked ?? []).map((alert) => [alertKey(alert), alert]));
  const known = alertsInOrder(raised).map((alert): NodeAlert => {
    const own = told.get(alertKey({ chart: alert.chartName, name: alert.name })) ?? told.get(alertKey(alert));
    if (own) told.delete(alertKey(own));
    const { name, chart, chartName, context, status, since, summary, info, silenced, configHash } = alert;
    return {
      key: alertKey(alert),
      name,
      chart,
      chartName,
      context,
      status,
      summary,
      info,
      silenced,
      configHash,
      isChartId: true,
      sinceMs: Date.parse(since),
      value: own ? own.value : null,
    };
  });
  const others = [...told.values()].map(
    ({ name, chart, status, sinceSeconds, summary, info, silenced, configHash, value }): NodeAlert => ({
      key: alertKey({ chart, name }),
      name,
      chart,
      chartName: chart,
      context: '',
      status,
      summary,
      info,
      silenced,
      configHash,
      value,
      isChartId: false,
      sinceMs: sinceSeconds > 0 ? sinceSeconds * 1000 : null,
    }),
  );
  others.sort(
    (a, b) => rank[a.status] - rank[b.status] || byName.compare(a.chart, b.chart) || byName.compare(a.name, b.name),
  );
  const isRaised = ({ status }: NodeAlert): boolean => status === 'critical' || status === 'warning';
  return [...known, ...others.filter(isRaised), ...others.filter((alert) => !isRaised(alert))];
}
