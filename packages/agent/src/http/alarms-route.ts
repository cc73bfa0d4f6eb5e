// /api/v1/alarms, alarms_values, alarm_log and alarm_count: the alerts, in the shapes of stock agents, whose word for them is alarm.

import type { Alert, Transition } from '../health/alert-log.ts';
import { isRaised } from '../health/alert-status.ts';
import { isSilent, optionWords, placeOf } from '../health/definition.ts';
import type { Health } from '../health/health.ts';
import { valueText } from '../health/value-text.ts';
import { roundSample } from '../metrics/number-text.ts';
import { utcOffsetSeconds } from './host-info.ts';
import { jsonReply } from './reply.ts';
import type { Route } from './route.ts';

interface AlarmsParts {
  health: Health;
  hostname: string;
  hostInfo: { timezone: string };
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/** How a stock agent is asked: `?all` and `?all=true` for those that are not raised, too. */
const wantsAll = (query: URLSearchParams): boolean => ['', 'true'].includes(query.get('all') ?? 'no');

export function alarmsRoutes(parts: AlarmsParts): Route[] {
  const { health, hostname } = parts;
  const listed = (query: URLSearchParams, describe: (alert: Alert) => object): Record<string, object> => {
    const all = wantsAll(query);
    const shown = activeAlerts(health).filter(({ status }) => all || isRaised(status));
    return Object.fromEntries(shown.map((alert) => [`${alert.chartId}.${alert.definition.name}`, describe(alert)]));
  };
  const route = (path: string, answer: (query: URLSearchParams) => unknown): Route => ({
    path,
    permission: 'anonymous-data',
    mayBeRelayed: true,
    answer: ({ query }) => jsonReply(JSON.stringify(answer(query))),
  });
  return [
    route('/api/v1/alarms', (query) => ({
      hostname,
      latest_alarm_log_unique_id: health.log.latestId,
      status: true,
      now: Math.floor(parts.nowMs() / 1000),
      alarms: listed(query, describeAlert),
    })),
    route('/api/v1/alarms_values', (query) => ({
      hostname,
      alarms: listed(query, (alert) => ({
        id: alert.id,
        value: numberOf(alert.value),
        last_updated: alert.lastUpdated,
        status: statusWord(alert),
      })),
    })),
    route('/api/v1/alarm_log', (query) => {
      const chart = query.get('chart');
      return health.log
        .newerThan(Number(query.get('after') ?? 0) || 0)
        .filter(({ alert }) => chart === null || alert.chartId === chart)
        .map((transition) => describeTransition(transition, parts));
    }),
    route('/api/v1/alarm_count', (query) => [countAlerts(health, query)]),
  ];
}

/** Those whose charts are being collected. */
function activeAlerts(health: Health): Alert[] {
  return [...health.alerts()].filter(({ nextUpdate }) => nextUpdate !== Infinity);
}

/** What /api/v1/info and /api/v1/charts say about alerts. */
export function alarmCounts(health: Health): { normal: number; warning: number; critical: number } {
  const counts = { normal: 0, warning: 0, critical: 0 };
  for (const { status } of activeAlerts(health)) {
    counts[status === 'warning' || status === 'critical' ? status : 'normal']++;
  }
  return counts;
}

/** `status=` is one status, raised ones where it is absent or unknown; `context=` may be given more than once. */
function countAlerts(health: Health, query: URLSearchParams): number {
  const wanted = (query.get('status') ?? 'raised').toLowerCase();
  const contexts = [...query.getAll('context'), ...query.getAll('ctx')].flatMap((text) => text.split(/[,| ]+/));
  const known = ['critical', 'warning', 'uninitialized', 'undefined', 'removed', 'clear'].includes(wanted);
  return activeAlerts(health).filter(
    ({ status, context }) =>
      (known ? status === wanted : isRaised(status)) && (contexts.length === 0 || contexts.includes(context)),
  ).length;
}

const statusWord = ({ status }: { status: string }): string => status.toUpperCase();
/** JSON has no number that is none. */
const numberOf = (value: number): number | null => (Number.isFinite(value) ? roundSample(value) : null);

function describeAlert(alert: Alert): object {
  const { definition } = alert;
  const { delay, lookup } = definition;
  const expression = (key: 'calc' | 'warn' | 'crit'): object =>
    definition[key] === undefined ? {} : { [key]: definition[key].source };
  return {
    id: alert.id,
    config_hash_id: definition.hash,
    name: definition.name,
    chart: alert.chartId,
    family: alert.family,
    class: definition.class,
    component: definition.component,
    type: definition.type,
    active: true,
    disabled: false,
    silenced: isSilent(definition),
    exec: '',
    recipient: definition.recipient,
    source: placeOf(definition),
    units: definition.units,
    summary: alert.summary,
    info: alert.info,
    status: statusWord(alert),
    last_status_change: alert.lastStatusChange,
    last_updated: alert.lastUpdated,
    next_update: alert.nextUpdate,
    update_every: definition.everySeconds,
    delay_up_duration: delay.upSeconds,
    delay_down_duration: delay.downSeconds,
    delay_max_duration: delay.maxSeconds,
    delay_multiplier: delay.multiplier,
    delay: alert.delaySeconds,
    delay_up_to_timestamp: alert.delayUntilSecond,
    warn_repeat_every: '0',
    crit_repeat_every: '0',
    value_string: valueText(alert.value, definition.units),
    last_repeat: '0',
    times_repeat: 0,
    ...(lookup === undefined
      ? {}
      : {
          lookup_dimensions: lookup.dimensions.join(',') || null,
          lookup_method: lookup.method,
          lookup_after: -lookup.lengthSeconds,
          lookup_before: -lookup.beforeSeconds,
          lookup_options: optionWords(lookup),
        }),
    ...expression('calc'),
    ...expression('warn'),
    ...expression('crit'),
    green: null,
    red: null,
    value: numberOf(alert.value),
  };
}

function describeTransition(transition: Transition, { hostname, hostInfo, nowMs }: AlarmsParts): object {
  const { alert } = transition;
  const { definition } = alert;
  return {
    hostname,
    utc_offset: utcOffsetSeconds(nowMs()),
    timezone: hostInfo.timezone,
    unique_id: transition.id,
    alarm_id: alert.id,
    alarm_event_id: transition.id,
    config_hash_id: definition.hash,
    transition_id: transition.transitionId,
    name: definition.name,
    chart: alert.chartId,
    context: alert.context,
    family: alert.family,
    class: definition.class,
    component: definition.component,
    type: definition.type,
    processed: true,
    updated: transition.updatedById !== 0,
    exec_run: 0,
    exec_failed: false,
    exec: '',
    recipient: definition.recipient,
    exec_code: 0,
    source: placeOf(definition),
    command: '',
    units: definition.units,
    when: transition.when,
    duration: transition.durationSeconds,
    non_clear_duration: transition.nonClearSeconds,
    status: statusWord(transition),
    old_status: transition.oldStatus.toUpperCase(),
    delay: transition.delaySeconds,
    delay_up_to_timestamp: transition.delayUntilSecond,
    updated_by_id: transition.updatedById,
    updates_id: transition.updatesId,
    value_string: valueText(transition.value, definition.units),
    old_value_string: valueText(transition.oldValue, definition.units),
    last_repeat: 0,
    silenced: isSilent(definition),
    summary: alert.summary,
    info: alert.info,
    no_clear_notification: false,
    value: numberOf(transition.value),
    old_value: numberOf(transition.oldValue),
  };
}
