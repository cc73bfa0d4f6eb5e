// 200 machines claim at the same moment with a token of fewer uses, over and over: as many nodes as uses, never one more. [trust T2]

import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { makeKeyPair } from '@claimstead/agent/claim/key-pair';
import { claimPath } from '@claimstead/wire/claim/claim-request';
import { countFrom } from '../bench/figure.ts';
import { fetchCloud } from '../harness/cloud-client.ts';
import { createWorld } from '../harness/world.ts';
import { printSoakRow } from './soak-row.ts';

const rounds = countFrom('SOAK_TOKEN_ROUNDS', 20);
const machinesAtOnce = 200;
/** Sixty refused claims of one source in a minute, and the next are not looked at: that would hide what is looked for. */
const mostRefused = 55;

const startedAtMs = performance.now();
const world = await createWorld();
const { publicPem } = await makeKeyPair();
let wrong = 0;
let extra = 0;
try {
  const cloud = await world.cloud();
  for (let round = 0; round < rounds; round++) {
    const uses = machinesAtOnce - (1 + (round % mostRefused));
    const token = await cloud.token('--uses', String(uses));
    // A source of its own for every round.
    const agent = new Agent({
      keepAlive: true,
      ca: cloud.caPem,
      localAddress: `127.0.${1 + (round >> 8)}.${round & 255}`,
    });
    const before = (await cloud.nodes()).length;
    const statuses = await Promise.all(
      Array.from({ length: machinesAtOnce }, async () => {
        const id = randomUUID();
        const body = JSON.stringify({
          node: { id, hostname: 'soak' },
          token,
          rooms: [],
          publicKey: publicPem,
          mGUID: id,
        });
        return (await fetchCloud(cloud, 'PUT', claimPath(id), { body, agent })).status;
      }),
    );
    agent.destroy();
    const accepted = statuses.filter((status) => status === 204).length;
    const refused = statuses.filter((status) => status === 403).length;
    const nodes = (await cloud.nodes()).length - before;
    if (accepted !== uses || refused !== machinesAtOnce - uses || nodes !== uses) wrong++;
    extra += Math.max(0, nodes - uses);
  }
} finally {
  await world.end();
}
printSoakRow({
  what: 'A token of N uses, claimed with by 200 machines at the same moment: nodes too many, rounds that were not exact',
  size: `${rounds} rounds`,
  result: `${extra} nodes too many, ${wrong} rounds wrong`,
  ok: wrong === 0 && extra === 0,
  startedAtMs,
});
