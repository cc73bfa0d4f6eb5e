import { expect, test } from 'vitest';
import type { AccountId, NodeId } from '@claimstead/wire/ids';
import type { LinkReply } from '@claimstead/wire/link/http-over-link';
import { createRelay } from './link-relay.ts';
import { sharedAsker, type Asker } from './relay.ts';

const ada: Asker = { accountId: '3f0c1a52-4c0f-4f5e-9e0c-000000000001' as AccountId, name: 'ada', role: 'member' };
const waiting = () => {
  const answers: ((reply: LinkReply) => void)[] = [];
  const relay = createRelay({
    links: { ask: () => new Promise((resolve) => answers.push(resolve)) },
    pathsTo: (nodeId) => [{ claimId: nodeId, isOwn: true }],
  });
  return { relay, answers };
};
const reply: LinkReply = {
  messageId: 'm',
  status: 200,
  contentType: 'text/plain',
  contentEncoding: undefined,
  body: Buffer.alloc(0),
};

test('the live view of 200 nodes asks all of them at once; one person may have 64 questions out', async () => {
  const { relay, answers } = waiting();
  for (let i = 0; i < 200; i++)
    void relay.ask({ nodeId: `node-${i}` as NodeId, target: '/api/v1/info', asker: sharedAsker });
  expect(answers).toHaveLength(200);
  const mine = Array.from({ length: 65 }, () =>
    relay.ask({ nodeId: 'n' as NodeId, target: '/api/v1/info', asker: ada }),
  );
  await expect(mine[64]).rejects.toMatchObject({ kind: 'relay-too-many' });
  for (const answer of answers) answer(reply);
  await Promise.all(mine.slice(0, 64));
  const again = relay.ask({ nodeId: 'n' as NodeId, target: '/api/v1/info', asker: ada });
  answers.at(-1)?.(reply);
  expect((await again).status).toBe(200);
});
