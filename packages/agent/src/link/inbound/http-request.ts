// A relayed request: answered from the same route table as the local port, but only by routes that are marked so.

import { gzip } from 'node:zlib';
import {
  decodeLinkRequest,
  encodeLinkReply,
  maxReplyBytes,
  type LinkRequest,
} from '@claimstead/wire/link/http-over-link';
import { permissionsHeader, readPermissions } from '@claimstead/wire/link/permissions';
import type { AgentReply, AgentRequest } from '../../http/route.ts';

export interface RelayedRequests {
  receive(payload: Buffer): void;
  cancel(messageId: string): void;
  /** Everything in hand is told to stop; nothing is answered any more. */
  close(): void;
}

/** Requests in hand at once: the Cloud keeps 64 per link; what comes above is answered 503. */
const maxInHand = 64;
/** Bytes from which compressing an answer costs less than sending it. */
const compressFromBytes = 1024;

export function createRelayedRequests(parts: {
  answer: (request: AgentRequest) => Promise<AgentReply>;
  reply: (topic: string, payload: Buffer) => boolean;
  /** Prefixes that name this node itself: `/node/<node id>`, `/host/<machine GUID>`. */
  ownPrefixes: () => string[];
  sessionId: bigint;
  nowUs: () => bigint;
  log: (text: string) => void;
}): RelayedRequests {
  const inHand = new Map<string, AbortController>();

  const send = async (request: LinkRequest, reply: AgentReply, startedUs: bigint): Promise<void> => {
    const plain = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
    const takesGzip = /\bgzip\b/i.test(request.headers['accept-encoding'] ?? '');
    const body = takesGzip && plain.length >= compressFromBytes ? await compressed(plain) : plain;
    const nowUs = parts.nowUs();
    const packet = encodeLinkReply(
      {
        messageId: request.messageId,
        status: reply.status,
        contentType: reply.contentType,
        contentEncoding: body === plain ? undefined : 'gzip',
        body,
      },
      { nowUs, connectedAtUs: parts.sessionId, executionUs: Number(nowUs - startedUs) },
    );
    if (packet.length > maxReplyBytes)
      return send(request, sentence(413, 'The answer is too large for the link; ask for fewer points.'), startedUs);
    if (!parts.reply(request.callbackTopic, packet))
      parts.log('ACLK: dropped an answer because the Cloud does not read');
  };

  const work = async (request: LinkRequest, url: URL, startedUs: bigint): Promise<void> => {
    const abort = new AbortController();
    inHand.set(request.messageId, abort);
    const timer = request.timeoutMs > 0 ? setTimeout(() => abort.abort(), request.timeoutMs) : undefined;
    const prefix = parts.ownPrefixes().find((own) => url.pathname.startsWith(`${own}/`));
    const path = prefix === undefined ? url.pathname : url.pathname.slice(prefix.length);
    try {
      const reply = await parts.answer({
        method: 'GET',
        path,
        query: url.searchParams,
        source: 'link',
        permissions: readPermissions(request.headers[permissionsHeader]),
        signal: abort.signal,
      });
      await send(request, abort.signal.aborted ? cancelled : reply, startedUs);
    } catch (cause) {
      if (abort.signal.aborted) return await send(request, cancelled, startedUs);
      parts.log(`ACLK: a relayed request failed: ${cause instanceof Error ? cause.message : 'unknown fault'}`);
      await send(request, sentence(500, 'The agent met a fault of its own.'), startedUs);
    } finally {
      clearTimeout(timer);
      inHand.delete(request.messageId);
    }
  };

  return {
    receive(payload) {
      const request = decodeLinkRequest(payload);
      // There is nobody to answer to: the Cloud's own deadline ends it.
      if (request === undefined) return parts.log('ACLK: the Cloud sent a request that cannot be read');
      const startedUs = parts.nowUs();
      if (inHand.size >= maxInHand)
        return void send(request, sentence(503, 'The agent is busy; try again.'), startedUs);
      if (inHand.has(request.messageId) || !URL.canParse(request.target, 'http://link')) {
        return void send(request, sentence(400, 'The request cannot be read.'), startedUs);
      }
      void work(request, new URL(request.target, 'http://link'), startedUs);
    },
    cancel: (messageId) => inHand.get(messageId)?.abort(),
    close() {
      for (const abort of inHand.values()) abort.abort();
    },
  };
}

const sentence = (status: number, body: string): AgentReply => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});

const cancelled = sentence(499, 'The request was cancelled.');

const compressed = (plain: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Level 1: over the link every millisecond counts more than the last tenth of size.
    gzip(plain, { level: 1 }, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
