// Alerts: reading order. alert-rules (order, counts, filters), agent-alerts (what an agent says of its alerts), AlertCounts (the
// badges on lists of nodes), AlertsPage (a Space's), NodeAlerts (a node's), AlertDetails (one). Pure.

import type { AlertStatus, AlertView } from '@claimstead/wire/cloud-api/alerts';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { holdsWords } from '../ui/holds-words.ts';

export interface AlertCounts {
  critical: number;
  warning: number;
}

/** Raised alerts of all the nodes; null when none of them told of any number. */
export function countAlerts(nodes: readonly Pick<NodeView, 'alerts'>[]): AlertCounts | null {
  const told = nodes.flatMap(({ alerts }) => (alerts ? [alerts] : []));
  if (told.length === 0) return null;
  const sum = (of: keyof AlertCounts): number => told.reduce((before, counts) => before + counts[of], 0);
  return { critical: sum('critical'), warning: sum('warning') };
}

/** Counts by room id; rooms whose nodes told of no number are not in it. */
export function countAlertsByRoom(nodes: readonly Pick<NodeView, 'alerts' | 'rooms'>[]): Map<string, AlertCounts> {
  const byRoom = new Map<string, AlertCounts>();
  for (const { alerts, rooms } of nodes) {
    if (!alerts) continue;
    for (const { id } of rooms) {
      const before = byRoom.get(id) ?? { critical: 0, warning: 0 };
      byRoom.set(id, { critical: before.critical + alerts.critical, warning: before.warning + alerts.warning });
    }
  }
  return byRoom;
}

/** Names an alert on its node, in addresses and in the page. Only compared, never taken apart: both parts may hold dots. */
export const alertKey = ({ chart, name }: { chart: string; name: string }): string => `${chart}.${name}`;

const severity: Record<AlertStatus, number> = { critical: 0, warning: 1 };

/** Critical ones first, then the newest first; what is equal by its name, so that the order rests. */
export const alertsInOrder = (alerts: readonly AlertView[]): AlertView[] =>
  [...alerts].sort(
    (a, b) =>
      severity[a.status] - severity[b.status] ||
      Date.parse(b.since) - Date.parse(a.since) ||
      compareTexts(alertKey(a), alertKey(b)) ||
      compareTexts(a.nodeId, b.nodeId),
  );

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface AlertFilter {
  /** Null = every severity. */
  status: AlertStatus | null;
  /** Words that name, chart, summary, explanation or host must hold. */
  find: string;
  /** Null = every node. */
  nodeIds: ReadonlySet<string> | null;
}

/** `hostOf`: host name of a node, undefined when it is not known. */
export function alertsMatching(
  alerts: readonly AlertView[],
  { status, find, nodeIds }: AlertFilter,
  hostOf: (nodeId: string) => string | undefined,
): AlertView[] {
  return alerts.filter(
    (alert) =>
      (status === null || alert.status === status) &&
      (nodeIds === null || nodeIds.has(alert.nodeId)) &&
      holdsWords(find, [
        alert.name,
        alert.chart,
        alert.chartName,
        alert.context,
        alert.summary,
        alert.info,
        hostOf(alert.nodeId),
      ]),
  );
}

/** What heads an alert: its summary, or its name in words where its agent has none (some repeat the name instead). */
export const alertTitle = ({ summary, name }: { summary: string; name: string }): string =>
  (summary !== name && summary.trim()) || (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('_', ' ');
