// The programs' side of the private socket.

import { connect } from 'node:net';
import { formatRequest, maxReplyBytes, parseReply, type ControlReply } from './reply.ts';
import { shortPath } from './short-path.ts';

export type ControlAnswer =
  | ({ outcome: 'answered'; stream: 'stdout' | 'stderr' } & ControlReply)
  /** `sentence`: cause and remedy. */
  | { outcome: 'not-running' | 'not-permitted' | 'no-answer'; sentence: string };

/** Sends one command to the agent behind `path` and reads its reply. Never throws. */
export async function ask(path: string, words: readonly string[], deadlineMs: number): Promise<ControlAnswer> {
  let short: Awaited<ReturnType<typeof shortPath>>;
  try {
    short = await shortPath(path);
  } catch (error) {
    return failure(path, error);
  }
  try {
    return await talk(path, short.path, words, deadlineMs);
  } finally {
    await short.release();
  }
}

function talk(name: string, path: string, words: readonly string[], deadlineMs: number): Promise<ControlAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect({ path, allowHalfOpen: true });
    const finish = (answer: ControlAnswer): void => {
      clearTimeout(deadline);
      resolve(answer);
      socket.destroy();
    };
    const noAnswer = (why: string): void => {
      finish({ outcome: 'no-answer', sentence: `The agent ${why} on ${name}; look into its error.log.` });
    };
    const deadline = setTimeout(() => noAnswer(`did not answer within ${deadlineMs / 1000} s`), deadlineMs);
    socket.once('connect', () => socket.end(formatRequest(words)));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxReplyBytes) noAnswer('answered more than can be read');
    });
    socket.once('end', () => {
      const reply = parseReply(Buffer.concat(chunks).toString('utf8'));
      if (reply === undefined) noAnswer('hung up without a valid answer');
      else finish({ outcome: 'answered', ...reply });
    });
    socket.once('error', (error) => finish(failure(name, error)));
  });
}

function failure(path: string, error: unknown): ControlAnswer {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') {
    return {
      outcome: 'not-running',
      sentence: `No agent answers on ${path}; make sure that the netdata service is running.`,
    };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      outcome: 'not-permitted',
      sentence: `You may not talk to the agent on ${path}; use sudo, or the user that runs netdata.`,
    };
  }
  return { outcome: 'no-answer', sentence: `The connection to the agent on ${path} failed (${code}); try again.` };
}
