// What the way through the Cloud costs: the same system.cpu query relayed and on the Agent's own port, alternately, each on a
// connection that stays open.

import { Agent as HttpAgent, get } from 'node:http';
import { createWorld } from '../harness/world.ts';
import { countFrom, pause, percentile, printFigure } from './figure.ts';

const rounds = countFrom('BENCH_QUERIES', 1000);
const query = '/api/v1/data?chart=system.cpu&after=-60&points=60&format=json';
const world = await createWorld();
try {
  const cloud = await world.cloud();
  const agent = await world.agent(cloud);
  const nodeId = await world.claimed(cloud, agent);
  const client = await cloud.client();
  const ownConnection = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const askDirectly = (): Promise<number> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: agent.port, path: query, agent: ownConnection }, (answer) => {
        answer.on('error', reject).on('end', () => resolve(answer.statusCode ?? 0));
        answer.resume();
      }).on('error', reject);
    });
  const askThroughCloud = async (): Promise<number> =>
    (await client.send('GET', `/nodes/${nodeId}/agent${query}`)).status;
  const timed = async (ask: () => Promise<number>): Promise<number> => {
    const start = performance.now();
    const status = await ask();
    if (status !== 200) throw new Error(`a query was answered with status ${status}`);
    return performance.now() - start;
  };

  // The first seconds of a process are those of its compiler.
  await pause(5000);
  for (let round = 0; round < 100; round++) await Promise.all([timed(askThroughCloud), timed(askDirectly)]);
  const relayed: number[] = [];
  const direct: number[] = [];
  for (let round = 0; round < rounds; round++) {
    relayed.push(await timed(askThroughCloud));
    direct.push(await timed(askDirectly));
  }
  for (const [words, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    printFigure({
      name: `relayed system.cpu query, ${words}`,
      value: percentile(relayed, share),
      unit: 'ms',
      peer: { name: "the same query on the Agent's own port", value: percentile(direct, share) },
      ...(words === 'p50'
        ? { goal: { words: '<= 2.5 times', isMet: (_value: number, ratio: number) => ratio <= 2.5 } }
        : {}),
    });
  }
} finally {
  await world.end();
}
