// From the claim command to a live node, directly and through every kind of proxy. Each claim is a first one: its node was unclaimed before,
// and key pair, request, reload, link and its session are inside the figure. Beside it: the same command as often as a person repeats it.

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent } from '../harness/agent.ts';
import type { Cloud } from '../harness/cloud.ts';
import type { Events } from '../harness/cloud-client.ts';
import { eventually, run, start } from '../harness/programs.ts';
import {
  placeHere,
  startDante,
  startMicrosocks,
  startTinyproxy,
  type Login,
  type RealProxy,
} from '../harness/proxies.ts';
import { createWorld } from '../harness/world.ts';
import { countFrom, percentile, printFigure } from './figure.ts';

const rounds = countFrom('BENCH_CLAIMS', 25);
const login: Login = { user: 'bench', password: 'pa-ss.w0rd' };
const credentials = `${login.user}:${login.password}@`;

const world = await createWorld();
try {
  const cloud = await world.cloud();
  const events = await (await cloud.client()).events();
  const token = await cloud.token();
  const place = placeHere(await mkdtemp(join(world.folder, 'proxies-')));
  const ways: [string, string][] = [];
  // Whoever is not root gets no dante, and a machine without a proxy no figure for it.
  const through = async (
    title: string,
    program: string,
    make: () => Promise<RealProxy>,
    scheme: string,
  ): Promise<void> => {
    const isThere =
      (await place.run(['which', program])).code === 0 && (program !== 'danted' || process.getuid?.() === 0);
    if (!isThere) return void process.stderr.write(`  not measured: ${title}, because ${program} cannot be run here\n`);
    const proxy = await make();
    world.keep(proxy.process);
    ways.push([title, `${scheme}${proxy.address}`]);
  };
  await through('http (tinyproxy)', 'tinyproxy', () => startTinyproxy(place), 'http://');
  const asked = { login };
  const named = `http://${credentials}`;
  await through('http with credentials (tinyproxy)', 'tinyproxy', () => startTinyproxy(place, asked), named);
  await through('socks5 (microsocks)', 'microsocks', () => startMicrosocks(place), 'socks5://');
  const title = 'socks5h with credentials (microsocks)';
  await through(title, 'microsocks', () => startMicrosocks(place, asked), `socks5h://${credentials}`);
  await through('socks5h (dante)', 'danted', () => startDante(place), 'socks5h://');

  const direct = await claimsToLive(cloud, events, token, 'none');
  printFigure({ name: 'claim to live, direct, p50', value: percentile(direct.times, 0.5), unit: 'ms' });
  const directP95 = percentile(direct.times, 0.95);
  printFigure({
    name: 'claim to live, direct, p95',
    value: directP95,
    unit: 'ms',
    goal: { words: '< 1000 ms', isMet: (value) => value < 1000 },
  });
  for (const [kind, proxy] of ways) {
    const { times, agent } = await claimsToLive(cloud, events, token, proxy);
    await agent.process.stop();
    printFigure({
      name: `claim to live, ${kind}, p95`,
      value: percentile(times, 0.95),
      unit: 'ms',
      peer: { name: 'direct', value: directP95 },
      goal: { words: '< 1300 ms', isMet: (value) => value < 1300 },
    });
  }
  await hops(cloud, token, direct.agent);
  await commandAlone(cloud, token, direct.agent);
  events.close();
} finally {
  await world.end();
}

async function claimsToLive(
  cloud: Cloud,
  events: Events,
  token: string,
  proxy: string,
): Promise<{ times: number[]; agent: Agent }> {
  const agent = await world.agent(cloud, { conf: `[cloud]\n  proxy = ${proxy}\n` });
  await hasCollected(agent);
  const times: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    await becomeUnclaimed(cloud, agent);
    times.push(await claimToLive(cloud, events, agent, token));
  }
  process.stderr.write(`  ${rounds} claims, proxy ${proxy.replace(credentials, '***@')}\n`);
  return { times, agent };
}

