// What is asked in one round of live samples: charts of several nodes that one agent can answer for are one question. Pure.

import { maxNodesTogether } from '@claimstead/wire/agent-api/several-nodes';
import type { MetricsApi } from '@claimstead/wire/agent-api/generation';
import type { ClaimId, NodeId } from '@claimstead/wire/ids';

/** The agent that answers for a node, and how it can be asked. */
export interface AnsweringAgent {
  claimId: ClaimId;
  metricsApi: MetricsApi;
}

/** Each batch is asked at once; one of a single watch is asked of its node. */
export function batchesOf<Watched extends { nodeId: NodeId; chart: string }>(
  due: readonly Watched[],
  agentOf: (nodeId: NodeId) => AnsweringAgent | undefined,
): { agent: AnsweringAgent | undefined; watched: Watched[] }[] {
  const batches: { agent: AnsweringAgent | undefined; watched: Watched[] }[] = [];
  const open = new Map<string, Watched[]>();
  for (const one of due) {
    const agent = agentOf(one.nodeId);
    const key = `${agent?.claimId ?? ''} ${one.chart}`;
    const batch = agent === undefined || agent.metricsApi === 'v1' ? undefined : open.get(key);
    if (batch !== undefined && batch.length < maxNodesTogether) {
      batch.push(one);
      continue;
    }
    const watched = [one];
    open.set(key, watched);
    batches.push({ agent, watched });
  }
  return batches;
}
