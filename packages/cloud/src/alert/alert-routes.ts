// GET /spaces/:spaceId/alerts, GET /nodes/:nodeId/alerts, GET /nodes/:nodeId/alert-definitions/:configHash.

import { z } from 'zod';
import type { AlarmConfiguration } from '@claimstead/wire/gen/link/v1/alarm';
import { AlertDefinition, AlertList, type AlertView } from '@claimstead/wire/cloud-api/alerts';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import { route, type RouteEntry } from '../http/routes.ts';
import type { LivePath } from '../node/live-presence.ts';
import type { NodeStore } from '../node/node.ts';
import type { LiveAlerts } from './live-alerts.ts';

/** Of one answer: more than anybody reads, and less than 2 MB. */
const maxListed = 2000;

export function alertRoutes(parts: {
  alerts: LiveAlerts;
  nodes: NodeStore;
  pathsTo: (nodeId: NodeId) => readonly LivePath[];
  definition: (claimId: ClaimId, configHash: string) => Promise<AlarmConfiguration | undefined>;
}): RouteEntry[] {
  const { alerts, pathsTo } = parts;

  const raisedOn = (nodeId: NodeId): AlertView[] => {
    const teller = pathsTo(nodeId).find(({ claimId }) => alerts.countsOf(claimId, nodeId) !== undefined);
    if (teller === undefined) return [];
    return alerts.raisedOf(teller.claimId, nodeId).map((alert) => ({ nodeId, ...alert }));
  };
  const newestFirst = (list: AlertView[]): AlertView[] =>
    list.sort((a, b) => a.status.localeCompare(b.status) || (a.since < b.since ? 1 : -1)).slice(0, maxListed);

  return [
    route({
      method: 'GET',
      path: `${apiBase}/spaces/:spaceId/alerts`,
      permission: 'see-nodes',
      summary: 'The alerts that are raised on nodes of the Space, critical ones first.',
      responses: { 200: AlertList },
      handle: async ({ who }) => {
        const nodes = (await parts.nodes.inSpace(who.spaceId)).filter(({ nodeId }) => who.sight.node(nodeId));
        return { status: 200, body: { alerts: newestFirst(nodes.flatMap(({ nodeId }) => raisedOn(nodeId))) } };
      },
    }),
    route({
      method: 'GET',
      path: `${apiBase}/nodes/:nodeId/alerts`,
      permission: 'see-nodes',
      summary: 'The alerts that are raised on the node, critical ones first.',
      responses: { 200: AlertList },
      handle: async ({ who }) => {
        if (who.node === undefined) throw new CloudError('not-found');
        return { status: 200, body: { alerts: newestFirst(raisedOn(who.node.nodeId)) } };
      },
    }),
    route({
      method: 'GET',
      path: `${apiBase}/nodes/:nodeId/alert-definitions/:configHash`,
      permission: 'see-nodes',
      summary: 'How an alert is defined on the node; asked of its agent.',
      params: z.object({ nodeId: z.string(), configHash: z.uuid() }),
      responses: { 200: AlertDefinition },
      handle: async ({ who, params }) => {
        if (who.node === undefined) throw new CloudError('not-found');
        const [path] = pathsTo(who.node.nodeId);
        if (path === undefined) throw new CloudError('node-offline');
        const configHash = params.configHash.toLowerCase();
        const defined = await parts.definition(path.claimId, configHash);
        if (defined === undefined) throw new CloudError('relay-timeout');
        return { status: 200, body: toDefinition(configHash, defined) };
      },
    }),
  ];
}

const maxTextCharacters = 4096;

function toDefinition(configHash: string, defined: AlarmConfiguration): AlertDefinition {
  const text = (value: string): string => value.slice(0, maxTextCharacters);
  return {
    configHash,
    name: text(defined.alarm === '' ? defined.template : defined.alarm),
    on: text(defined.onChart),
    class: text(defined.classification),
    type: text(defined.type),
    component: text(defined.component),
    lookup: text(defined.lookup === '' ? databaseLookup(defined) : defined.lookup),
    calculation: text(defined.calculationExpr),
    every: text(defined.every),
    units: text(defined.units),
    warning: text(defined.warningExpr),
    critical: text(defined.criticalExpr),
    delay: text(defined.delay),
    repeat: text(defined.repeat),
    recipient: text(defined.recipient),
    summary: text(defined.summary),
    info: text(defined.info),
  };
}

/** Agents that tell the parts of a look-up but not its text. */
function databaseLookup(defined: AlarmConfiguration): string {
  if (defined.pDbLookupMethod === '') return '';
  const dimensions = defined.pDbLookupDimensions === '' ? '' : ` of ${defined.pDbLookupDimensions}`;
  return `${defined.pDbLookupMethod} ${defined.pDbLookupAfter}s${dimensions}`;
}
