// `npm run compatibility`: installed agents, unmodified, against the real Cloud. Reading order: run.ts (this: the command line),
// site.ts (a machine with a Cloud), installed-agent.ts (an agent on it), claim-ways.ts, checks.ts (the cells), long-checks.ts, report.ts.

import { parseArgs } from 'node:util';
import { machineIsMissing } from '../harness/namespace.ts';
import { claimFirstWay, checkOutage, checkParent, checkRestarts, installFamily, longChecks } from './long-checks.ts';
import {
  checkAlerts,
  checkChart,
  checkFunctions,
  checkReclaim,
  checkRemove,
  checkRestart,
  claimEveryWay,
  isOlder,
  steps,
  type Seen,
  type StepName,
} from './checks.ts';
import { installAgent, type InstalledAgent, type Installation } from './installed-agent.ts';
import { keepCells, type Cell } from './report.ts';
import { recordOwn, recordSessions } from './record.ts';
import { makeSite, routes, type RouteName, type Site } from './site.ts';

const today = (): string => new Date().toISOString().slice(0, 10);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Settles as a cell whatever happens: a step that throws is a No with its reason. */
async function cell(of: Omit<Cell, 'ok' | 'words' | 'date'>, look: () => Promise<Seen>): Promise<Cell> {
  const found = await look().catch((cause: unknown): Seen => {
    const words = cause instanceof Error ? cause.message : String(cause);
    say(words.slice(0, 4000));
    return { ok: false, words: words.split('\n')[0]?.slice(0, 200) ?? '' };
  });
  const made = { ...of, ...found, date: today() };
  say(`${made.ok ? 'ok' : 'NO'}  ${made.agent} · ${made.route} · ${made.step}: ${made.words}`);
  await keepCells([made]);
  return made;
}

async function column(installation: Installation, route: RouteName, wanted: readonly string[]): Promise<Cell[]> {
  const site = await makeSite(route, { record: false });
  const agent = await installAgent(site.machine, installation, { name: 'stock-host', port: 19_999 });
  const of = (step: StepName) => ({ agent: installation.version, route, step });
  const cells: Cell[] = [];
  try {
    await agent.start();
    if (route === 'self-signed' && !takesSelfSigned(installation.version)) return [await refusesLink(site, agent)];
    const found = await claimEveryWay(site, agent);
    for (const step of ['claim', 'live'] as const) cells.push(await cell(of(step), () => Promise.resolve(found[step])));
    if (route === 'http proxy' && !site.proxied().includes('app.netdata.cloud:443'))
      cells.push(await cell(of('claim'), () => Promise.resolve({ ok: false, words: 'the proxy was not used' })));
    for (const [step, check] of Object.entries(checks))
      if (wanted.length === 0 || wanted.includes(step))
        cells.push(await cell(of(step as StepName), () => check(site, agent)));
  } catch (cause) {
    say(`${route}: ${cause instanceof Error ? cause.message : String(cause)}\n${await agent.log()}`);
    process.exitCode = 1;
  } finally {
    await agent.stop();
    await site.end();
  }
  return cells;
}

const checks: Partial<Record<StepName, (site: Site, agent: InstalledAgent) => Promise<Seen>>> = {
  chart: checkChart,
  alerts: checkAlerts,
  functions: checkFunctions,
  restart: checkRestart,
  're-claim': checkReclaim,
  remove: checkRemove,
};

/** Agents look at the setting since v2.3. */
const takesSelfSigned = (version: string): boolean => !isOlder(version, 'v2.3');

async function refusesLink(site: Site, agent: InstalledAgent): Promise<Cell> {
  return cell({ agent: agent.installation.version, route: 'self-signed', step: 'claim' }, async () => {
    const problem = await claimFirstWay(site, agent).then(
      () => undefined,
      (cause: unknown) => String(cause),
    );
    const [node] = await site.nodes();
    return {
      ok: problem !== undefined && node?.state === 'unseen',
      words: `claimed; the link is refused by the agent, as expected of this version (the node is ${node?.state})`,
    };
  });
}

async function longOnes(installation: Installation, wanted: readonly string[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const check of longChecks.filter((one) => wanted.includes(one))) {
    const site = await makeSite('direct', { record: false });
    const of = { agent: installation.version, route: 'long', step: check };
    try {
      if (check === 'parent') {
        const family = await installFamily(site, installation);
        cells.push(await cell(of, () => checkParent(site, family)));
        for (const one of [family.parent, ...family.children]) await one.stop();
      } else {
        const agent = await installAgent(site.machine, installation, { name: 'stock-host', port: 19_999 });
        await agent.start();
        await claimFirstWay(site, agent);
        cells.push(
          await cell(of, () => (check === 'restarts' ? checkRestarts(site, agent, 20) : checkOutage(site, agent, 10))),
        );
        await agent.stop();
      }
    } finally {
      await site.end();
    }
  }
  return cells;
}

const { values } = parseArgs({
  options: {
    agent: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [] },
    long: { type: 'string', default: '' },
    record: { type: 'boolean', default: false },
  },
});
const missing = machineIsMissing();
if (missing !== undefined) throw new Error(missing);
const installations = values.agent.map((text): Installation => {
  const [version = '', folder = ''] = text.split('=');
  return { version, folder };
});
if (values.record && installations.length === 0) await recordOwn(today(), say);
else if (installations.length === 0) throw new Error('name an installed agent: --agent v2.9.0=FOLDER');
const onlyRoutes = routes.filter((route) => values.only.includes(route));
const onlySteps = steps.filter((step) => values.only.includes(step));
const cells: Cell[] = [];
for (const installation of installations) {
  if (values.record) await recordSessions(installation, today(), say);
  else if (values.long !== '') cells.push(...(await longOnes(installation, values.long.split(','))));
  else
    for (const route of onlyRoutes.length > 0 ? onlyRoutes : routes)
      cells.push(...(await column(installation, route, onlySteps)));
}
if (cells.some(({ ok }) => !ok)) process.exitCode = 1;
