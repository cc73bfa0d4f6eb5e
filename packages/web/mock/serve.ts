// node mock/run.mjs serve [SCENE]: the built pages with the mock behind them, until Ctrl-C. In the scene `fresh` a node is
// claimed 20 s after the start and another every 40 s.

import { startMockAgent, startMockCloud } from './cloud.ts';
import { makeWorld, playClaim, type Scene } from './world.ts';

export async function main([scene = 'busy']: string[]): Promise<void> {
  const world = makeWorld(scene as Scene);
  await startMockCloud(world, 'dist/cloud', 4180);
  await startMockAgent('dist/agent', 4181);
  process.stdout.write(`http://127.0.0.1:4180 (${world.email}, ${world.password}) and http://127.0.0.1:4181\n`);
  let next = 40;
  const claim = (): void => playClaim(world, next, `arrival-${next++}`);
  if (scene === 'fresh') setTimeout(() => (claim(), setInterval(claim, 40_000)), 20_000);
}
