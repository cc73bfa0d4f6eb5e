// An agent that does whatever a test wants: it is claimed and connects as ours does, but its answers are written by the test, byte by byte.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import { decodeLinkRequest, type LinkRequest } from '@claimstead/wire/link/http-over-link';
import { createHandshake } from '@claimstead/agent/link/handshake';
import { direct } from '@claimstead/agent/config/proxy';
import { systemClock } from '@claimstead/agent/dial/hop-timer';
import type { DialHow, Route } from '@claimstead/agent/dial/route';
import type { LinkIdentity } from '@claimstead/agent/link/identity';
import { dial } from '@claimstead/agent/link/dial';
import { openMqttSession, type MqttSession } from '@claimstead/agent/link/mqtt-session';
import { sharedAsker } from '@claimstead/cloud/relay/relay';
import type { Cloud } from './cloud.ts';
import { fetchCloud } from './cloud-client.ts';

export interface RawAgent {
  readonly claimId: string;
  readonly machineGuid: string;
  readonly session: MqttSession;
  /** Every request that somebody made, as it came, head and all; without those of the Cloud itself, which asks when it likes. */
  readonly requests: { text: string; request: LinkRequest | undefined }[];
  lost: Promise<string>;
}

export type RawAnswer = (request: LinkRequest, reply: (inner: string | Buffer) => void) => void;

/** JSON head and inner text of a reply. */
export const rawReply = (messageId: string, inner: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`{"type":"http","msg-id":"${messageId}","version":2,"http-code":200}\r\n\r\n`),
    Buffer.isBuffer(inner) ? inner : Buffer.from(inner),
  ]);

export const rawIdentity = (
  cloud: { url: string; caPem: string },
  claimId: string,
  privateKey: LinkIdentity['privateKey'],
): { identity: LinkIdentity; route: Route } => {
  const secureContext = createSecureContext({ ca: cloud.caPem });
  const route: Route = {
    proxy: direct,
    trust: {
      tlsOptions: (host) => ({
        secureContext,
        rejectUnauthorized: true,
        checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
      }),
    },
  };
  return {
    identity: {
      claimId,
      cloudUrl: new URL(cloud.url),
      privateKey,
      route: async () => route,
      hostname: undefined,
      proxyWords: 'none',
      otherClaimProxy: undefined,
    },
    route,
  };
};

/** Claims a machine; what comes back opens a link of it with `connectRawAgent`, as often as there are copies of the machine. */
export async function claimRawMachine(
  cloud: Cloud,
  hostname: string,
  answer: RawAnswer = () => undefined,
  token?: string,
): Promise<Parameters<typeof connectRawAgent>> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const claimId = randomUUID();
  const machineGuid = randomUUID();
  const body = JSON.stringify({
    node: { id: claimId, hostname },
    token: token ?? (await cloud.token()),
    rooms: [],
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    mGUID: machineGuid,
  });
  const claimed = await fetchCloud(cloud, 'PUT', `/api/v1/spaces/nodes/${claimId}`, {
    body,
    headers: { 'content-type': 'application/json' },
  });
  if (claimed.status !== 204) throw new Error(`the claim was answered ${claimed.status} ${claimed.body.toString()}`);
  const { identity, route } = rawIdentity(cloud, claimId, privateKey);
  return [identity, route, machineGuid, answer];
}

/** Claims a machine of its own and connects it. `answer` is called for each relayed request; not answering is an answer, too. */
export const startRawAgent = async (
  cloud: Cloud,
  options: { hostname?: string; answer?: RawAnswer } = {},
): Promise<RawAgent> => connectRawAgent(...(await claimRawMachine(cloud, options.hostname ?? 'raw', options.answer)));

export async function connectRawAgent(
  identity: LinkIdentity,
  route: Route,
  machineGuid: string,
  answer: RawAnswer,
): Promise<RawAgent> {
  const signal = new AbortController().signal;
  const how: DialHow = { signal, hopTimeoutMs: 10_000, clock: systemClock, onHop: () => undefined };
  const handshake = createHandshake(identity, route, 'v0.0.0', how);
  const destination = await handshake.resolve();
  const credentials = await handshake.authenticate(destination);
  handshake.close();
  const socket = await dial(route, destination.mqttEndpoint, how);
  const requests: RawAgent['requests'] = [];
  const sessionId = BigInt(Date.now()) * 1000n;
  let onLost: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    onLost = resolve;
  });
  const session: MqttSession = await openMqttSession(socket, {
    credentials,
    claimId: identity.claimId,
    sessionId,
    connackTimeoutMs: 5000,
    signal,
    onMessage(name, payload) {
      if (name !== 'cmd') return;
      const request = decodeLinkRequest(payload);
      if (request?.headers['x-netdata-user-name'] !== sharedAsker.name)
        requests.push({ text: payload.toString('latin1'), request });
      if (request !== undefined)
        answer(request, (inner) => session.reply(request.callbackTopic, rawReply(request.messageId, inner)));
    },
    onLost,
  });
  session.publish('agent-connection', 'UpdateAgentConnection', {
    claimId: identity.claimId,
    reachable: true,
    sessionId,
    updateSource: 1,
  });
  return { claimId: identity.claimId, machineGuid, session, requests, lost };
}
