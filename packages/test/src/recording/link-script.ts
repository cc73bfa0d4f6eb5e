// A recorded link as the steps of its agent: what it said by itself, when it may be said, and what it answered.

import { decodeUpstream, decodeDownstream } from '@claimstead/wire/link/envelope';
import { decodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import { aliasedTopic, topicTable, upstreamTopics, type UpstreamName } from '@claimstead/wire/link/topics';
import type { Packet } from '@claimstead/wire/mqtt/packet';
import { lastSegment, payloadOf, splitPackets } from './mqtt-bytes.ts';
import type { FrameEvent, RecordedEvent } from './recording.ts';

/** One packet that the agent sends by itself. */
export interface Step {
  /** The packet, cut where its frames ended. */
  pieces: Buffer[];
  /** It goes on in the frame in which the step before it ended. */
  joined: boolean;
  packet: Packet;
  message: UpstreamName | undefined;
  /** What the Cloud must have said before. */
  waitsFor: Cause[];
}

/** A message of the Cloud; `about`: the node id or machine GUID that it names, as recorded. */
export interface Cause {
  name: string;
  about: string | undefined;
}

export interface LinkScript {
  protocolVersion: 4 | 5;
  /** From CONNECT to the last that is said before the farewell. */
  steps: Step[];
  farewell: Step[];
  /** What it answered to relayed requests, oldest first: target → pieces of the PUBLISH, with the id of the request in it. */
  answers: { target: string; messageId: string; pieces: Buffer[] }[];
  /** The first acknowledgement, of which only the packet id changes. */
  acknowledgement: Buffer | undefined;
  /** Node ids that the Cloud gave, by machine GUID. */
  nodeIds: Map<string, string>;
}

/** Which message of the Cloud makes an agent say what; it waits for one of them where the recording has one before it. */
const causes: Partial<Record<UpstreamName, readonly string[]>> = {
  CreateNodeInstance: ['SendNodeInstances'],
  UpdateNodeInstanceConnection: ['SendNodeInstances', 'CreateNodeInstanceResult'],
  ContextsSnapshot: ['ContextsCheckpoint'],
  ContextsUpdated: ['ContextsCheckpoint'],
  AlarmLogEntry: ['StartAlarmStreaming'],
  AlarmSnapshot: ['StartAlarmStreaming', 'SendAlarmSnapshot', 'SendAlarmCheckpoint'],
  AlarmCheckpoint: ['SendAlarmCheckpoint'],
  AlarmLogHealth: ['SendAlarmLogHealth'],
  ProvideAlarmConfiguration: ['SendAlarmConfiguration'],
};

/** `frames`: those of one connection, both sides, in order. */
export function readLinkScript(frames: readonly FrameEvent[], claimId: string): LinkScript {
  const version = protocolVersionOf(frames);
  const cloud = timedPackets(frames, 'cloud', version);
  const agent = timedPackets(frames, 'agent', version);
  const said: { cause: Cause; order: number }[] = [];
  const requests = new Map<string, string>();
  const nodeIds = new Map<string, string>();
  for (const { packet, order } of cloud) {
    if (packet.cmd !== 'publish') continue;
    const name = lastSegment(packet.topic);
    const payload = payloadOf(packet);
    const request = name === 'cmd' ? decodeLinkRequest(payload) : undefined;
    if (request !== undefined) requests.set(request.messageId, request.target);
    const decoded = decodeDownstream(name, payload);
    if (decoded.outcome !== 'message') continue;
    said.push({ cause: { name, about: aboutOf(decoded.message.message) }, order });
    if (decoded.message.name === 'CreateNodeInstanceResult')
      nodeIds.set(decoded.message.message.machineGuid, decoded.message.message.nodeId);
  }
  const script: LinkScript = {
    protocolVersion: version,
    steps: [],
    farewell: [],
    answers: [],
    acknowledgement: undefined,
    nodeIds,
  };
  const topics = upstreamTopics(claimId);
  let ofItself = script.steps;
  let keptBefore = false;
  let announced = false;
  for (const { bytes, packet, pieces, joined, order } of agent) {
    if (packet.cmd === 'puback') script.acknowledgement ??= bytes;
    const topic = packet.cmd === 'publish' ? topicOf(packet, claimId) : '';
    const carries = topics.get(topic);
    if (packet.cmd === 'publish' && carries === undefined) {
      const messageId = /"msg-id": *"([^"]+)"/.exec(payloadOf(packet).toString('latin1', 0, 1024))?.[1] ?? '';
      const target = requests.get(messageId);
      if (target !== undefined) script.answers.push({ target, messageId, pieces });
    }
    // Acknowledgements and answers are given when the Cloud asks; what keeps a silent link open is not needed.
    const kept = !['puback', 'pingreq'].includes(packet.cmd) && (packet.cmd !== 'publish' || carries !== undefined);
    if (kept) {
      const message = carries === 'unused' ? undefined : carries;
      if (packet.cmd === 'disconnect' || (message === 'UpdateAgentConnection' && announced)) ofItself = script.farewell;
      announced ||= message === 'UpdateAgentConnection';
      const before = said.filter((one) => one.order < order);
      ofItself.push({
        pieces,
        joined: joined && keptBefore,
        packet,
        message,
        waitsFor: causesOf(packet, message, before),
      });
    }
    keptBefore = kept;
  }
  return script;
}

