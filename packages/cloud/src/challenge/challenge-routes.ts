// What an agent asks before every connection: environment, challenge, password. [docs/link-protocol.md]

import { z } from 'zod';
import { CloudError } from '@claimstead/wire/errors';
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import { environmentFor, environmentPath } from '@claimstead/wire/link/environment';
import { topicTemplates } from '@claimstead/wire/link/topics';
import { route, type RouteEntry } from '../http/routes.ts';
import type { ClaimedNode, NodeStore } from '../node/node.ts';
import type { Challenges } from './challenge.ts';

/** An answer is 44 characters of base64, agents add their version. */
const PasswordRequest = z.object({ response: z.string().max(1024), agent_version: z.string().max(256).optional() });

/** Challenges in a row that nobody answered, from which on it is shown: an agent asks anew every few seconds. */
const askedInVain = 4;
/** Agents up to v1.47 that are claimed anew while they run keep the key that they have read. */
const cannotRead =
  'its agent asks for challenges and answers none; it may still hold the key of an earlier claim, so restart the agent';

export function challengeRoutes(parts: {
  challenges: Challenges;
  nodes: NodeStore;
  publicUrl: URL;
  /** An agent could not prove itself: shown with the node. */
  onRefused: (node: ClaimedNode, reason: string) => void;
  /** Who has proved the key may still be refused: another machine with the same key is connected. Throws `link-contested`. */
  admit: (node: ClaimedNode, address: string) => Promise<void>;
  /** Somebody asks under a claim that was never made here, or not that the database knows of. */
  onUnknown: (claimId: ClaimId, sourceNetwork: string) => void;
}): RouteEntry[] {
  const { challenges, nodes } = parts;
  const environment = environmentFor(parts.publicUrl);
  /** Challenges that were asked for since one was answered, by claim. */
  const unanswered = new Map<ClaimId, number>();

  const claimed = async (text: string, sourceNetwork: string): Promise<ClaimedNode> => {
    const claimId = parseClaimId(text);
    if (claimId === undefined) throw new CloudError('link-unknown-claim');
    const found = await nodes.standingOf(claimId);
    if (found.standing === 'removed') throw new CloudError('link-removed');
    if (found.standing === 'unclaimed') throw new CloudError('link-unclaimed');
    if (found.standing === 'unknown') {
      parts.onUnknown(claimId, sourceNetwork);
      throw new CloudError('link-unknown-claim');
    }
    return found.node;
  };

  return [
    route({
      method: 'GET',
      path: environmentPath,
      permission: 'agent',
      summary: 'Where an agent authenticates and dials.',
      handle: async () => ({ status: 200, body: environment }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/auth/node/:claimId/challenge',
      permission: 'agent',
      summary: "Random bytes that only the claim's private key reads.",
      params: z.object({ claimId: z.string() }),
      handle: async ({ params, sourceNetwork }) => {
        const node = await claimed(params.claimId, sourceNetwork);
        const asked = (unanswered.get(node.claimId) ?? 0) + 1;
        unanswered.set(node.claimId, asked);
        if (asked === askedInVain) parts.onRefused(node, cannotRead);
        return { status: 200, body: { challenge: challenges.issue(node) } };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/auth/node/:claimId/password',
      permission: 'agent',
      summary: 'The bytes back, for a password that opens one connection.',
      params: z.object({ claimId: z.string() }),
      bodyBytes: 4096,
      handle: async ({ params, body, remoteAddress, sourceNetwork }) => {
        const node = await claimed(params.claimId, sourceNetwork);
        unanswered.delete(node.claimId);
        const { response } = readBody(body);
        let credentials: ReturnType<Challenges['answer']>;
        try {
          credentials = challenges.answer(node, response);
        } catch (cause) {
          if (cause instanceof CloudError)
            parts.onRefused(
              node,
              'its answer to the challenge was wrong, used or too late; its key may not be the one that was claimed',
            );
          throw cause;
        }
        // After the proof: whoever does not hold the key learns nothing of the node.
        if (node.waitsSinceMs !== null) throw new CloudError('link-waits-for-admission');
        await parts.admit(node, remoteAddress);
        return { status: 201, body: { ...credentials, topics: topicTemplates } };
      },
    }),
  ];
}

function readBody(text: string): z.infer<typeof PasswordRequest> {
  try {
    return PasswordRequest.parse(JSON.parse(text));
  } catch (cause) {
    throw new CloudError('claim-invalid-request', { detail: 'The body is not a JSON object with response.', cause });
  }
}
