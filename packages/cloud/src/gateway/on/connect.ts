// CONNECT: who is it, and may it. [MQTT-3.1]

import type { Packet } from '@claimstead/wire/mqtt/packet';
import { decodeUpstream } from '@claimstead/wire/link/envelope';
import { upstreamTopics } from '@claimstead/wire/link/topics';
import type { ClaimedNode } from '../../node/node.ts';

type Connect = Extract<Packet, { cmd: 'connect' }>;

export type ConnectOutcome =
  | { accepted: true; node: ClaimedNode; protocolVersion: 4 | 5; keepAliveSeconds: number; sessionId: bigint }
  /** Reason codes of CONNACK for MQTT 5 and 3.1.1. */
  | { accepted: false; protocolVersion: 4 | 5; reason5: number; reason4: number; why: string };

/** `redeem` uses the password up, so it is asked last. */
export function onConnect(
  packet: Connect,
  redeem: (credentials: { clientId: string; username: string; password: string }) => ClaimedNode | undefined,
): ConnectOutcome {
  const protocolVersion = packet.protocolVersion === 5 ? 5 : 4;
  const refuse = (reason5: number, reason4: number, why: string): ConnectOutcome => ({
    accepted: false,
    protocolVersion,
    reason5,
    reason4,
    why,
  });
  if (packet.protocolVersion !== 4 && packet.protocolVersion !== 5)
    return refuse(0x84, 1, 'it speaks an MQTT older than 3.1.1');
  const { clientId, username, password, will } = packet;
  if (username === undefined || password === undefined || password === null)
    return refuse(0x86, 4, 'it sent no password');
  const sessionId = willSession(username, will);
  if (sessionId === undefined) return refuse(0x87, 5, 'its will is not its own farewell');
  const node = redeem({ clientId, username, password: password.toString('utf8') });
  if (node === undefined) return refuse(0x86, 4, 'its password is wrong, used or too late');
  return { accepted: true, node, protocolVersion, keepAliveSeconds: packet.keepalive ?? 0, sessionId };
}

/** A will may only say that this very claim is gone. Its session id, 0 without a will, undefined when it says anything else. [trust T6, T7] */
function willSession(claimId: string, will: Connect['will']): bigint | undefined {
  if (will === undefined) return 0n;
  if (upstreamTopics(claimId).get(will.topic) !== 'UpdateAgentConnection' || will.retain === true) return undefined;
  const decoded = decodeUpstream('UpdateAgentConnection', Buffer.from(will.payload));
  if (decoded.outcome !== 'message' || decoded.message.name !== 'UpdateAgentConnection') return undefined;
  const { message } = decoded.message;
  // Nobody wills to be forgotten by being cut off: only a living session may say that its claim was deleted.
  return message.claimId === claimId && !message.reachable && !message.unclaimed ? message.sessionId : undefined;
}
