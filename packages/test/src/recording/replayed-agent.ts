// A recorded agent against a Cloud: the bytes that it sent, in its frames, with a key, a token and ids of its own. It says what it said by
// itself when the Cloud has said what caused it, answers relayed requests as it did, and acknowledges in its own words.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { answerChallenge, readChallenge } from '@claimstead/wire/link/challenge';
import { decodeDownstream } from '@claimstead/wire/link/envelope';
import { decodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import type { Packet } from '@claimstead/wire/mqtt/packet';
import { replaceAll } from './made-up.ts';
import { lastSegment, payloadOf } from './mqtt-bytes.ts';
import { isLike, readLinkScript, type LinkScript, type Step } from './link-script.ts';
import { openSpokenLink, speakHttp, type SpokenLink, type Target } from './speak.ts';
import type { FrameEvent, HttpEvent, Recording } from './recording.ts';

export interface ReplayedAgent {
  /** Recorded id → the one that it has now: claim id, machine GUIDs, and the node ids that the Cloud has given. */
  readonly ids: ReadonlyMap<string, string>;
  readonly claimId: string;
  readonly machineGuid: string;
  /** How many links the recording has. */
  readonly links: number;
  /** Sends the recorded claim with this token; answers the status. */
  claim(token: string): Promise<number>;
  /** Opens the recorded link number `index`, from 0, with environment, challenge and password, as recorded. */
  connect(index?: number): Promise<ReplayedLink>;
}

export interface ReplayedLink {
  readonly script: LinkScript;
  /** Everything that the Cloud has sent. */
  readonly packets: readonly Packet[];
  /** Targets of relayed requests that the recording has no answer for. */
  readonly unanswered: readonly string[];
  /** Resolves when all was said; rejects, with what was waited for, when the link ends before. */
  readonly said: Promise<void>;
  /** What is still to be said, and what it waits for: for the words of a test that waits in vain. */
  waiting(): string;
  /** Says farewell as it did and closes. */
  leave(): Promise<void>;
  /** Breaks the connection without a word. */
  cut(): void;
  readonly closed: Promise<void>;
}

interface Credentials {
  clientID: string;
  username: string;
  password: string;
}

export function replayAgent(recording: Recording, target: Target): ReplayedAgent {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const http = httpOf(recording);
  const claims = http.filter(({ bytes }) => isRequest(bytes, /^PUT \S*\/api\/v1\/spaces\/nodes\//));
  // An agent that tries again takes a new claim id; the last one is the one that was accepted.
  const claim = claims.at(-1)?.bytes;
  if (claim === undefined) throw new Error('the recording has no claim');
  const recorded = claim.toString('latin1');
  const claimId = valueOf(recorded, /\/spaces\/nodes\/([0-9a-f-]{36})/i).toLowerCase();
  const machineGuid = /"mGUID"\s*:\s*"([^"]+)"/.exec(recorded)?.[1] ?? claimId;
  const ids = new Map([[claimId, randomUUID() as string]]);
  if (!ids.has(machineGuid)) ids.set(machineGuid, randomUUID());
  const own = (bytes: Buffer): Buffer => replaceAll(bytes, ids);
  const links = linksOf(recording);

  const handshake = async (index: number): Promise<Credentials> => {
    const asked = (pattern: RegExp): Buffer => {
      const found = http
        .filter(({ bytes, connection }) => isRequest(bytes, pattern) && connection <= (links[index]?.connection ?? 0))
        .at(-1);
      if (found === undefined) throw new Error(`the recording has no request like ${pattern}`);
      return own(found.bytes);
    };
    const ok = async (request: Buffer, status: number): Promise<unknown> => {
      const answer = await speakHttp(target, request);
      if (answer.status !== status)
        throw new Error(`${request.toString('latin1').split('\r\n')[0]}: ${answer.status} ${answer.body}`);
      return JSON.parse(answer.body);
    };
    await ok(asked(/^GET \/api\/v1\/env\?/), 200);
    const challenge = readChallenge(await ok(asked(/^GET \S+\/challenge /), 200));
    const request = withValue(asked(/^POST \S+\/password /), 'response', answerChallenge(privateKey, challenge));
    return (await ok(request, 201)) as Credentials;
  };

  return {
    ids,
    claimId: ids.get(claimId) ?? '',
    machineGuid: ids.get(machineGuid) ?? '',
    links: links.length,
    async claim(token) {
      const lines = publicKey.export({ type: 'spki', format: 'pem' }).toString().trim().split('\n');
      const recordedLines = valueOf(recorded, /"publicKey"\s*:\s*"([^"]+)"/)
        .split('\\n')
        .filter((line) => line !== '');
      const key = new Map(recordedLines.map((line, index) => [line, lines[index] ?? '']));
      const answer = await speakHttp(target, withValue(replaceAll(own(claim), key), 'token', token));
      return answer.status;
    },
    async connect(index = 0) {
      const recordedLink = links[index];
      if (recordedLink === undefined) throw new Error(`the recording has no link number ${index}`);
      const credentials = await handshake(index);
      const script = readLinkScript(recordedLink.frames, claimId);
      for (const guid of script.nodeIds.keys()) if (!ids.has(guid)) ids.set(guid, randomUUID());
      const link = await openSpokenLink(target, own(recordedLink.upgrade), script.protocolVersion);
      const recordedPassword = passwordOf(script.steps[0]);
      return play(script, link, ids, new Map([[recordedPassword, credentials.password]]));
    },
  };
}

