// How long the Cloud takes to refuse what exists and what does not: who cannot tell them apart by the answer must not by the clock.
// A thousand of each, in turns, and the medians beside each other. [trust T39]

import { randomBytes, randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import { makeKeyPair } from '@claimstead/agent/claim/key-pair';
import { makeClaimToken } from '@claimstead/wire/claim/claim-token';
import { claimPath } from '@claimstead/wire/claim/claim-request';
import { countFrom } from '../bench/figure.ts';
import { administrator } from '../harness/cloud.ts';
import { createCloudClient, fetchCloud, type Answer } from '../harness/cloud-client.ts';
import { startRawAgent } from '../harness/raw-agent.ts';
import { createWorld } from '../harness/world.ts';
import { printSoakRow } from './soak-row.ts';

const samples = countFrom('SOAK_EXISTENCE_SAMPLES', 1000);
const mostApartPercent = 5;
const startedAtMs = performance.now();
const world = await createWorld();
const apart: string[] = [];
let isBad = false;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Asks both in turns; each must answer with that status. A new network's first question pays for its connection, so each is as often the first. */
async function compare(name: string, status: number, known: Ask, unknown: Ask): Promise<void> {
  const took = { known: [] as number[], unknown: [] as number[] };
  for (let n = 0; n < samples; n++) {
    const isKnownFirst = (n + (n >> 2)) % 2 === 0;
    for (const which of isKnownFirst ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      const since = performance.now();
      const answer = await (which === 'known' ? known : unknown)(n);
      took[which].push(performance.now() - since);
      if (answer.status !== status) throw new Error(`${name}, ${which}: ${answer.status} ${answer.body.toString()}`);
    }
  }
  const [first, second] = [median(took.known), median(took.unknown)];
  const percent = (Math.abs(first - second) / Math.min(first, second)) * 100;
  apart.push(`${name} ${first.toFixed(2)} and ${second.toFixed(2)} ms (${percent.toFixed(1)} %)`);
  isBad ||= percent > mostApartPercent;
}
type Ask = (n: number) => Promise<Answer>;

try {
  const cloud = await world.cloud();
  /** A connection per network: guesses are counted by where they come from. */
  const sources = new Map<string, Agent>();
  const from = (place: number, n: number): Agent => {
    // Five guesses of a network are looked at.
    const which = n >> 2;
    const localAddress = `127.${place}.${which >> 8}.${which & 255}`;
    const agent =
      sources.get(localAddress) ?? new Agent({ keepAlive: true, ca: cloud.caPem, localAddress, maxSockets: 1 });
    sources.set(localAddress, agent);
    return agent;
  };
  const json = { 'content-type': 'application/json', origin: cloud.url };

  const guess =
    (email: (n: number) => string): Ask =>
    (n) =>
      fetchCloud(cloud, 'POST', '/api/cloud/v1/session', {
        body: JSON.stringify({ email: email(n), password: 'four wrong words here' }),
        headers: json,
        agent: from(10, n),
      });
  const client = await cloud.client();
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  const space = `/spaces/${spaces[0]?.id ?? ''}`;

  // Somebody of another Space asks about a node of this one.
  await startRawAgent(cloud, { hostname: 'theirs' });
  const nodeId = (await cloud.nodes())[0]?.nodeId ?? '';
  const invited = { email: 'eve@example.net', role: 'member', roomIds: [] };
  const made = await client.send('POST', `${space}/invitations`, invited);
  const { link } = made.json<{ link: string }>();
  const used = link.split('#')[1] ?? '';
  const account = { name: 'Eve', password: 'four words in a row' };
  await fetchCloud(cloud, 'POST', '/api/cloud/v1/invitations/accept', {
    body: JSON.stringify({ secret: used, account }),
    headers: json,
  });
  const eve = await createCloudClient({ ...cloud, email: invited.email, password: account.password });
  await eve.send('DELETE', `${space}/membership`);
  const [noNode, noSpace] = [randomUUID(), randomUUID()];
  await compare(
    'a node',
    404,
    () => eve.send('GET', `/nodes/${nodeId}`),
    () => eve.send('GET', `/nodes/${noNode}`),
  );
  await compare(
    'a Space',
    404,
    () => eve.send('GET', `${space}/nodes`),
    () => eve.send('GET', `/spaces/${noSpace}/nodes`),
  );

  // A token that was revoked, and one that never was.
  const { publicPem } = await makeKeyPair();
  const revoked = await cloud.token();
  const tokens = (await client.send('GET', `${space}/claim-tokens`)).json<{ tokens: { id: string }[] }>();
  for (const { id } of tokens.tokens) await client.send('DELETE', `${space}/claim-tokens/${id}`);
  const claim =
    (token: string): Ask =>
    (n) => {
      const id = randomUUID();
      const node = { id, hostname: 'who' };
      return fetchCloud(cloud, 'PUT', claimPath(id), {
        body: JSON.stringify({ node, token, rooms: [], publicKey: publicPem, mGUID: id }),
        headers: json,
        agent: from(20, n),
      });
    };
  await compare('a claiming token', 403, claim(revoked), claim(makeClaimToken(randomBytes)));

  await compare(
    'an invitation',
    403,
    lookAt(() => used),
    lookAt(() => `csi_${'A'.repeat(43)}`),
  );
  function lookAt(secret: () => string): Ask {
    return (n) =>
      fetchCloud(cloud, 'POST', '/api/cloud/v1/invitations/look', {
        body: JSON.stringify({ secret: secret() }),
        headers: json,
        agent: from(30, n),
      });
  }
  await compare(
    'an account',
    401,
    guess(() => administrator),
    guess((n) => `nobody-${n}@example.net`),
  );
  for (const agent of sources.values()) agent.destroy();
} finally {
  await world.end();
}
printSoakRow({
  what: 'Refusals of what exists and of what does not: medians',
  size: `${samples} of each`,
  result: apart.join('; '),
  ok: !isBad,
  startedAtMs,
});
