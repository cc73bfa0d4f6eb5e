// Bytes ⇄ messages. A message has no envelope of its own: its topic names it. What is unknown or broken is an outcome, not a throw.

import { downstreamCodecs, type Downstream, type DownstreamMessages, type DownstreamName } from './downstream.ts';
import { upstreamCodecs, type Upstream, type UpstreamMessages } from './upstream.ts';
import type { UpstreamName } from './topics.ts';

export type Decoded<Message> =
  | { outcome: 'message'; message: Message }
  | { outcome: 'unknown'; name: string }
  | { outcome: 'malformed'; name: string; reason: string };

interface Codec<Message> {
  create(base: Partial<Message>): Message;
  encode(message: Message): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

function decode<Message>(codecs: Readonly<Record<string, unknown>>, name: string, bytes: Uint8Array): Decoded<Message> {
  if (!Object.hasOwn(codecs, name)) return { outcome: 'unknown', name };
  try {
    const codec = codecs[name] as Codec<unknown>;
    return { outcome: 'message', message: { name, message: codec.decode(bytes) } as Message };
  } catch (cause) {
    return { outcome: 'malformed', name, reason: cause instanceof Error ? cause.message : 'not a message' };
  }
}

function encode(codecs: Readonly<Record<string, unknown>>, name: string, fields: object): Uint8Array {
  const codec = codecs[name] as Codec<object>;
  return codec.encode(codec.create(fields)).finish();
}

export const decodeUpstream = (name: UpstreamName, bytes: Uint8Array): Decoded<Upstream> =>
  decode<Upstream>(upstreamCodecs, name, bytes);
/** `name` is the last segment of the topic, whatever the Cloud sent. */
export const decodeDownstream = (name: string, bytes: Uint8Array): Decoded<Downstream> =>
  decode<Downstream>(downstreamCodecs, name, bytes);

/** Fields left out have their default: empty, 0, false, absent. */
export const encodeUpstream = <Name extends UpstreamName>(
  name: Name,
  fields: Partial<UpstreamMessages[Name]>,
): Uint8Array => encode(upstreamCodecs, name, fields);
export const encodeDownstream = <Name extends DownstreamName>(
  name: Name,
  fields: Partial<DownstreamMessages[Name]>,
): Uint8Array => encode(downstreamCodecs, name, fields);