/** A step that names a node waits until the Cloud has given it its id: before, its bytes cannot be written. */
function play(
  script: LinkScript,
  link: SpokenLink,
  ids: Map<string, string>,
  secrets: ReadonlyMap<string, string>,
): ReplayedLink {
  const packets: Packet[] = [];
  const unanswered: string[] = [];
  const heard: { name: string; about: string | undefined }[] = [];
  const given = new Map(script.nodeIds);
  const nodeOfGuid = (guid: string): string | undefined =>
    [...given].find(([recordedGuid]) => ids.get(recordedGuid) === guid)?.[1];
  const own = (bytes: Buffer): Buffer => replaceAll(bytes, new Map([...ids, ...secrets]));
  const send = framesOf(link);
  const say = (step: Step, following: Step | undefined): void =>
    send(cutLike(step.pieces, own(Buffer.concat(step.pieces))), following?.joined ?? false);
  let connected = false;
  let next = 0;
  let done: () => void = () => undefined;
  let fail: (cause: Error) => void = () => undefined;
  const said = new Promise<void>((resolve, reject) => ([done, fail] = [resolve, reject]));
  // Whoever does not wait for it is not told.
  said.catch(() => undefined);

  const isReady = (step: Step): boolean => {
    if (step.packet.cmd !== 'connect' && !connected) return false;
    const nameless = [...given.values()].some(
      (node) => !ids.has(node) && step.pieces.some((piece) => piece.includes(node)),
    );
    const caused = step.waitsFor.every(({ name, about }) =>
      heard.some((one) => one.name === name && (about === undefined || one.about === (ids.get(about) ?? about))),
    );
    return !nameless && caused;
  };
  const sayWhatIsReady = (): void => {
    for (; next < script.steps.length; next++) {
      const step = script.steps[next];
      if (step === undefined || !isReady(step)) break;
      const following = script.steps[next + 1];
      say(step, following !== undefined && isReady(following) ? following : undefined);
    }
    if (next === script.steps.length) done();
  };
  const hear = (packet: Packet): void => {
    packets.push(packet);
    if (packet.cmd === 'connack') connected = (packet.reasonCode ?? packet.returnCode) === 0;
    if (packet.cmd === 'publish') {
      const name = lastSegment(packet.topic);
      if (packet.messageId !== undefined) link.send(acknowledge(script, packet.messageId));
      if (name === 'cmd') return answer(payloadOf(packet));
      const decoded = decodeDownstream(name, payloadOf(packet));
      if (decoded.outcome === 'message') {
        const { nodeId, machineGuid } = decoded.message.message as { nodeId?: string; machineGuid?: string };
        const recordedNode = machineGuid === undefined ? undefined : nodeOfGuid(machineGuid);
        if (recordedNode !== undefined && nodeId !== undefined) ids.set(recordedNode, nodeId);
        heard.push({ name, about: nodeId ?? machineGuid });
      }
    }
    sayWhatIsReady();
    return undefined;
  };
  const answer = (payload: Buffer): void => {
    const request = decodeLinkRequest(payload);
    if (request === undefined) return;
    const recordedTarget = asRecorded(request.target, ids);
    const found =
      script.answers.find((one) => one.target === recordedTarget) ??
      script.answers.find((one) => isLike(one.target, recordedTarget));
    if (found === undefined) return void unanswered.push(recordedTarget);
    const withId = new Map([[found.messageId, request.messageId]]);
    return send(cutLike(found.pieces, replaceAll(own(Buffer.concat(found.pieces)), withId)), false);
  };
  link.onPacket(hear);
  void link.closed.then(() => fail(new Error(`the link ended before all was said: ${waiting()}`)));
  const waiting = (): string => {
    const step = script.steps[next];
    if (step === undefined) return 'nothing';
    return `${step.message ?? step.packet.cmd} (${next} of ${script.steps.length}) waits for ${JSON.stringify(step.waitsFor)}`;
  };
  sayWhatIsReady();
  return {
    script,
    packets,
    unanswered,
    said,
    waiting,
    async leave() {
      script.farewell.forEach((step, index) => say(step, script.farewell[index + 1]));
      link.end();
      await link.closed;
    },
    cut: () => link.cut(),
    closed: link.closed,
  };
}