function causesOf(packet: Packet, message: UpstreamName | undefined, before: readonly { cause: Cause }[]): Cause[] {
  if (packet.cmd !== 'publish' || message === undefined) return [];
  const names = causes[message] ?? [];
  const decoded = decodeUpstream(message, payloadOf(packet));
  const about = decoded.outcome === 'message' ? aboutOf(decoded.message.message) : undefined;
  const one = before.findLast(
    ({ cause }) => names.includes(cause.name) && (cause.about === undefined || cause.about === about),
  );
  return one === undefined ? [] : [one.cause];
}

const aboutOf = (message: object): string | undefined => {
  const { nodeId, machineGuid } = message as { nodeId?: string; machineGuid?: string };
  return nodeId ?? machineGuid;
};

const protocolVersionOf = (frames: readonly FrameEvent[]): 4 | 5 => {
  const first = Buffer.concat(frames.filter(({ from }) => from === 'agent').map(({ bytes }) => bytes));
  // Fixed header, its length in one or two bytes, six bytes of the protocol's name, then its level. [MQTT-3.1.2]
  return first[first.indexOf('MQTT') + 4] === 4 ? 4 : 5;
};

/** Parameters of a query that say when it was asked, or how patient the asker is, and not what for. */
const timely = ['after', 'before', 'points', 'timeout', '_'];

/** The same question, asked at another time. */
export function isLike(target: string, other: string): boolean {
  const words = (text: string): string => {
    const url = new URL(text, 'http://agent');
    for (const name of timely) url.searchParams.delete(name);
    return `${url.pathname}?${url.searchParams}`;
  };
  return words(target) === words(other);
}

interface TimedPacket {
  bytes: Buffer;
  packet: Packet;
  pieces: Buffer[];
  joined: boolean;
  /** The place of its first frame among the frames of both sides. */
  order: number;
}

function timedPackets(frames: readonly FrameEvent[], side: RecordedEvent['from'], version: 4 | 5): TimedPacket[] {
  const mine = frames
    .map((frame, order) => ({ ...frame, order }))
    .filter(({ from, opcode }) => from === side && opcode <= 2);
  const starts: number[] = [];
  let total = 0;
  for (const { bytes } of mine) {
    starts.push(total);
    total += bytes.length;
  }
  let at = 0;
  return splitPackets(Buffer.concat(mine.map(({ bytes }) => bytes)), version).map(({ bytes, packet }) => {
    const [begin, end] = [at, at + bytes.length];
    at = end;
    const cuts = [begin, ...starts.filter((start) => start > begin && start < end), end];
    return {
      bytes,
      packet,
      pieces: cuts.slice(1).map((cut, index) => bytes.subarray((cuts[index] ?? 0) - begin, cut - begin)),
      joined: !starts.includes(begin),
      order: mine[starts.findLastIndex((start) => start <= begin)]?.order ?? 0,
    };
  });
}

/** Aliases are numbered as the list of topics is. */
function topicOf(packet: Extract<Packet, { cmd: 'publish' }>, claimId: string): string {
  const alias = packet.properties?.topicAlias;
  if (packet.topic !== '' || alias === undefined) return packet.topic;
  return alias <= topicTable.length ? (aliasedTopic(claimId, alias) ?? '') : '';
}
