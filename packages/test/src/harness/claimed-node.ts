// A Cloud and an agent that is claimed to it and has something to show: where most questions about metrics begin.

import type { Agent } from './agent.ts';
import type { CloudClient } from './cloud-client.ts';
import type { Cloud } from './cloud.ts';
import { eventually } from './programs.ts';
import type { RawAgent } from './raw-agent.ts';
import type { World } from './world.ts';

export interface ClaimedNode {
  cloud: Cloud;
  agent: Agent;
  nodeId: string;
  client: CloudClient;
}

export async function startClaimedNode(world: World): Promise<ClaimedNode> {
  const cloud = await world.cloud();
  const agent = await world.agent(cloud);
  const nodeId = await world.claimed(cloud, agent);
  const client = await cloud.client();
  // Two ticks make the first sample: percentages need a difference.
  await eventually(async () =>
    (await agent.get('/api/v1/data?chart=system.cpu&after=-2&points=1')).body.includes('[1') ? true : undefined,
  );
  return { cloud, agent, nodeId, client };
}

/** The node id that the Cloud has for a raw agent, once it is live. */
export const liveNodeIdOf = (cloud: Cloud, raw: RawAgent): Promise<string> =>
  eventually(
    async () => (await cloud.nodes()).find(({ claimId, state }) => claimId === raw.claimId && state === 'live')?.nodeId,
  );
