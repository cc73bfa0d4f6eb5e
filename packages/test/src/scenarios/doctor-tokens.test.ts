// What the check of a claim gives away to somebody who guesses: nothing. And what it does when it is asked too often.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { claimCheckPath } from '@claimstead/wire/claim/claim-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cloud } from '../harness/cloud.ts';
import { fetchCloud, type Answer } from '../harness/cloud-client.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;

// One for each test: what was asked of a Cloud counts for a minute, and may be forgotten in the middle.
beforeEach(async () => {
  world = await createWorld();
  cloud = await world.cloud();
});
afterEach(() => world.end());

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const claimId = randomUUID();
const ask = (token: string, rooms: readonly string[] = []): Promise<Answer> =>
  fetchCloud(cloud, 'POST', claimCheckPath, {
    body: JSON.stringify({
      node: { id: claimId, hostname: 'guesser' },
      token,
      rooms,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
      mGUID: claimId,
    }),
  });
const made = async (...words: string[]): Promise<{ token: string; tokenId: string }> => {
  const { stdout } = await cloud.admin('token', '--json', ...words);
  return JSON.parse(stdout) as { token: string; tokenId: string };
};

test('every token that was ever made up gets one answer, byte for byte; so do a room of another Space and one that is none', async () => {
  const good = await made();
  const revoked = await made();
  expect(await cloud.admin('token', 'revoke', revoked.tokenId)).toMatchObject({ code: 0 });
  expect((await ask(revoked.token)).json()).toMatchObject({ verdict: 'token-revoked' });

  const withOneOff = (token: string): string => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  const guesses = [
    'MYTOKEN1234567',
    'cst_',
    `cst_${randomBytes(32).toString('base64url')}`,
    ...[good.token, revoked.token].flatMap((token) => [
      withOneOff(token),
      token.slice(0, -1),
      `${token}A`,
      token.toUpperCase(),
      token.replace('cst_', ''),
    ]),
    good.tokenId,
    revoked.tokenId,
  ];
  const answers: string[] = [];
  for (const guess of guesses) {
    const { status, body } = await ask(guess, answers.length % 2 === 0 ? [] : ['no-such-room']);
    answers.push(`${status} ${body.toString('utf8')}`);
  }
  expect(answers).toHaveLength(15);
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^200 .*"verdict":"token-refused"/);

  const { stdout } = await cloud.admin('space', 'create', 'Other');
  expect(await cloud.admin('room', 'create', 'Cellar', '--space', stdout.trim())).toMatchObject({ code: 0 });
  const [foreign, none] = [await ask(good.token, ['cellar']), await ask(good.token, ['attic'])];
  expect(foreign.json()).toMatchObject({ verdict: 'room-unknown' });
  expect(foreign.body.equals(none.body)).toBe(true);
  expect(await cloud.nodes()).toEqual([]);
});

test('asked too often the Cloud says so; the doctor calls it busy, and a claim is still heard', async () => {
  const agent = await world.agent(cloud);
  const token = await cloud.token();
  const statuses: number[] = [];
  for (let i = 0; i < 40 && statuses.at(-1) !== 429; i++) statuses.push((await ask('cst_guess')).status);
  expect(statuses.at(-1)).toBe(429);

  const checked = await agent.claim('-check', '-json', `-token=${token}`, `-url=${cloud.url}`);
  expect(checked.code).toBe(17);
  expect(JSON.parse(checked.stdout)).toMatchObject({ ok: false, codes: ['cloud-busy'] });
  const read = await agent.claim('-check', `-token=${token}`, `-url=${cloud.url}`);
  expect(read).toMatchObject({ code: 17, stdout: expect.stringMatching(/\[cloud-busy\]/) });
  await world.claimed(cloud, agent);
});
