// From the claim command to the first live sample in a browser's socket that was open before. A new agent each time, which has
// collected for some seconds as any running agent has; key pair, request, link and relay are inside the figure.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../harness/programs.ts';
import { createWorld } from '../harness/world.ts';
import { countFrom, percentile, printFigure } from './figure.ts';

const rounds = countFrom('BENCH_CLAIMS', 50);
const world = await createWorld();
try {
  const cloud = await world.cloud();
  const events = await (await cloud.client()).events();
  events.send({ type: 'watch', watchId: 'bench', nodeIds: 'all', chart: 'system.cpu', historySeconds: 1 });
  const times: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const agent = await world.agent(cloud);
    const { uid } = await agent.info();
    await eventually(async () => {
      const { status, body } = await agent.get('/api/v1/data?chart=system.cpu&after=-1&format=json');
      const rows = status === 200 ? (JSON.parse(body) as { data: (number | null)[][] }).data : [];
      return rows.some((row) => row[1] !== null) ? true : undefined;
    });
    await writeFile(join(agent.claimFolder, 'token'), await cloud.token(), { mode: 0o600 });
    const start = performance.now();
    const claimed = agent.claim(`-url=${cloud.url}`);
    const { node } = await events.until('node', (message) => message.node.machineGuid === uid);
    await events.until('samples', (message) => message.nodeId === node.nodeId);
    times.push(performance.now() - start);
    const { code, stderr } = await claimed;
    if (code !== 0) throw new Error(`the claim ended with ${code}: ${stderr}`);
    await agent.process.stop();
    if (round % 10 === 0) process.stderr.write(`  ${round} of ${rounds} claims\n`);
  }
  events.close();
  printFigure({ name: 'claim to first live sample, p50', value: percentile(times, 0.5), unit: 'ms' });
  printFigure({
    name: 'claim to first live sample, p95',
    value: percentile(times, 0.95),
    unit: 'ms',
    goal: { words: '< 1000 ms', isMet: (value) => value < 1000 },
  });
} finally {
  await world.end();
}
