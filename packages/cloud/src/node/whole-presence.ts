// Everything that is known of a node right now, put together from what links, agents and contests tell.

import { metricsApiOf, capabilityLevel } from '@claimstead/wire/agent-api/generation';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';
import type { LiveAlerts } from '../alert/live-alerts.ts';
import type { LiveContexts } from '../context/live-contexts.ts';
import type { LivePresence } from './live-presence.ts';
import type { NodeTold } from './node-told.ts';
import type { NodePresence, Presence } from './presence.ts';

export function createWholePresence(parts: {
  paths: LivePresence;
  told: NodeTold;
  contexts: LiveContexts;
  alerts: LiveAlerts;
  contestOf: (claimId: ClaimId) => NodePresence['contested'];
  /** The node whose agent holds the link of the claim. */
  agentOf: (claimId: ClaimId) => { nodeId: NodeId; hostname: string } | undefined;
}): Presence {
  const { paths, told, alerts, agentOf } = parts;

  const via = (nodeId: NodeId): NodePresence['via'] => {
    const [best] = paths.pathsTo(nodeId);
    if (best === undefined || best.isOwn) return null;
    const agent = agentOf(best.claimId);
    return agent === undefined ? null : { nodeId: agent.nodeId, hostname: agent.hostname, hops: best.hops };
  };

  // By the word of the agent that is asked; where it told nothing, of another that can answer.
  const alertsOf = (nodeId: NodeId): NodePresence['alerts'] => {
    for (const { claimId } of paths.pathsTo(nodeId)) {
      const counts = alerts.countsOf(claimId, nodeId);
      if (counts === undefined) continue;
      const { critical, warning, changedAtMs } = counts;
      return { critical, warning, changedAt: new Date(changedAtMs).toISOString() };
    }
    return null;
  };

  const contextCountOf = (nodeId: NodeId): number | null => {
    for (const { claimId } of paths.pathsTo(nodeId)) {
      const count = parts.contexts.countOf(claimId, nodeId);
      if (count !== undefined) return count;
    }
    return null;
  };

  return {
    of(node) {
      const { info, capabilities } = told.of(node.nodeId);
      return {
        ...paths.of(node),
        info,
        contested: node.claimId === null ? null : parts.contestOf(node.claimId),
        via: via(node.nodeId),
        alerts: alertsOf(node.nodeId),
        metricsApi: metricsApiOf(capabilities),
        hasFunctions: capabilityLevel(capabilities, 'funcs') > 0,
      };
    },
    labelsOf: (nodeId) => told.of(nodeId).labels,
    factsOf(nodeId) {
      const { releaseChannel, timezone, cpuFrequencyHz, labels, collectors, capabilities } = told.of(nodeId);
      const ways = paths.pathsTo(nodeId).flatMap(({ claimId, hops, live, queryable }) => {
        const agent = agentOf(claimId);
        return agent === undefined ? [] : [{ ...agent, hops, live, queryable }];
      });
      const contextCount = contextCountOf(nodeId);
      return { releaseChannel, timezone, cpuFrequencyHz, labels, collectors, capabilities, contextCount, paths: ways };
    },
  };
}
