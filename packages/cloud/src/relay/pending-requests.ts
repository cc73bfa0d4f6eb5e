// What awaits a reply on one link: bounded, each with its deadline, each answered exactly once.

import { randomUUID } from 'node:crypto';
import { CloudError, type ErrorKind } from '@claimstead/wire/errors';
import type { LinkReply, MalformedReply } from '@claimstead/wire/link/http-over-link';
import type { Clock } from '../clock.ts';

/** Requests that may wait on one link: an agent works at 6 at a time, the rest queues there. 64 × (64 KiB out + 16 MiB in) bounds memory. */
export const maxPendingPerLink = 64;

export interface PendingRequests {
  /**
   * Registers a request and sends it under a fresh id of 122 random bits. `send` may throw. `onAbandoned` is called when the agent still
   * works on something that nobody waits for. Rejects with relay-too-many, relay-timeout, relay-cancelled, relay-link-lost.
   */
  start(parts: {
    timeoutMs: number;
    signal: AbortSignal | undefined;
    send: (messageId: string) => void;
    onAbandoned: (messageId: string) => void;
  }): Promise<LinkReply>;
  /** False when nothing waits under that id: late, repeated or forged. */
  settle(reply: LinkReply | MalformedReply): boolean;
  /** The link is gone. */
  failAll(kind: ErrorKind): void;
  readonly size: number;
}

export function createPendingRequests(clock: Clock): PendingRequests {
  const waiting = new Map<string, { resolve: (reply: LinkReply) => void; reject: (error: CloudError) => void }>();
  return {
    get size() {
      return waiting.size;
    },
    start({ timeoutMs, signal, send, onAbandoned }) {
      return new Promise<LinkReply>((resolve, reject) => {
        if (signal?.aborted === true) return reject(new CloudError('relay-cancelled'));
        if (waiting.size >= maxPendingPerLink) return reject(new CloudError('relay-too-many'));
        const messageId = randomUUID();
        const abandon = (kind: ErrorKind): void => {
          if (!waiting.has(messageId)) return;
          end();
          onAbandoned(messageId);
          reject(new CloudError(kind));
        };
        const onAbort = (): void => abandon('relay-cancelled');
        const cancelTimer = clock.after(timeoutMs, () => abandon('relay-timeout'));
        const end = (): void => {
          waiting.delete(messageId);
          cancelTimer();
          signal?.removeEventListener('abort', onAbort);
        };
        waiting.set(messageId, {
          resolve: (reply) => {
            end();
            resolve(reply);
          },
          reject: (error) => {
            end();
            reject(error);
          },
        });
        signal?.addEventListener('abort', onAbort, { once: true });
        try {
          send(messageId);
        } catch (cause) {
          end();
          reject(cause instanceof CloudError ? cause : new CloudError('relay-query-refused', { cause }));
        }
      });
    },
    settle(reply) {
      const found = waiting.get(reply.messageId);
      if ('malformed' in reply) found?.reject(new CloudError('relay-answer-invalid'));
      else found?.resolve(reply);
      return found !== undefined;
    },
    failAll(kind) {
      for (const one of waiting.values()) one.reject(new CloudError(kind));
    },
  };
}
