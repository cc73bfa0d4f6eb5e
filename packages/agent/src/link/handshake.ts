// Environment, challenge, password: three small HTTPS requests on one connection, before every dial. [docs/link-protocol.md]

import { Agent, request } from 'node:https';
import { environmentPath, readEnvironment, type Destination } from '@claimstead/wire/link/environment';
import {
  answerChallenge,
  challengePath,
  passwordPath,
  readChallenge,
  readCredentials,
  type LinkCredentials,
} from '@claimstead/wire/link/challenge';
import { tlsHost, type LinkIdentity, type Transport } from './identity.ts';
import { LinkError } from './link-error.ts';

/** Milliseconds for each of the three answers. */
const answerTimeoutMs = 30_000;
/** Bytes of an answer: the password's, with all topics, is 2 KiB. */
const maxAnswerBytes = 64 * 1024;

export interface Handshake {
  resolve(signal: AbortSignal): Promise<Destination>;
  authenticate(destination: Destination, signal: AbortSignal): Promise<LinkCredentials>;
  /** Closes the kept connection. */
  close(): void;
}

export function createHandshake(identity: LinkIdentity, transport: Transport, agentVersion: string): Handshake {
  // One connection for all three.
  const agent = transport.proxyAgent ?? new Agent({ keepAlive: true, maxSockets: 1 });

  const ask = (
    what: string,
    url: URL,
    method: 'GET' | 'POST',
    body: string | undefined,
    expected: number,
    signal: AbortSignal,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        {
          method,
          agent,
          signal,
          timeout: answerTimeoutMs,
          ...transport.tlsOptions(tlsHost(url)),
          headers: {
            'user-agent': `Claimstead/${agentVersion}`,
            accept: 'application/json',
            ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          incoming.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > maxAnswerBytes)
              outgoing.destroy(new Error(`the answer to the ${what} request is larger than ${maxAnswerBytes} bytes`));
            else chunks.push(chunk);
          });
          incoming.on('error', (cause) => reject(new LinkError(`${what}: ${transport.explain(tlsHost(url), cause)}`)));
          incoming.on('end', () => {
            let value: unknown;
            try {
              value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
            } catch {
              value = undefined;
            }
            if (incoming.statusCode !== expected)
              return reject(LinkError.fromAnswer(what, incoming.statusCode ?? 0, value));
            resolve(value);
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)));
      outgoing.on('error', (cause) => reject(new LinkError(`${what}: ${transport.explain(tlsHost(url), cause)}`)));
      outgoing.end(body);
    });

  const read = <T>(what: string, reader: (value: unknown) => T, value: unknown): T => {
    try {
      return reader(value);
    } catch (cause) {
      throw LinkError.from(what, cause);
    }
  };

  return {
    async resolve(signal) {
      const url = new URL(environmentPath, identity.cloudUrl);
      url.search = new URLSearchParams({ v: agentVersion, cap: 'proto,ctx', claim_id: identity.claimId }).toString();
      return read('environment', readEnvironment, await ask('environment', url, 'GET', undefined, 200, signal));
    },
    async authenticate({ authEndpoint }, signal) {
      const path = authEndpoint.pathname.replace(/\/+$/, '');
      const at = (pathname: string): URL => new URL(pathname, authEndpoint);
      const challenge = read(
        'challenge',
        readChallenge,
        await ask('challenge', at(challengePath(path, identity.claimId)), 'GET', undefined, 200, signal),
      );
      let response: string;
      try {
        response = answerChallenge(identity.privateKey, challenge);
      } catch {
        // Never send garbage: the Cloud would only refuse it, and the cause would be lost.
        throw new LinkError('the private key does not match the claim; delete claim.d and claim this node again');
      }
      const body = JSON.stringify({ response, agent_version: agentVersion });
      return read(
        'password',
        readCredentials,
        await ask('password', at(passwordPath(path, identity.claimId)), 'POST', body, 201, signal),
      );
    },
    close() {
      agent.destroy();
    },
  };
}
