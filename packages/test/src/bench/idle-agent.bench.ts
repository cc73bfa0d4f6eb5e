// What an idle Agent costs as it is shipped: bundled, started by its launcher, claimed, its link up, nobody looking. Beside it a
// Node that does nothing, started in the same way.

import { readFile } from 'node:fs/promises';
import { createWorld } from '../harness/world.ts';
import { binFolder, start, type Environment } from '../harness/programs.ts';
import { costOver } from './process-cost.ts';
import { countFrom, pause, printFigure } from './figure.ts';

const seconds = countFrom('BENCH_IDLE_SECONDS', 60);
const mebibyte = 1024 * 1024;
const goalDimensions = 300;
const world = await createWorld();
try {
  const cloud = await world.cloud();
  const agent = await world.agent(cloud);
  await world.claimed(cloud, agent);
  const { flags, settings } = await launcherOf('netdata');
  const bare = world.keep(start(process.execPath, [...flags, '-e', 'setInterval(() => {}, 1000)'], { env: settings }));
  // Start-up is over, and the compiler has seen every path of a tick.
  await pause(20_000);
  const [ours, bareNode] = await costOver([agent.process.pid, bare.pid], seconds);
  if (ours === undefined || bareNode === undefined) throw new Error('nothing was measured');
  const { charts } = JSON.parse((await agent.get('/api/v1/charts')).body) as {
    charts: Record<string, { dimensions: object }>;
  };
  const dimensions = Object.values(charts).reduce((sum, chart) => sum + Object.keys(chart.dimensions).length, 0);

  printFigure({
    name: 'idle Agent, dimensions collected',
    value: dimensions,
    unit: 'dimensions',
    goal: { words: `>= ${goalDimensions}`, isMet: (value) => value >= goalDimensions },
  });
  printFigure({
    name: `idle Agent, highest VmRSS in ${seconds} s`,
    value: ours.residentBytes / mebibyte,
    unit: 'MiB',
    peer: { name: 'bare Node, started in the same way', value: bareNode.residentBytes / mebibyte },
    goal: { words: '<= 70 MiB', isMet: (value) => value <= 70 },
  });
  printFigure({
    name: `idle Agent, CPU over ${seconds} s`,
    value: ours.cpuPercent,
    unit: '% of a core',
    // The kernel counts in hundredths of a second: a Node that does nothing may have used none of them.
    ...(bareNode.cpuPercent > 0
      ? { peer: { name: 'bare Node, started in the same way', value: bareNode.cpuPercent } }
      : {}),
    goal: { words: '<= 1 % of a core', isMet: (value) => value <= 1 },
  });
} finally {
  await world.end();
}

/** How a launcher starts Node: `NAME=value exec "$node" --flag … "$program" "$@"` is its last line. */
async function launcherOf(name: string): Promise<{ flags: string[]; settings: Environment }> {
  const last = (await readFile(`${binFolder}/${name}`, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  const [before = '', after = ''] = last.split('exec "$node"');
  const settings = [...before.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']): [string, string] => [
    key,
    value,
  ]);
  return { flags: after.match(/--[\w-]+(?:=\S+)?/g) ?? [], settings: Object.fromEntries(settings) };
}
