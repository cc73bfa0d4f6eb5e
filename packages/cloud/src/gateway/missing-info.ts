// What a node is, asked of its agent: agents tell it when they start and when it changes, not when they come back to a Cloud that has
// forgotten it.

import { readInfo } from '@claimstead/wire/agent-api/info';
import type { NodeId } from '@claimstead/wire/ids';
import type { Clock } from '../clock.ts';
import type { NodeTold } from '../node/node-told.ts';
import { plainAnswer, takesGzip } from '../relay/plain-answer.ts';
import type { Link } from './link.ts';

/** After the node's connection: an agent that has just started tells by itself within five seconds. */
const waitMs = 6000;
const askTimeoutMs = 10_000;
/** Of agents with everything that they list in it: some 50 KB. */
const maxInfoBytes = 1024 * 1024;

export interface MissingInfo {
  /** Asks for it after a while, if it was not told until then. */
  want(node: { nodeId: NodeId; isOwn: boolean }): void;
  /** The node was removed: what its agent would still answer must not be remembered. */
  forget(nodeId: NodeId): void;
  close(): void;
}

export function createMissingInfo(link: Link, parts: { clock: Clock; told: NodeTold }): MissingInfo {
  const { clock, told } = parts;
  /** Until the agent has answered. */
  const wanted = new Map<NodeId, () => void>();

  const ask = async ({ nodeId, isOwn }: { nodeId: NodeId; isOwn: boolean }): Promise<void> => {
    const target = isOwn ? '/api/v1/info' : `/node/${nodeId}/api/v1/info`;
    const question = { target, headers: takesGzip, timeoutMs: askTimeoutMs, signal: undefined };
    const { status, body } = await plainAnswer(await link.ask(question), maxInfoBytes);
    const read = status === 200 ? readInfo(JSON.parse(body.toString('utf8'))) : undefined;
    if (read === undefined || told.of(nodeId).info !== null || !wanted.has(nodeId)) return;
    told.infoTold(nodeId, read.info);
    if (read.collectors.length > 0) told.collectorsTold(nodeId, read.collectors);
  };

  const forget = (nodeId: NodeId): void => {
    wanted.get(nodeId)?.();
    wanted.delete(nodeId);
  };

  return {
    want(node) {
      if (wanted.has(node.nodeId)) return;
      const cancel = clock.after(waitMs, () => {
        if (told.of(node.nodeId).info !== null) return forget(node.nodeId);
        // An agent that does not answer this is shown without it.
        void ask(node)
          .catch(() => undefined)
          .finally(() => wanted.delete(node.nodeId));
      });
      wanted.set(node.nodeId, cancel);
    },
    forget,
    close() {
      for (const nodeId of wanted.keys()) forget(nodeId);
    },
  };
}
