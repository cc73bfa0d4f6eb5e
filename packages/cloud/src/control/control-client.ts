// Asks the running Cloud over its private socket.

import { request } from 'node:http';
import { cloudFolder } from '../config/data-folder.ts';
import { shortSocketAddress } from './control-socket.ts';

export interface ControlAnswer {
  status: number;
  contentType: string;
  body: Buffer;
}

/** No Cloud answers. The message is one sentence with the remedy; the exit code is 1. */
export class NoCloud extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NoCloud';
  }
}

/** The relay's own deadline is shorter: this one only ends a wait for a Cloud that hangs. */
const timeoutMs = 30_000;

/** Throws NoCloud. */
export async function askCloud(dataFolder: string, command: string, body: object): Promise<ControlAnswer> {
  const socketFile = cloudFolder(dataFolder).controlSocket;
  let socket: { address: string; release: () => void };
  try {
    socket = shortSocketAddress(socketFile);
  } catch (cause) {
    throw new NoCloud(whyNot(cause, dataFolder), { cause });
  }
  try {
    return await new Promise((resolve, reject) => {
      // A connection of its own: a kept one may lead to a Cloud that is gone.
      const asked = request(
        { agent: false, socketPath: socket.address, method: 'POST', path: `/${command}`, timeout: timeoutMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              contentType: response.headers['content-type'] ?? '',
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      asked.on('timeout', () => asked.destroy(new Error('the Cloud does not answer')));
      asked.on('error', (cause) => reject(new NoCloud(whyNot(cause, dataFolder), { cause })));
      asked.end(JSON.stringify(body));
    });
  } finally {
    socket.release();
  }
}

function whyNot(cause: unknown, dataFolder: string): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') {
    return `This user may not talk to the Cloud of ${dataFolder}; run the command as the user that runs the Cloud.`;
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') {
    return `No Cloud is running on ${dataFolder}; start one with claimstead serve --data ${dataFolder}, or give the right folder with --data.`;
  }
  return `The Cloud of ${dataFolder} does not answer (${cause instanceof Error ? cause.message : 'unknown reason'}); look into its log.`;
}
