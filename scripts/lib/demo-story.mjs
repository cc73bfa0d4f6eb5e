// The demo, step by step: start the Cloud, start the Agent, claim, see the first live sample, wait for Ctrl-C.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demand, runProgram, startProgram, whileItRuns } from './children.mjs';
import { CloudClient } from './cloud-client.mjs';
import { askAgent, compareAnswers } from './compare.mjs';
import { Stop } from './tell.mjs';

/** Starts everything, prints what happened, and resolves with the exit code once everything is stopped again. */
export async function runDemo({ port, agentPort, data, once }) {
  const origin = `https://localhost:${port}`;
  const folders = makeFolders(data);
  const running = [];
  const askedToStop = new Promise((resolve) => {
    let asked = false;
    const onSignal = () => {
      // Whoever asks twice does not want to wait for an orderly end.
      if (asked) for (const program of running) program.kill();
      asked = true;
      resolve('asked');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  });
  const story = async () => {
    const { cloud, password } = await startCloud(port, data, folders, running);
    const ca = await demand('claimstead', ['admin', 'ca', '--data', data]);
    writePrivately(join(folders.claim, 'cloud_fullchain.pem'), ca, 0o644);
    moveClaimTo(origin, folders);
    const agent = await startAgent(agentPort, folders, running);

    const client = new CloudClient(origin, ca);
    await client.signIn(
      password ?? { oneUseCode: (await demand('claimstead', ['admin', 'sign-in', '--data', data])).trim() },
    );
    const live = await client.watch('system.cpu');
    const nodeId = await claimAndSee({ origin, agentPort, data, folders, agent, live });
    console.log(`Open ${origin} for the Cloud, http://localhost:${agentPort} for the Agent's own page.`);
    if (once) {
      const same = await compareAnswers(client, nodeId, agentPort);
      live.close();
      return same ? 0 : 1;
    }
    live.close();
    console.log('Ctrl-C stops both.');
    const ended = await Promise.race([
      askedToStop,
      ...[cloud, agent].map((program) => program.exited.then(() => program)),
    ]);
    if (ended === 'asked') return 0;
    throw new Stop(ended.lastWords() || `${ended.name} ended unexpectedly: see its log below ${data}.`);
  };
  try {
    // Ctrl-C is also heard while things start; a signal is a wish, not a failure.
    return await Promise.race([story(), askedToStop.then(() => 0)]);
  } finally {
    if (!once) console.log('Stopping …');
    // The Agent first: its farewell still finds the Cloud.
    for (const program of running.reverse()) await program.stop();
  }
}

/** `DIR/cloud`, `DIR/agent/{etc,lib,log,run}`; only this user may look inside, because keys and the claiming token are there. */
function makeFolders(data) {
  const agent = join(data, 'agent');
  const folders = {
    cloud: join(data, 'cloud'),
    etc: join(agent, 'etc'),
    claim: join(agent, 'etc/claim.d'),
    lib: join(agent, 'lib'),
    log: join(agent, 'log'),
    run: join(agent, 'run'),
  };
  for (const folder of [data, agent, ...Object.values(folders)]) makeFolder(folder);
  return folders;
}

/** One folder at a time: where a parent refuses in an odd way, Node's recursive mkdir never returns. */
function makeFolder(folder) {
  try {
    if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error instanceof Stop) throw error;
    if (error.code === 'EEXIST' && statSync(folder).isDirectory()) return;
    const why = error.code === 'EEXIST' ? 'something else has that name' : error.code;
    throw new Stop(`Cannot make the folder ${folder} (${why}): give another one with --data, or make it writable.`);
  }
}

function writePrivately(file, text, mode) {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode, flag: 'wx' });
  chmodSync(fresh, mode);
  renameSync(fresh, file);
}

