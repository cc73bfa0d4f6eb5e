// The Cloud's end of the Agent-Cloud link. Reading order: link.ts (what a link is), gateway.ts (how a socket becomes one), session.ts
// (its MQTT session), on/ (one packet each), in-turn.ts (messages in their order), conversation.ts (what each message means), link-nodes.ts
// (which nodes it speaks for), streams.ts, definitions.ts and missing-info.ts (what an agent is asked for), live-links.ts (all links of this instance),
// probe.ts (is anybody there), contested.ts and contests.ts (several machines with one key).

import type { DownstreamMessages, DownstreamName } from '@claimstead/wire/link/downstream';
import type { LinkReply } from '@claimstead/wire/link/http-over-link';
import type { ClaimedNode } from '../node/node.ts';
import type { Host } from './contested.ts';

export interface LinkQuestion {
  target: string;
  headers: Record<string, string>;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/** Why the Cloud ends a link. MQTT reason codes of DISCONNECT. [MQTT-3.14.2.1] */
export const linkEnd = {
  'not-authorized': 0x87,
  'server-stopping': 0x8b,
  silent: 0x8d,
  unanswered: 0x8d,
  'taken-over': 0x8e,
  'topic-refused': 0x90,
  'alias-refused': 0x94,
  'packet-too-large': 0x95,
  removed: 0x98,
  malformed: 0x81,
  'protocol-error': 0x82,
  stalled: 0x97,
} as const;
export type LinkEnd = keyof typeof linkEnd;

export interface Link {
  readonly node: ClaimedNode;
  readonly remoteAddress: string;
  /** The machine at its other end; the name is the node's until its agent tells one. */
  readonly host: Host;
  /** Microseconds since 1970, as the agent told: orders connections of one agent. 0 until told. */
  sessionId: bigint;
  ask(question: LinkQuestion): Promise<LinkReply>;
  send<Name extends DownstreamName>(name: Name, fields: Partial<DownstreamMessages[Name]>): void;
  /** Whether somebody is there: a WebSocket ping, and its pong within 5 s. Asked several times at once, it is one ping. */
  answers(): Promise<boolean>;
  end(why: LinkEnd): void;
}
