// The relay over the links that this instance holds.

import { CloudError } from '@claimstead/wire/errors';
import type { LinkReply } from '@claimstead/wire/link/http-over-link';
import type { NodeId } from '@claimstead/wire/ids';
import { askerHeaders } from './asker-headers.ts';
import { plainAnswer, takesGzip } from './plain-answer.ts';
import { sharedAsker, type Relay, type RelayAnswer, type RelayRequest } from './relay.ts';
import { relayTarget } from './relay-target.ts';

/** How the relay reaches links; gateway/live-links.ts is one. */
export interface LinkSender {
  /** Rejects as pending-requests does, and with node-offline when the claim has no link. */
  ask(
    claimId: string,
    request: { target: string; headers: Record<string, string>; timeoutMs: number; signal: AbortSignal | undefined },
  ): Promise<LinkReply>;
}

const defaultTimeoutMs = 10_000;
/** Requests of one account that may wait at once, over all nodes: six tabs of ten charts. */
const maxPendingPerAccount = 64;
/** Of these, functions that may take minutes: an agent works at six at a time, and others ask it, too. */
const maxSlowPerAccount = 4;

export function createRelay(parts: {
  links: LinkSender;
  /** The one to ask first comes first. */
  pathsTo: (nodeId: NodeId) => readonly { claimId: string; isOwn: boolean }[];
}): Relay {
  const perAccount = new Map<string, number>();
  const slowPerAccount = new Map<string, number>();
  const relay = async (
    { target, asker, timeoutMs = defaultTimeoutMs, signal }: Omit<RelayRequest, 'nodeId'>,
    paths: readonly { claimId: string; prefix: string }[],
  ): Promise<RelayAnswer> => {
    const checked = relayTarget(target);
    if (paths.length === 0) throw new CloudError('node-offline');
    const waiting = perAccount.get(asker.accountId) ?? 0;
    if (asker !== sharedAsker && waiting >= maxPendingPerAccount) throw new CloudError('relay-too-many');
    const isSlow = timeoutMs > defaultTimeoutMs;
    const slow = slowPerAccount.get(asker.accountId) ?? 0;
    if (isSlow && slow >= maxSlowPerAccount) throw new CloudError('relay-too-many');
    if (isSlow) slowPerAccount.set(asker.accountId, slow + 1);
    perAccount.set(asker.accountId, waiting + 1);
    try {
      const headers = { ...askerHeaders(asker), ...takesGzip };
      const reply = await firstOf(paths, ({ claimId, prefix }) =>
        parts.links.ask(claimId, { target: `${prefix}${checked}`, headers, timeoutMs, signal }),
      );
      return await plainAnswer(reply);
    } finally {
      if (isSlow) countDown(slowPerAccount, asker.accountId);
      countDown(perAccount, asker.accountId);
    }
  };
  return {
    ask: ({ nodeId, ...request }) =>
      relay(
        request,
        // An agent answers for itself without a prefix, also before it knows its node id; a child is named to its parent.
        parts.pathsTo(nodeId).map(({ claimId, isOwn }) => ({ claimId, prefix: isOwn ? '' : `/node/${nodeId}` })),
      ),
    askAgent: ({ claimId, ...request }) => relay(request, [{ claimId, prefix: '' }]),
  };
}

/** Where a link breaks while it is asked, another agent may have the answer, too. */
async function firstOf<Path>(paths: readonly Path[], ask: (path: Path) => Promise<LinkReply>): Promise<LinkReply> {
  let loss: unknown = new CloudError('node-offline');
  for (const path of paths) {
    try {
      return await ask(path);
    } catch (cause) {
      if (!isLossOfLink(cause)) throw cause;
      loss = cause;
    }
  }
  throw loss;
}

const isLossOfLink = (cause: unknown): boolean =>
  cause instanceof CloudError && (cause.kind === 'relay-link-lost' || cause.kind === 'node-offline');

function countDown(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
}