/** Resolves when the Cloud serves. What it prints before that (the administrator's one-time password) is passed on, once. */
async function startCloud(port, data, folders, running) {
  let ready;
  let email;
  let password;
  const isReady = new Promise((resolve) => (ready = resolve));
  const cloud = startProgram('claimstead', ['serve', '--data', data, '--port', String(port)], {
    logFile: join(folders.cloud, 'claimstead.log'),
    onLine: (line) => {
      if (line.startsWith('ready ')) return ready();
      console.log(line);
      const printed = /^(Administrator|One-time password): (\S+)$/.exec(line);
      if (printed?.[1] === 'Administrator') email = printed[2];
      else if (printed) password = { email, password: printed[2] };
    },
  });
  running.push(cloud);
  await whileItRuns(cloud, isReady, {
    withinMs: 60_000,
    sentence: `The Cloud did not start within 60 s: see ${join(folders.cloud, 'claimstead.log')}.`,
  });
  return { cloud, password };
}

/** Resolves when the Agent shows its first samples on its own port. */
async function startAgent(agentPort, folders, running) {
  writeFileSync(
    join(folders.etc, 'netdata.conf'),
    `# Written by npm run demo at every start.
[directories]
  lib = ${folders.lib}
  log = ${folders.log}
  run = ${folders.run}

[web]
  bind to = localhost:${agentPort}
  default port = ${agentPort}
`,
  );
  const agent = startProgram('netdata', ['-D'], {
    env: agentEnvironment(folders),
    logFile: join(folders.log, 'console.log'),
    onLine: () => {},
  });
  running.push(agent);
  // An agent that has just started has nothing to show for two seconds; what is measured below is the claim, not that.
  const query = '/api/v1/data?chart=system.cpu&after=-1&format=json';
  const hasCollected = async () => {
    while (!agent.hasEnded()) {
      const answer = await askAgent(agentPort, query);
      if (answer?.status === 200 && JSON.parse(answer.body).data.some((row) => row[1] !== null)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await whileItRuns(agent, hasCollected(), {
    withinMs: 30_000,
    sentence: `The Agent did not start within 30 s: see ${folders.log}.`,
  });
  return agent;
}

/** Where the Agent's programs find its folders; the rest of the environment goes with it. */
function agentEnvironment(folders) {
  return {
    ...process.env,
    NETDATA_USER_CONFIG_DIR: folders.etc,
    NETDATA_LIB_DIR: folders.lib,
    NETDATA_LOG_DIR: folders.log,
    NETDATA_RUN_DIR: folders.run,
  };
}

/** A claim stays with its Cloud when the demo is started on another port: the same Cloud then has another address. */
function moveClaimTo(origin, folders) {
  const file = join(folders.claim, 'cloud.conf');
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  const moved = text.replace(/^(\s*cloud base url\s*=).*$/m, `$1 ${origin}`);
  if (moved !== text) writePrivately(file, moved, 0o640);
}

/** Claims unless that was done before, and resolves with the node's id once the Cloud relayed its first live sample. */
async function claimAndSee({ origin, agentPort, data, folders, agent, live }) {
  const info = JSON.parse((await askAgent(agentPort, '/api/v1/info')).body);
  let start = performance.now();
  const mine = (message) => message.node.machineGuid === info.uid;
  // Listened for before the claim, which returns only when the node is live.
  const seen = live
    .next('node', mine)
    .then(({ node }) => live.next('samples', (message) => message.nodeId === node.nodeId))
    .then(({ nodeId }) => ({ nodeId, end: performance.now() }));
  seen.catch(() => undefined);
  if (info['agent-claimed']) console.log('This machine is claimed already.');
  else {
    const token = await demand('claimstead', ['admin', 'token', '--data', data]);
    writePrivately(join(folders.claim, 'token'), token, 0o600);
    start = performance.now();
    await claim(origin, folders);
  }
  const { nodeId, end } = await whileItRuns(agent, seen, {
    withinMs: 60_000,
    sentence: `The node did not become live within 60 s: see ${join(folders.log, 'error.log')}; removing ${data} starts over.`,
  });
  const fromWhat = info['agent-claimed'] ? 'signing in' : 'the claim command';
  console.log(`First live sample ${Math.round(end - start)} ms after ${fromWhat}.`);
  return nodeId;
}

async function claim(origin, folders) {
  const { code, stdout, stderr } = await runProgram('netdata-claim.sh', [`-url=${origin}`, '-wait'], {
    env: agentEnvironment(folders),
  });
  process.stdout.write(stdout);
  if (code !== 0) throw new Stop(stderr.trim() || `netdata-claim.sh failed with exit code ${code}.`);
}
