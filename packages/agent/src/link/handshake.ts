// Environment, challenge, password: three small HTTPS requests on one connection, before every dial. [docs/link-protocol.md]

import { environmentPath, readEnvironment, type Destination } from '@claimstead/wire/link/environment';
import {
  answerChallenge,
  challengePath,
  passwordPath,
  readChallenge,
  readCredentials,
  type LinkCredentials,
} from '@claimstead/wire/link/challenge';
import { maxAnswerBytes, openCloudRequests } from '../dial/cloud-requests.ts';
import type { DialHow, Route } from '../dial/route.ts';
import type { LinkIdentity } from './identity.ts';
import { LinkError } from './link-error.ts';

/** Milliseconds for each of the three answers, dialling included. */
const answerTimeoutMs = 30_000;

export interface Handshake {
  resolve(): Promise<Destination>;
  authenticate(destination: Destination): Promise<LinkCredentials>;
  /** Closes the kept connection. */
  close(): void;
}

/** Without a private key there is an environment only. `how` holds for the whole handshake; its `onHop` is told of the way and of `environment`, `challenge` and `password`. Throws LinkError. */
export function createHandshake(
  identity: Pick<LinkIdentity, 'claimId' | 'cloudUrl'> & { privateKey: LinkIdentity['privateKey'] | undefined },
  route: Route,
  agentVersion: string,
  how: DialHow,
): Handshake {
  const requests = openCloudRequests(route, how);

  /** The JSON of the answer; undefined when it is none. */
  const ask = async (
    what: 'environment' | 'challenge' | 'password',
    url: URL,
    body: string | undefined,
    expected: number,
  ): Promise<unknown> => {
    const answer = await requests
      .ask(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'user-agent': `Claimstead/${agentVersion}`, accept: 'application/json' },
        body,
        timeoutMs: answerTimeoutMs,
        onInterim: () => undefined,
      })
      .catch((cause: unknown) => {
        throw LinkError.from(what, cause);
      });
    if (answer.isCut)
      throw new LinkError(`${what}: the answer is larger than ${maxAnswerBytes} bytes`, { code: 'not-a-cloud' });
    let value: unknown;
    try {
      value = JSON.parse(answer.body.toString('utf8'));
    } catch {
      value = undefined;
    }
    if (answer.status !== expected) throw LinkError.fromAnswer(what, answer.status, value);
    how.onHop({ hop: what, ms: answer.ms });
    return value;
  };

  const read = <T>(what: string, reader: (value: unknown) => T, value: unknown): T => {
    try {
      return reader(value);
    } catch (cause) {
      throw LinkError.from(what, cause, 'not-a-cloud');
    }
  };

  return {
    async resolve() {
      const url = new URL(environmentPath, identity.cloudUrl);
      url.search = new URLSearchParams({ v: agentVersion, cap: 'proto,ctx', claim_id: identity.claimId }).toString();
      return read('environment', readEnvironment, await ask('environment', url, undefined, 200));
    },
    async authenticate({ authEndpoint }) {
      const path = authEndpoint.pathname.replace(/\/+$/, '');
      const at = (pathname: string): URL => new URL(pathname, authEndpoint);
      const challenge = read(
        'challenge',
        readChallenge,
        await ask('challenge', at(challengePath(path, identity.claimId)), undefined, 200),
      );
      let response: string;
      try {
        if (identity.privateKey === undefined) throw new Error('there is no key');
        response = answerChallenge(identity.privateKey, challenge);
      } catch {
        // Never send garbage: the Cloud would only refuse it, and the cause would be lost.
        throw new LinkError('the private key does not match the claim; delete claim.d and claim this node again', {
          code: 'key-mismatch',
        });
      }
      const body = JSON.stringify({ response, agent_version: agentVersion });
      const answer = await ask('password', at(passwordPath(path, identity.claimId)), body, 201);
      return read('password', readCredentials, answer);
    },
    close: () => requests.close(),
  };
}
