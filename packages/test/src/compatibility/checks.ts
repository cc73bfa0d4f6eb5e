// What an agent must do on this Cloud, step by step; each step is a cell of docs/compatibility.md with the figure that was seen.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { within } from '../harness/namespace.ts';
import { claimWays, forgetClaim, type ClaimWay } from './claim-ways.ts';
import type { InstalledAgent } from './installed-agent.ts';
import type { Site } from './site.ts';

export const steps = ['claim', 'live', 'chart', 'alerts', 'functions', 'restart', 're-claim', 'remove'] as const;
export type StepName = (typeof steps)[number];

export interface Seen {
  ok: boolean;
  /** A phrase with its figure. */
  words: string;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;
export const seen = (ok: boolean, words: string): Seen => ({ ok, words });

export const isLive = ({ state }: NodeView): boolean => state === 'live';

export interface ClaimFigures {
  /** From the command to the live node. */
  commandToLiveMs: number;
  /** From the Cloud's answer to the live node: without what the command did before it asked, such as making a key. */
  claimToLiveMs: number;
}

/** Claims in one way and waits until it is live. */
export async function claimBy(site: Site, agent: InstalledAgent, way: ClaimWay): Promise<ClaimFigures> {
  const guid = await agent.uid();
  const order = await site.order();
  const from = performance.now();
  await way.claim(agent, order);
  const { node, ms } = await site.until(guid, isLive, from);
  return { commandToLiveMs: ms, claimToLiveMs: node.claimToLiveMs ?? Infinity };
}

export const waysOf = (agent: InstalledAgent, site: Site): ClaimWay[] =>
  claimWays.filter(
    ({ eras, plainOnly, refusedSince }) =>
      eras.includes(agent.era) &&
      (site.route === 'direct' || plainOnly !== true) &&
      (refusedSince === undefined || isOlder(agent.installation.version, refusedSince)),
  );

/** Versions such as `v1.44.3`. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.slice(1).split('.').map(Number)) as [number[], number[]];
  const at = b.findIndex((part, index) => part !== (a[index] ?? 0));
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** Every way, each on a node that knows of no claim. Answers the cells `claim` and `live`. */
export async function claimEveryWay(site: Site, agent: InstalledAgent): Promise<{ claim: Seen; live: Seen }> {
  const done: string[] = [];
  const failed: string[] = [];
  const times: number[] = [];
  const words: string[] = [];
  for (const [index, way] of waysOf(agent, site).entries()) {
    // A node that is removed begins anew: the time from its claim to its first live moment is counted again.
    if (index > 0) await removeAndForget(site, agent);
    try {
      const { claimToLiveMs, commandToLiveMs } = await claimBy(site, agent, way);
      done.push(`\`${way.name}\``);
      times.push(claimToLiveMs);
      words.push(
        `\`${way.name}\` ${seconds(claimToLiveMs)}${way.restarts ? '' : ` (${seconds(commandToLiveMs)} from the command)`}`,
      );
    } catch (cause) {
      const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      failed.push(`\`${way.name}\` failed: ${reason.slice(0, 200)}`);
    }
  }
  return {
    claim: seen(failed.length === 0, [...done, ...failed].join(', ')),
    live: seen(
      times.every((ms) => ms <= 2500),
      words.join(', '),
    ),
  };
}

async function removeAndForget(site: Site, agent: InstalledAgent): Promise<void> {
  const node = await site.node(await agent.uid());
  if (node !== undefined) await site.client().send('DELETE', `/nodes/${node.nodeId}`);
  await forgetClaim(agent);
}

const multiNode = [
  'nodes',
  'contexts?scope_contexts=system.*',
  'data?contexts=system.cpu&after=-60&points=60&format=json2',
];

/** What the node page asks, by the version since which agents answer it. */
const pageQueriesSince: Readonly<Record<string, readonly string[]>> = {
  'v1.36': [
    '/api/v1/info',
    '/api/v1/charts',
    '/api/v1/contexts',
    '/api/v1/alarms?active=true',
    '/api/v1/alarm_log?after=0',
    '/api/v1/data?chart=system.cpu&points=60&group=average&options=seconds&after=-60',
    '/api/v1/data?chart=system.load&points=60&group=average&options=seconds&after=-600',
  ],
  'v1.38': ['/api/v1/functions'],
  'v1.40': multiNode.map((query) => `/api/v2/${query}`),
  'v1.42': ['/api/v2/info', '/api/v2/node_instances', '/api/v2/alerts'],
  'v2.0': [
    ...multiNode.map((query) => `/api/v3/${query}`),
    ...['info', 'alerts', 'functions', 'stream_path'].map((name) => `/api/v3/${name}`),
  ],
};

const pageQueries = ({ installation }: InstalledAgent): string[] =>
  Object.entries(pageQueriesSince).flatMap(([since, queries]) => (isOlder(installation.version, since) ? [] : queries));

export async function checkChart(site: Site, agent: InstalledAgent): Promise<Seen> {
  const node = await nodeOf(site, agent);
  // Agents that have just started do not know every chart for some seconds.
  await within(
    'the agent to have collected',
    async () => ((await agent.get('/api/v1/data?chart=system.load&after=-10')).status === 200 ? true : undefined),
    () => agent.log(),
  );
  const rows = await within(
    'rows of system.cpu',
    async () => {
      const answer = await site.ask(node.nodeId, '/api/v1/data?chart=system.cpu&after=-10&points=10&options=seconds');
      return answer.status === 200 ? answer.json<{ data: unknown[] }>().data.length || undefined : undefined;
    },
    async () => agent.log(),
  );
  const refused: string[] = [];
  const times: number[] = [];
  for (const query of pageQueries(agent)) {
    const from = performance.now();
    const { status } = await site.ask(node.nodeId, query);
    times.push(performance.now() - from);
    if (status !== 200) refused.push(`${query.split('?')[0]}: ${status}`);
  }
  const asked = pageQueries(agent).length;
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return seen(
    refused.length === 0 && rows > 0,
    `${asked - refused.length} of ${asked} queries, median ${median.toFixed(0)} ms${refused.length > 0 ? `; ${refused.join(', ')}` : ''}`,
  );
}

export const nodeOf = async (site: Site, agent: InstalledAgent): Promise<NodeView> =>
  (await site.until(await agent.uid(), () => true)).node;

/** Seconds until it is raised: agents hold back for ten what they say about a new definition. */
const raisedAfterSeconds = 20;

/** A definition that is clear at first and raised at a second of the clock. */
const raisedAt = (name: string, second: number): string =>
  ` alarm: ${name}\n    on: system.uptime\n  calc: $now\n units: seconds\n every: 1s\n  warn: $this > ${second}\n  info: raised to be seen\n    to: silent\n`;

/** Raised while it runs; from the moment when the agent itself says so to the moment when the Cloud does. */
export async function checkAlerts(site: Site, agent: InstalledAgent): Promise<Seen> {
  const node = await nodeOf(site, agent);
  const name = `compatibility_${Date.now() % 100_000}`;
  const definition = raisedAt(name, Math.floor(Date.now() / 1000) + raisedAfterSeconds);
  await agent.write('etc/health.d/compatibility.conf', definition);
  await agent.cli('reload-health');
  const atAgent = within(
    'the alert at the agent',
    async () => ((await agent.get('/api/v1/alarms?active=true')).body.includes(name) ? performance.now() : undefined),
    async () => agent.log(),
  );
  const atCloud = within(
    'the alert at the Cloud',
    async () => {
      const { alerts } = (await site.client().send('GET', `/nodes/${node.nodeId}/alerts`)).json<{
        alerts: { name: string }[];
      }>();
      return alerts.some((one) => one.name === name) ? performance.now() : undefined;
    },
    async () => (await site.client().send('GET', `/nodes/${node.nodeId}/alerts`)).body.toString(),
  );
  const [from, to] = await Promise.all([atAgent, atCloud]);
  return seen(to - from <= 2000, `raised ${seconds(Math.max(0, to - from))} after the agent knew`);
}

export async function checkFunctions(site: Site, agent: InstalledAgent): Promise<Seen> {
  const node = await nodeOf(site, agent);
  if (isOlder(agent.installation.version, 'v1.38')) {
    return seen(!node.hasFunctions, 'none in this version, and the page shows none');
  }
  const listed = (await site.ask(node.nodeId, '/api/v1/functions')).json<{ functions?: Record<string, unknown> }>();
  const names = Object.keys(listed.functions ?? {});
  const failed: string[] = [];
  for (const name of names) {
    const { status, body } = await site.ask(
      node.nodeId,
      `/api/v1/function?function=${encodeURIComponent(name)}&timeout=20`,
    );
    if (status !== 200) failed.push(`${name}: ${status} ${body.toString().slice(0, 80)}`);
  }
  return seen(
    names.length > 0 && failed.length === 0,
    `${names.length - failed.length} of ${names.length}${failed.length > 0 ? `; ${failed.join(', ')}` : `: ${names.join(', ')}`}`,
  );
}

/** Stops the Cloud and starts it again; milliseconds from when it listens to when the node is live. */
export async function restartOnce(site: Site, agent: InstalledAgent, signal?: NodeJS.Signals): Promise<number> {
  const guid = await agent.uid();
  await site.stopCloud(signal);
  await site.startCloud();
  return (await site.until(guid, isLive)).ms;
}

export async function checkRestart(site: Site, agent: InstalledAgent): Promise<Seen> {
  const ms = await restartOnce(site, agent);
  const nodes = await site.nodes();
  const banned = (await agent.link())['banned-by-cloud'] === true;
  return seen(
    ms <= 15_000 && nodes.length === 1 && !banned,
    `back after ${seconds(ms)}, ${nodes.length} node${banned ? ', BANNED' : ''}`,
  );
}

export async function checkReclaim(site: Site, agent: InstalledAgent): Promise<Seen> {
  const before = await nodeOf(site, agent);
  await forgetClaim(agent);
  const [way] = waysOf(agent, site);
  if (way === undefined) throw new Error('there is no way to claim it');
  const order = await site.order();
  const from = performance.now();
  await way.claim(agent, order);
  const { ms, node } = await site.until(
    before.machineGuid,
    (one) => isLive(one) && (agent.era === 1 || one.claimId !== before.claimId),
    from,
  );
  const nodes = await site.nodes();
  const same = node.nodeId === before.nodeId && nodes.length === 1;
  return seen(same, `${same ? 'the same node' : `${nodes.length} nodes`}, live after ${seconds(ms)}`);
}

export async function checkRemove(site: Site, agent: InstalledAgent): Promise<Seen> {
  const before = await nodeOf(site, agent);
  const removed = performance.now();
  await site.client().send('DELETE', `/nodes/${before.nodeId}`);
  await within(
    'the agent to be told',
    async () => ((await agent.link())['banned-by-cloud'] === true ? true : undefined),
    async () => JSON.stringify(await agent.link()),
  );
  const told = performance.now() - removed;
  const pace = await within(
    'its pace',
    async () => {
      const { 'last-backoff-value': backOff } = await agent.link();
      return typeof backOff === 'number' ? backOff : undefined;
    },
    async () => JSON.stringify(await agent.link()),
  );
  const gone = (await site.node(before.machineGuid)) === undefined;
  await forgetClaim(agent);
  const [way] = waysOf(agent, site);
  if (way === undefined) throw new Error('there is no way to claim it');
  const again = await claimBy(site, agent, way);
  return seen(
    gone,
    `told after ${seconds(told)}, then asks every ${pace.toFixed(0)} s; claimed again, live after ${seconds(again.claimToLiveMs)}`,
  );
}
