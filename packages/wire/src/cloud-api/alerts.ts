// Alerts that are raised: GET /spaces/:spaceId/alerts, GET /nodes/:nodeId/alerts, GET /nodes/:nodeId/alert-definitions/:configHash.
// Agents judge their own metrics; the Cloud knows which of their alerts are raised, in memory, and none of their values: the present
// value, the alerts that are clear, and the history are asked of the node (`/api/v1/alarms`, `/api/v1/alarm_log`).

import { z } from 'zod';

export const AlertStatus = z.enum(['warning', 'critical']);
export type AlertStatus = z.infer<typeof AlertStatus>;

/** One raised alert. Texts come from an agent. */
export const AlertView = z.object({
  nodeId: z.uuid(),
  /** Name of the alert, e.g. `disk_space_usage`; unique together with the chart. */
  name: z.string(),
  /** Id of the chart that it watches. */
  chart: z.string(),
  /** What people call that chart; the id where its agent has no other name. */
  chartName: z.string(),
  context: z.string(),
  status: AlertStatus,
  /** When it got this status. */
  since: z.iso.datetime(),
  /** What it was before. */
  previous: z.enum(['warning', 'critical', 'clear', 'other']),
  /** One line, e.g. `Disk / space usage`; '' from agents that have none. */
  summary: z.string(),
  /** One sentence of explanation. */
  info: z.string(),
  /** Nobody is notified of it. */
  silenced: z.boolean(),
  /** Names its definition; '' when not told. */
  configHash: z.string(),
});
export type AlertView = z.infer<typeof AlertView>;
export const AlertList = z.object({ alerts: z.array(AlertView) });

/** How an alert is defined on its node, in the words of its configuration; '' and 0 = not set. */
export const AlertDefinition = z.object({
  configHash: z.string(),
  name: z.string(),
  /** Chart or context that it is defined for. */
  on: z.string(),
  class: z.string(),
  type: z.string(),
  component: z.string(),
  lookup: z.string(),
  calculation: z.string(),
  every: z.string(),
  units: z.string(),
  warning: z.string(),
  critical: z.string(),
  delay: z.string(),
  repeat: z.string(),
  /** Role that is notified. */
  recipient: z.string(),
  summary: z.string(),
  info: z.string(),
});
export type AlertDefinition = z.infer<typeof AlertDefinition>;
