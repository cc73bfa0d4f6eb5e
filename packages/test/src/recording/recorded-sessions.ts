// Every recorded session of the repository.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness/programs.ts';
import { readLinkScript } from './link-script.ts';
import { loadRecording, type FrameEvent, type Recording } from './recording.ts';
import type { RecordedIds } from './fuzz-world.ts';
import type { AgentFrames } from './mutate.ts';

export interface NamedRecording extends Recording {
  name: string;
}

const folder = join(root, 'packages/wire/vectors');

export const recordedSessions = (): Promise<NamedRecording[]> =>
  Promise.all(
    readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl.gz'))
      .toSorted()
      .map(async (name) => ({ name, ...(await loadRecording(join(folder, name))) })),
  );

/** Each recorded link: whose it is, and the frames of its agent. */
export function linksIn({ events }: Recording): { ids: RecordedIds; frames: AgentFrames }[] {
  const claim = events.find((one) => one.kind === 'http' && /^PUT \S*\/spaces\/nodes\//.test(textOf(one.bytes)));
  const text = claim?.kind === 'http' ? claim.bytes.toString('latin1') : '';
  const claimId = (/\/spaces\/nodes\/([0-9a-f-]{36})/i.exec(text)?.[1] ?? '').toLowerCase();
  const machineGuid = (/"mGUID"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? claimId).toLowerCase();
  const connections = new Set(events.flatMap((one) => (one.kind === 'frame' ? [one.connection] : [])));
  return [...connections].map((connection) => {
    const frames = events.filter((one): one is FrameEvent => one.kind === 'frame' && one.connection === connection);
    const nodeId = readLinkScript(frames, claimId).nodeIds.get(machineGuid) ?? '';
    const said = frames.filter(({ from, opcode }) => from === 'agent' && opcode === 2);
    return { ids: { claimId, machineGuid, nodeId }, frames: said.map(({ bytes }) => bytes) };
  });
}

const textOf = (bytes: Buffer): string => bytes.toString('latin1', 0, 512);
