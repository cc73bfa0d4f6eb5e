// The Cloud is killed (SIGKILL) at a random moment while nodes are claimed, and started again on the same folder, over and over.
// What was acknowledged must be there, what was not acknowledged must not be there twice, and it must serve again within seconds.

import { randomUUID } from 'node:crypto';
import { makeKeyPair } from '@claimstead/agent/claim/key-pair';
import { claimPath } from '@claimstead/wire/claim/claim-request';
import { countFrom } from '../bench/figure.ts';
import { fetchCloud } from '../harness/cloud-client.ts';
import type { Cloud } from '../harness/cloud.ts';
import { freePort } from '../harness/programs.ts';
import { createWorld } from '../harness/world.ts';
import { printSoakRow } from './soak-row.ts';

const cycles = countFrom('SOAK_KILL_CYCLES', 300);
const claimersAtOnce = 4;
/** A claim takes some milliseconds, a start some hundred: most kills hit claims on the way. */
const longestLifeMs = 400;
const longestStartMs = 5000;

const startedAtMs = performance.now();
const world = await createWorld();
const { publicPem } = await makeKeyPair();
/** Machine GUIDs whose claim was answered with 204. */
const acknowledged = new Set<string>();
const tried = new Set<string>();
const fault = { lost: 0, unexpected: 0, slowStarts: 0 };

/** Claims one new machine after the other until the Cloud is gone. */
async function claimUntilGone(cloud: Cloud, token: string): Promise<void> {
  for (;;) {
    const machineGuid = randomUUID();
    tried.add(machineGuid);
    const body = {
      node: { id: machineGuid, hostname: 'soak' },
      token,
      rooms: [],
      publicKey: publicPem,
      mGUID: machineGuid,
    };
    const answer = await fetchCloud(cloud, 'PUT', claimPath(machineGuid), { body: JSON.stringify(body) }).catch(
      () => undefined,
    );
    if (answer === undefined) return;
    if (answer.status !== 204) throw new Error(`a claim was answered with ${answer.status}: ${answer.body.toString()}`);
    acknowledged.add(machineGuid);
  }
}

try {
  const port = await freePort();
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const beforeStart = performance.now();
    const cloud = await world.cloud({ port });
    if (performance.now() - beforeStart > longestStartMs) fault.slowStarts++;
    const found = (await cloud.nodes()).map(({ machineGuid }) => machineGuid);
    const present = new Set(found);
    fault.lost += [...acknowledged].filter((machineGuid) => !present.has(machineGuid)).length;
    fault.unexpected += found.length - present.size + found.filter((machineGuid) => !tried.has(machineGuid)).length;
    const token = await cloud.token();
    const claimers = Array.from({ length: claimersAtOnce }, () => claimUntilGone(cloud, token));
    setTimeout(() => cloud.process.child.kill('SIGKILL'), Math.random() * longestLifeMs);
    await Promise.all([...claimers, cloud.process.finished]);
    if (cycle % 50 === 0)
      process.stderr.write(`  ${cycle} of ${cycles} kills, ${acknowledged.size} claims acknowledged\n`);
  }
} finally {
  await world.end();
}
const ok = fault.lost === 0 && fault.unexpected === 0 && fault.slowStarts === 0 && acknowledged.size >= cycles;
printSoakRow({
  what: 'kill -9 of the Cloud while nodes are claimed: acknowledged claims lost, nodes that nobody claimed or twice, starts over 5 s',
  size: `${cycles} kills, ${acknowledged.size} acknowledged claims`,
  result: `${fault.lost} lost, ${fault.unexpected} unexpected, ${fault.slowStarts} slow starts`,
  ok,
  startedAtMs,
});
