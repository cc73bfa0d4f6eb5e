// What takes minutes: many restarts of the Cloud, an outage, a parent with children.

import { setTimeout as pause } from 'node:timers/promises';
import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { claimBy, type ClaimFigures, isLive, restartOnce, seconds, seen, waysOf, type Seen } from './checks.ts';
import { installAgent, type InstalledAgent, type Installation } from './installed-agent.ts';
import type { Site } from './site.ts';
import { within } from '../harness/namespace.ts';

export const longChecks = ['restarts', 'outage', 'parent'] as const;

export async function claimFirstWay(site: Site, agent: InstalledAgent): Promise<ClaimFigures> {
  const [way] = waysOf(agent, site);
  if (way === undefined) throw new Error('there is no way to claim it');
  return claimBy(site, agent, way);
}

/** Every other one is killed instead of stopped. */
export async function checkRestarts(site: Site, agent: InstalledAgent, count: number): Promise<Seen> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await restartOnce(site, agent, i % 2 === 0 ? 'SIGTERM' : 'SIGKILL'));
  const worst = Math.max(...times);
  const nodes = await site.nodes();
  const banned = (await agent.link())['banned-by-cloud'] === true;
  return seen(
    worst <= 15_000 && nodes.length === 1 && !banned,
    `${count} restarts, every other one a kill: back after at most ${seconds(worst)}, ${nodes.length} node${banned ? ', BANNED' : ''}`,
  );
}

/** An agent to whom nobody answers doubles its delay each time, by its own figures: up to 17 minutes. */
const outagePatienceMs = 1_100_000;

export async function checkOutage(site: Site, agent: InstalledAgent, minutes: number): Promise<Seen> {
  const guid = await agent.uid();
  await site.stopCloud('SIGKILL');
  await pause(minutes * 60_000);
  await site.startCloud();
  const { ms } = await site.until(guid, isLive, performance.now(), outagePatienceMs);
  return seen(ms <= 30_000, `the Cloud was gone for ${minutes} minutes: back after ${seconds(ms)}`);
}

const parentPort = 19_999;
/** Children choose themselves when they ask a lost parent again; some wait for minutes. */
const childPatienceMs = 360_000;
const streamKey = '11111111-2222-4333-8444-555555555555';
const receiving = `[${streamKey}]\n    enabled = yes\n    default memory mode = ram\n    health enabled by default = auto\n`;
const sending = `[stream]\n    enabled = yes\n    destination = 127.0.0.1:${parentPort}\n    api key = ${streamKey}\n    reconnect delay seconds = 1\n    reconnect delay = 1\n`;

export interface Family {
  parent: InstalledAgent;
  children: InstalledAgent[];
}

/** Installed, the parent started. */
export async function installFamily(site: Site, installation: Installation): Promise<Family> {
  const make = (name: string, port: number, stream: string): Promise<InstalledAgent> =>
    installAgent(site.machine, installation, { name, port, stream, small: true });
  const parent = await make('parent-host', parentPort, receiving);
  const children = [await make('child-one', parentPort + 1, sending), await make('child-two', parentPort + 2, sending)];
  await parent.start();
  return { parent, children };
}

/** Only the parent is claimed; its children are nodes of their own, come and go with it, and are asked through it. */
export async function checkParent(site: Site, { parent, children }: Family): Promise<Seen> {
  await claimFirstWay(site, parent);
  const guids: string[] = [];
  const started = performance.now();
  for (const child of children) {
    await child.start();
    guids.push(await child.uid());
  }
  const all = async (what: (node: NodeView) => boolean, from: number): Promise<number> =>
    Math.max(
      ...(await Promise.all(guids.map(async (guid) => (await site.until(guid, what, from, childPatienceMs)).ms))),
    );
  const appeared = await all(isLive, started);
  const problems: string[] = [];
  for (const [index, guid] of guids.entries()) {
    const { node } = await site.until(guid, isLive);
    if (node.hostname !== children[index]?.settings.name) problems.push(`it is called ${node.hostname}`);
    // A parent that has just met its child does not know its charts for some seconds.
    await within(
      `system.cpu of ${node.hostname}`,
      async () => {
        const { status } = await site.ask(node.nodeId, '/api/v1/data?chart=system.cpu&after=-5&points=5');
        return status === 200 ? true : undefined;
      },
      () => parent.log(),
    );
    const info = await site.ask(node.nodeId, '/api/v1/info');
    const uid = info.status === 200 ? info.json<{ uid?: string }>().uid : undefined;
    if (uid !== guid) problems.push(`info of ${node.hostname} is that of ${uid}`);
  }
  const [first = ''] = guids;
  const stopped = performance.now();
  await children[0]?.stop();
  const childLost = (await site.until(first, (node) => !isLive(node), stopped)).ms;
  await children[0]?.start();
  const childBack = (await site.until(first, isLive)).ms;
  const from = performance.now();
  await parent.stop();
  const parentLost = await all((node) => node.state === 'offline', from);
  await parent.start();
  const back = await all(isLive, performance.now());
  const nodes = await site.nodes();
  return seen(
    problems.length === 0 && nodes.length === 1 + children.length,
    problems.length > 0
      ? problems.join('; ')
      : `${children.length} children live ${seconds(appeared)} after they started, each a node that is asked through the parent; one lost: not live after ${seconds(childLost)}, back ${seconds(childBack)}; the parent lost: offline after ${seconds(parentLost)}, back ${seconds(back)} after it; ${nodes.length} nodes`,
  );
}
