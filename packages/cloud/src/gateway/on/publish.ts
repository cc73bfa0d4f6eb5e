// PUBLISH: what is it about. Topic aliases are resolved first, then the topic must be one that this claim's agent may use. [MQTT-3.3]

import { maxTopicAlias, maxTopicBytes } from '@claimstead/wire/mqtt/limits';
import type { Packet } from '@claimstead/wire/mqtt/packet';
import { aliasedTopic, replyTopic, upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';
import type { LinkEnd } from '../link.ts';

type Publish = Extract<Packet, { cmd: 'publish' }>;

export type PublishOutcome =
  | { about: 'message'; name: UpstreamName }
  | { about: 'reply' }
  /** A topic of old agents that nothing reads. */
  | { about: 'nothing' }
  | { about: 'refused'; end: LinkEnd; why: string };

/** The topics of one connection; aliases live as long as it does. [MQTT-3.3.2-7] */
export function createTopicBook(claimId: string): (packet: Publish) => PublishOutcome {
  const allowed = upstreamTopics(claimId);
  const reply = replyTopic(claimId);
  const aliases = new Map<number, string>();
  const refused = (end: LinkEnd, why: string): PublishOutcome => ({ about: 'refused', end, why });

  return (packet) => {
    if (packet.qos === 2) return refused('protocol-error', 'it published at QoS 2');
    const alias = packet.properties?.topicAlias;
    let topic = packet.topic;
    if (alias !== undefined) {
      if (alias < 1 || alias > maxTopicAlias) return refused('alias-refused', 'it used a topic alias out of range');
      // Agents may use an alias before the packet that defines it: two of their threads race. The list that we sent tells what they mean.
      if (topic === '') topic = aliases.get(alias) ?? aliasedTopic(claimId, alias) ?? '';
      else if (allowed.has(topic)) aliases.set(alias, topic);
    }
    if (topic === '') return refused('alias-refused', 'it used a topic alias that it never defined');
    if (Buffer.byteLength(topic) > maxTopicBytes) return refused('topic-refused', 'it published to an overlong topic');
    if (topic === reply) return { about: 'reply' };
    const carries = allowed.get(topic);
    if (carries === undefined) return refused('not-authorized', 'it published to a topic that is not its own');
    return carries === 'unused' ? { about: 'nothing' } : { about: 'message', name: carries };
  };
}
