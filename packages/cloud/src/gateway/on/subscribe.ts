// SUBSCRIBE: an agent may listen to its own two inboxes and to nothing else. [MQTT-3.8]

import type { Packet } from '@claimstead/wire/mqtt/packet';
import { inboxFilters } from '@claimstead/wire/link/topics';

type Subscribe = Extract<Packet, { cmd: 'subscribe' }>;

/** One reason code per filter, in order: QoS 1 granted, or refused. [MQTT-3.9.3] */
export function onSubscribe(packet: Subscribe, claimId: string, protocolVersion: 4 | 5): number[] {
  const own: readonly string[] = inboxFilters(claimId);
  const refusal = protocolVersion === 5 ? 0x87 : 0x80;
  return packet.subscriptions.map(({ topic, qos }) => (own.includes(topic) ? Math.min(qos, 1) : refusal));
}