async function claimToLive(cloud: Cloud, events: Events, agent: Agent, token: string): Promise<number> {
  const { uid } = await agent.info();
  events.messages.length = 0;
  const startMs = performance.now();
  const claiming = agent.claim(`-token=${token}`, `-url=${cloud.url}`);
  await events.until('node', ({ node }) => node.machineGuid === uid && node.state === 'live');
  const took = performance.now() - startMs;
  const { code, stderr } = await claiming;
  if (code !== 0) throw new Error(`the claim ended with ${code}: ${stderr}`);
  return took;
}

/** As a person does it: the files are deleted, the agent is told. What is left is the authority's certificate. */
async function becomeUnclaimed(cloud: Cloud, agent: Agent): Promise<void> {
  for (const name of await readdir(agent.claimFolder)) {
    if (name !== 'cloud_fullchain.pem') await rm(join(agent.claimFolder, name), { recursive: true });
  }
  await agent.cli('reload-claiming-state');
  const { uid } = await agent.info();
  await eventually(async () => (!(await agent.info())['agent-claimed'] ? true : undefined));
  await eventually(async () => ((await cloud.nodes()).some((node) => node.machineGuid === uid) ? undefined : true));
}

/** A chart of an agent that has just started is empty for a second, and its first sample would be late for that reason alone. */
async function hasCollected(agent: Agent): Promise<void> {
  await eventually(async () => {
    const { status, body } = await agent.get('/api/v1/data?chart=system.cpu&after=-1&format=json');
    const rows = status === 200 ? (JSON.parse(body) as { data: (number | null)[][] }).data : [];
    return rows.some((row) => row[1] !== null) ? true : undefined;
  });
}

/** Where the time goes, as `-wait -json` tells it. */
async function hops(cloud: Cloud, token: string, agent: Agent): Promise<void> {
  const byHop = new Map<string, number[]>();
  for (let round = 1; round <= Math.min(rounds, 10); round++) {
    await becomeUnclaimed(cloud, agent);
    const { code, stdout, stderr } = await agent.claim(`-token=${token}`, `-url=${cloud.url}`, '-wait', '-json');
    if (code !== 0) throw new Error(`the claim ended with ${code}: ${stderr}`);
    const told = JSON.parse(stdout) as { hops: { hop: string; ms: number }[]; totalMs: number };
    for (const { hop, ms } of [...told.hops, { hop: 'all', ms: told.totalMs }])
      byHop.set(hop, [...(byHop.get(hop) ?? []), ms]);
  }
  for (const [hop, times] of byHop)
    printFigure({ name: `claim to first sample, hop ${hop}, p50`, value: percentile(times, 0.5), unit: 'ms' });
}

/** The command with the key pair there already, agent told and all; beside it the same request from curl, and a bare node. */
async function commandAlone(cloud: Cloud, token: string, agent: Agent): Promise<void> {
  const command = await timesOf(() => agent.claim(`-token=${token}`, `-url=${cloud.url}`));
  const caFile = join(agent.claimFolder, 'cloud_fullchain.pem');
  const bodyFile = join(world.folder, 'body.json');
  await writeFile(
    bodyFile,
    JSON.stringify({ node: { id: 'x', hostname: 'x' }, token: 'x', rooms: [], publicKey: 'x' }),
  );
  const url = `${cloud.url}/api/v1/spaces/nodes/${(await agent.info()).uid}`;
  const curl = await timesOf(() =>
    run('/usr/bin/curl', [
      '--silent',
      '--noproxy',
      '*',
      '--cacert',
      caFile,
      '-X',
      'PUT',
      '--data',
      `@${bodyFile}`,
      url,
    ]),
  );
  const node = await timesOf(() => start(process.execPath, ['-e', '0']).finished);
  const p50 = percentile(command, 0.5);
  printFigure({
    name: 'claim command from start to exit, key pair exists, p50',
    value: p50,
    unit: 'ms',
    peer: { name: 'node -e 0, and curl sends a claim', value: percentile(node, 0.5) + percentile(curl, 0.5) },
    goal: { words: '≤ 400 ms', isMet: (value) => value <= 400 },
  });
}

async function timesOf(once: () => Promise<{ code: number | null; stderr: string }>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const startMs = performance.now();
    const { code, stderr } = await once();
    times.push(performance.now() - startMs);
    if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
  }
  return times;
}
