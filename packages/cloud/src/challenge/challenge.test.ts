import { constants, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ClaimId } from '@claimstead/wire/ids';
import { challengeCharacters } from '@claimstead/wire/link/challenge';
import { createManualClock } from '../clock.ts';
import type { ClaimedNode } from '../node/node.ts';
import { createChallenges } from './challenge.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const nodeOf = (claimId: string): ClaimedNode =>
  ({
    claimId: claimId as ClaimId,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }) as ClaimedNode;
const node = nodeOf('3f0c1a52-4c0f-4f5e-9e0c-000000000001');
const other = nodeOf('3f0c1a52-4c0f-4f5e-9e0c-000000000002');
const solve = (challenge: string): string =>
  privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(challenge, 'base64'),
  ).toString('base64');

const make = () => {
  const clock = createManualClock(0);
  return { clock, challenges: createChallenges({ clock, random: randomBytes }) };
};
const credentialsOf = ({ clientID, username, password }: { clientID: string; username: string; password: string }) => ({
  clientId: clientID,
  username,
  password,
});

describe('a challenge', () => {
  test('is 344 characters, and the owner of the key gets a password for it', () => {
    const { challenges } = make();
    const challenge = challenges.issue(node);
    expect(challenge).toHaveLength(challengeCharacters);
    expect(challenges.redeem(credentialsOf(challenges.answer(node, solve(challenge))))).toEqual(node);
  });

  test('is used once: none of 1,000 captured exchanges can be replayed, here, elsewhere or after a restart', () => {
    const { challenges } = make();
    const elsewhere = make().challenges;
    let accepted = 0;
    for (let i = 0; i < 1000; i++) {
      const response = solve(challenges.issue(node));
      const credentials = credentialsOf(challenges.answer(node, response));
      expect(challenges.redeem(credentials)).toBeDefined();
      for (const cloud of [challenges, elsewhere, make().challenges]) {
        try {
          cloud.answer(node, response);
          accepted++;
        } catch {
          // refused, as it must be
        }
        if (cloud.redeem(credentials) !== undefined) accepted++;
      }
    }
    expect(accepted).toBe(0);
  });

  test('is for its claim only', () => {
    const { challenges } = make();
    const response = solve(challenges.issue(node));
    expect(() => challenges.answer(other, response)).toThrow(/challenge/);
    const credentials = credentialsOf(challenges.answer(node, response));
    expect(challenges.redeem({ ...credentials, username: other.claimId, clientId: other.claimId })).toBeUndefined();
    expect(challenges.redeem({ ...credentials, clientId: other.claimId })).toBeUndefined();
    expect(challenges.redeem(credentials)).toBeDefined();
  });

  test('ends after a minute, and so does its password', () => {
    const { clock, challenges } = make();
    const response = solve(challenges.issue(node));
    clock.advance(60_001);
    expect(() => challenges.answer(node, response)).toThrow();
    const credentials = credentialsOf(challenges.answer(node, solve(challenges.issue(node))));
    clock.advance(60_001);
    expect(challenges.redeem(credentials)).toBeUndefined();
  });

  test('ends after a minute, also where a newer one of the same claim is good', () => {
    const { clock, challenges } = make();
    const first = solve(challenges.issue(node));
    clock.advance(45_000);
    const second = solve(challenges.issue(node));
    clock.advance(15_001);
    expect(() => challenges.answer(node, first)).toThrow();
    expect(() => challenges.answer(node, second)).not.toThrow();
  });

  test('whoever asks gets at least half a minute to answer', () => {
    const { clock, challenges } = make();
    challenges.issue(node);
    clock.advance(31_000);
    const response = solve(challenges.issue(node));
    clock.advance(30_000);
    expect(() => challenges.answer(node, response)).not.toThrow();
  });

  test('a flood of askers costs one encryption, pushes nothing out, and wrong answers use nothing up', () => {
    let drawn = 0;
    const clock = createManualClock(0);
    const challenges = createChallenges({
      clock,
      random: (bytes) => {
        drawn += 1;
        return randomBytes(bytes);
      },
    });
    const own = challenges.issue(node);
    for (let i = 0; i < 10_000; i++) challenges.issue(node);
    expect(drawn).toBe(1);
    for (let i = 0; i < 1000; i++) expect(() => challenges.answer(node, randomBytes(32).toString('base64'))).toThrow();
    expect(() => challenges.answer(node, solve(own))).not.toThrow();
  });
});
