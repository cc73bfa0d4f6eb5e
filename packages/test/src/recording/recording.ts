// Sessions of agents with the Cloud, as they went over the wire. Reading order: recording.ts (this: what is kept, and how it is read),
// recorder.ts (how it is taken), made-up.ts (what must not be kept), link-script.ts and replayed-agent.ts (how it is played again).

import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';

export type Side = 'agent' | 'cloud';

/** One thing that went over the wire, in the order in which the relay saw it. */
export type RecordedEvent = {
  /** Milliseconds since the recording began. */
  at: number;
  /** Connections are counted from 1. */
  connection: number;
  from: Side;
} & (
  | { kind: 'http'; bytes: Buffer }
  /** One WebSocket frame: its opcode, and its payload without the mask. */
  | { kind: 'frame'; opcode: number; bytes: Buffer }
  /** The side closed its half, or the connection broke. */
  | { kind: 'end' }
);

export type HttpEvent = RecordedEvent & { kind: 'http' };
export type FrameEvent = RecordedEvent & { kind: 'frame' };

export interface RecordingHead {
  /** Which program, such as `netdata v2.9.0`. */
  agent: string;
  /** What happens in it, in words. */
  what: string;
  /** `YYYY-MM-DD`. */
  recorded: string;
}

export interface Recording extends RecordingHead {
  events: RecordedEvent[];
}

const formatVersion = 1;

/** The text of packages/wire/vectors/README.md: one JSON object a line. */
export function encodeRecording({ events, ...head }: Recording): string {
  const lines = [JSON.stringify({ recording: formatVersion, ...head })];
  for (const event of events) {
    const { at, connection, from } = event;
    const rest =
      event.kind === 'http'
        ? { http: event.bytes.toString('latin1') }
        : event.kind === 'frame'
          ? { frame: event.opcode, bytes: event.bytes.toString('base64') }
          : { end: true };
    lines.push(JSON.stringify({ at, connection, from, ...rest }));
  }
  return `${lines.join('\n')}\n`;
}

/** Throws an Error that names the line when the text is not one. */
export function decodeRecording(text: string): Recording {
  const [first = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const head = JSON.parse(first) as RecordingHead & { recording: number };
  if (head.recording !== formatVersion) throw new Error(`a recording of format ${head.recording}`);
  return {
    agent: head.agent,
    what: head.what,
    recorded: head.recorded,
    events: lines.map((line, index) => {
      const { at, connection, from, http, frame, bytes, end } = JSON.parse(line) as Record<string, unknown>;
      const where = { at: Number(at), connection: Number(connection), from: from as Side };
      if (typeof http === 'string') return { ...where, kind: 'http', bytes: Buffer.from(http, 'latin1') };
      if (typeof frame === 'number')
        return { ...where, kind: 'frame', opcode: frame, bytes: Buffer.from(String(bytes), 'base64') };
      if (end === true) return { ...where, kind: 'end' };
      throw new Error(`line ${index + 2} of the recording is nothing that is recorded`);
    }),
  };
}

export const saveRecording = (path: string, recording: Recording): Promise<void> =>
  // The newest seconds of a zip header would make two equal recordings differ; zlib writes none.
  writeFile(path, gzipSync(encodeRecording(recording), { level: 9 }));

export const loadRecording = async (path: string): Promise<Recording> =>
  decodeRecording(gunzipSync(await readFile(path)).toString('utf8'));