/** What stood in one frame goes in one frame. */
function framesOf(link: SpokenLink): (pieces: readonly Buffer[], goesOn: boolean) => void {
  let begun = Buffer.alloc(0);
  return (pieces, goesOn) => {
    pieces.forEach((piece, index) => {
      begun = Buffer.concat([begun, piece]);
      if (index === pieces.length - 1 && goesOn) return;
      link.send(begun);
      begun = Buffer.alloc(0);
    });
  };
}

function cutLike(pieces: readonly Buffer[], whole: Buffer): Buffer[] {
  let at = 0;
  return pieces.map(({ length }) => whole.subarray(at, (at += length)));
}

/** In the words of the recorded agent, which may be longer than they must. */
function acknowledge({ acknowledgement }: LinkScript, messageId: number): Buffer {
  const bytes = Buffer.from(acknowledgement ?? Buffer.from([0x40, 2, 0, 0]));
  bytes.writeUInt16BE(messageId, 2);
  return bytes;
}

const isRequest = (bytes: Buffer, pattern: RegExp): boolean => pattern.test(bytes.toString('latin1', 0, 2048));

function valueOf(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`the recording has nothing like ${pattern}`);
  return found;
}

function asRecorded(target: string, ids: ReadonlyMap<string, string>): string {
  let text = target;
  for (const [recorded, now] of ids) text = text.replaceAll(now, recorded);
  return text;
}

/** The message with another value of a text in its JSON; its length is told anew. */
function withValue(request: Buffer, key: string, value: string): Buffer {
  const text = request
    .toString('latin1')
    .replace(new RegExp(`("${key}"\\s*:\\s*")[^"]*(")`), (_, before: string, after: string) => before + value + after);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return Buffer.from(text.replace(/^(content-length: *)\d+$/im, `$1${body.length}`), 'latin1');
}

function passwordOf(step: Step | undefined): string {
  if (step?.packet.cmd !== 'connect') throw new Error('the recorded link does not begin with CONNECT');
  return String(step.packet.password);
}

const httpOf = ({ events }: Recording): HttpEvent[] =>
  events.filter((event): event is HttpEvent => event.kind === 'http' && event.from === 'agent');

/** Connections that became links, oldest first. */
function linksOf(recording: Recording): { connection: number; upgrade: Buffer; frames: FrameEvent[] }[] {
  const upgrades = httpOf(recording).filter(({ bytes }) => isRequest(bytes, /^GET \/mqtt /));
  return upgrades.flatMap(({ connection, bytes: upgrade }) => {
    const frames = recording.events.filter(
      (one): one is FrameEvent => one.connection === connection && one.kind === 'frame',
    );
    return frames.length > 0 ? [{ connection, upgrade, frames }] : [];
  });
}
