// Sessions of installed agents for packages/wire/vectors.

import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { release } from 'node:os';
import { installedNode } from '../harness/namespace-node.ts';
import { root } from '../harness/programs.ts';
import { saveRecording } from '../recording/recording.ts';
import { claimFirstWay, installFamily } from './long-checks.ts';
import { checkAlerts, checkFunctions, isLive, nodeOf, restartOnce } from './checks.ts';
import { installAgent, type Installation } from './installed-agent.ts';
import { makeSite, type Site } from './site.ts';

const folder = join(root, 'packages/wire/vectors');

/** How long an agent may take until it has told everything: its collectors come half a minute after its node. */
const settledMs = 40_000;

export async function recordSessions(
  installation: Installation,
  date: string,
  say: (text: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sessions = {
    'claim-and-reconnect': claimAndReconnect,
    'parent-with-two-children': parentWithChildren,
    removal,
  } as const;
  for (const [name, play] of Object.entries(sessions)) {
    const site = await makeSite('direct', { record: true });
    try {
      const what = await play(site, installation);
      const head = { agent: `netdata ${installation.version}`, what, recorded: date };
      const recording = site.recorder?.take(head, namesOf(installation));
      if (recording === undefined) throw new Error('nothing was recorded');
      await saveRecording(join(folder, `${installation.version}-${name}.jsonl.gz`), recording);
      say(`recorded ${installation.version} ${name}: ${recording.events.length} events`);
    } finally {
      await site.end();
    }
  }
}

/** What names the machine that it was taken on, and something of the same length for it. */
function machineNames(): Map<string, string> {
  const kernel = release();
  const checkout = root.replace(/\/$/, '');
  return new Map([
    [kernel, '6.1.0-amd64'.padEnd(kernel.length, '0').slice(0, kernel.length)],
    [checkout, '/srv'.padEnd(checkout.length, '-').slice(0, checkout.length)],
  ]);
}

const namesOf = ({ folder: prefix }: Installation): Map<string, string> =>
  new Map([[prefix, '/opt/netdata'.padEnd(prefix.length, '-').slice(0, prefix.length)], ...machineNames()]);

async function claimAndReconnect(site: Site, installation: Installation): Promise<string> {
  const agent = await installAgent(site.machine, installation, { name: 'stock-host', port: 19_999, small: true });
  await agent.start();
  await claimFirstWay(site, agent);
  const { nodeId } = await nodeOf(site, agent);
  await pause(5000);
  for (const query of recordedQueries(agent.era)) await site.ask(nodeId, query);
  await checkAlerts(site, agent);
  await checkFunctions(site, agent);
  await pause(settledMs);
  await restartOnce(site, agent);
  await site.until(await agent.uid(), isLive);
  await pause(5000);
  await agent.stop();
  return 'claim, first link with contexts, alerts, queries and functions; the Cloud is restarted, second link; stop';
}

/** The agent of this repository, with the programs as they are built. */
export async function recordOwn(date: string, say: (text: string) => void): Promise<void> {
  const site = await makeSite('direct', { record: true });
  const node = installedNode(site.machine);
  try {
    await node.reinstall();
    await node.start({ conf: '[global]\n  hostname = own-host\n' });
    const { token, url } = await site.order();
    const { code, stdout } = await node.claim(`-token=${token}`, `-url=${url}`);
    if (code !== 0) throw new Error(`the claim ended with ${code}: ${stdout}`);
    const guid = await node.uid();
    const { node: live } = await site.until(guid, isLive);
    await pause(3000);
    for (const query of ['/api/v1/info', '/api/v1/charts', '/api/v1/data?chart=system.cpu&after=-3&points=3'])
      await site.ask(live.nodeId, query);
    await site.stopCloud();
    await site.startCloud();
    await site.until(guid, isLive);
    await pause(3000);
    await node.stop();
    const what = 'claim, first link, queries; the Cloud is restarted, second link; stop';
    const recording = site.recorder?.take({ agent: 'claimstead', what, recorded: date }, machineNames());
    if (recording === undefined) throw new Error('nothing was recorded');
    await saveRecording(join(folder, 'claimstead-claim-and-reconnect.jsonl.gz'), recording);
    say(`recorded claimstead claim-and-reconnect: ${recording.events.length} events`);
  } finally {
    await site.end();
  }
}

const recordedQueries = (era: 1 | 2): string[] => [
  '/api/v1/info',
  '/api/v1/charts',
  '/api/v1/contexts',
  '/api/v1/alarms?active=true',
  '/api/v1/data?chart=system.cpu&after=-10&points=10&options=seconds',
  '/api/v2/nodes',
  ...(era === 2 ? ['/api/v3/info'] : []),
];

async function parentWithChildren(site: Site, installation: Installation): Promise<string> {
  const { parent, children } = await installFamily(site, installation);
  await claimFirstWay(site, parent);
  for (const child of children) await child.start();
  for (const child of children) {
    const { node } = await site.until(await child.uid(), isLive);
    await site.ask(node.nodeId, '/api/v1/data?chart=system.cpu&after=-10&points=10&options=seconds');
    await site.ask(node.nodeId, '/api/v1/info');
  }
  await pause(settledMs);
  await children[0]?.stop();
  await pause(3000);
  for (const one of [...children, parent]) await one.stop();
  return 'claim of a parent, two children begin to stream to it, one stops; stop';
}

async function removal(site: Site, installation: Installation): Promise<string> {
  const agent = await installAgent(site.machine, installation, { name: 'stock-host', port: 19_999, small: true });
  await agent.start();
  await claimFirstWay(site, agent);
  const { nodeId } = await nodeOf(site, agent);
  await pause(3000);
  await site.client().send('DELETE', `/nodes/${nodeId}`);
  await pause(65_000);
  await agent.stop();
  return 'claim, first link; the node is removed, and its agent asks again; stop';
}
