// A world of its own for one test file: folders, Clouds and agents that are all gone afterwards.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent, type Agent, type AgentOptions } from './agent.ts';
import { startCloud, type Cloud } from './cloud.ts';
import { eventually, type Running } from './programs.ts';

export interface World {
  readonly folder: string;
  cloud(options?: { name?: string; port?: number; args?: readonly string[] }): Promise<Cloud>;
  agent(cloud: Cloud | undefined, options?: Partial<AgentOptions> & { name?: string }): Promise<Agent>;
  /** Claims with a fresh token from claim.d/token and waits until the node is live. */
  claimed(cloud: Cloud, agent: Agent): Promise<string>;
  /** Has the world stop it at the end. */
  keep(running: Running): Running;
  end(): Promise<void>;
}

export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'claimstead-world-'));
  const running: Running[] = [];
  let agents = 0;
  return {
    folder,
    async cloud({ name = 'cloud', ...options } = {}) {
      const dataFolder = join(folder, name);
      const cloud = await startCloud({ dataFolder, ...options });
      running.push(cloud.process);
      return cloud;
    },
    async agent(cloud, { name = `agent-${++agents}`, ...options } = {}) {
      const agent = await startAgent({
        folder: join(folder, name),
        ...(cloud === undefined ? {} : { caPem: cloud.caPem }),
        ...options,
      });
      running.push(agent.process);
      return agent;
    },
    async claimed(cloud, agent) {
      const { code, stdout, stderr } = await agent.claim(`-token=${await cloud.token()}`, `-url=${cloud.url}`);
      if (code !== 0) throw new Error(`the claim ended with ${code}: ${stdout}${stderr}`);
      const { uid } = await agent.info();
      const node = await eventually(async () =>
        (await cloud.nodes()).find((one) => one.machineGuid === uid && one.state === 'live'),
      );
      return node.nodeId;
    },
    keep(one) {
      running.push(one);
      return one;
    },
    async end() {
      await Promise.all(running.map((one) => one.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
