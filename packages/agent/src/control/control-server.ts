// The daemon's side of the private socket: who may write to it may claim, unclaim and stop the agent, so only owner and group may.

import { chmod, lstat, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { getuid } from 'node:process';
import { systemAccounts, userWords } from '../config/account.ts';
import { makeFolders } from '../config/make-folders.ts';
import type { Log } from '../log.ts';
import { ask } from './control-client.ts';
import { formatReply, maxRequestBytes, parseRequest, type ControlReply } from './reply.ts';
import { shortPath } from './short-path.ts';

/**
 * A command of the socket: what stands after its name goes in, as words and, for what may hold blanks, as it came. Throwing is a failure
 * with the error's message.
 */
export type ControlCommand = (args: readonly string[], text: string) => Promise<ControlReply>;

export interface Control {
  /** Takes no more commands, lets running ones answer, removes the socket. */
  close(): Promise<void>;
}

export interface ControlOptions {
  path: string;
  commands: Readonly<Record<string, ControlCommand>>;
  log: Log;
  /** How long a client may take to write its request, in ms. A command itself may take longer. */
  requestDeadlineMs: number;
}

/** The socket cannot be had. `alreadyRunning`: a living agent answers on it. The message is one sentence with path, cause, remedy. */
export class ControlError extends Error {
  readonly alreadyRunning: boolean;
  constructor(message: string, alreadyRunning: boolean) {
    super(message);
    this.alreadyRunning = alreadyRunning;
  }
}

const pingDeadlineMs = 2_000;
/** Requests that are open at once; a person types one. */
const maxClients = 32;

/** Listens on `path`. A socket that a dead agent left is replaced. Throws ControlError. */
export async function startControl({ path, commands, log, requestDeadlineMs }: ControlOptions): Promise<Control> {
  await makeRoom(path);
  const server = createServer({ allowHalfOpen: true }, (client) => {
    serve(client, commands, requestDeadlineMs).catch((error: unknown) => {
      client.destroy();
      log.error(
        'MAIN',
        `A command of the control socket failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  });
  server.maxConnections = maxClients;
  const short = await shortPath(path);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(short.path, resolve);
    });
    await chmod(path, 0o660);
  } catch (error) {
    server.close();
    await short.release();
    throw cannotListen(path, error);
  }
  server.on('error', (error) => log.error('MAIN', `The control socket ${path} failed: ${error.message}`));
  return {
    close: async () => {
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await short.release();
    },
  };
}

async function serve(client: Socket, commands: ControlOptions['commands'], requestDeadlineMs: number): Promise<void> {
  // A client that goes away while it is answered is its own loss.
  client.on('error', () => client.destroy());
  const request = await readRequest(client, requestDeadlineMs);
  if (request === undefined) return;
  const { name, args, text } = parseRequest(request);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  let reply: ControlReply;
  if (Buffer.byteLength(request) > maxRequestBytes) {
    reply = { code: 1, text: `The command is longer than ${maxRequestBytes} bytes.` };
  } else if (command === undefined) {
    const known = Object.keys(commands).join(', ');
    reply = {
      code: 1,
      text: `There is no command "${name.slice(0, 60)}". There are: ${known}; "netdatacli help" tells about them.`,
    };
  } else {
    reply = await command(args, text).catch((error: unknown) => ({
      code: 1,
      text: error instanceof Error ? error.message : String(error),
    }));
  }
  client.end(formatReply(reply));
  // One that goes on writing is not waited for, however little it writes.
  const deadline = setTimeout(() => client.destroy(), requestDeadlineMs);
  client.once('close', () => clearTimeout(deadline));
}

/** The request up to the end of writing, at most one byte more than allowed; undefined when the client is too slow or went away. */
function readRequest(client: Socket, deadlineMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (request: string | undefined): void => {
      clearTimeout(deadline);
      client.off('data', take);
      resolve(request);
      // What comes after a request that is too long is read and dropped, so that the answer still arrives.
      client.resume();
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxRequestBytes)
        finish(
          Buffer.concat(chunks)
            .subarray(0, maxRequestBytes + 1)
            .toString('latin1'),
        );
    };
    const deadline = setTimeout(() => {
      client.destroy();
      finish(undefined);
    }, deadlineMs);
    client.on('data', take);
    client.once('end', () => finish(Buffer.concat(chunks).toString('utf8')));
    client.once('close', () => finish(undefined));
  });
}

/** Makes the folder, removes a socket that nobody listens on, and names what must not be removed. */
async function makeRoom(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    makeFolders(folder, 0o750);
  } catch (error) {
    throw cannotListen(path, error);
  }
  const known = await lstat(path).catch(() => undefined);
  if (known === undefined) return;
  if (!known.isSocket())
    throw new ControlError(`${path} is not a socket; move it away, the agent needs that name.`, false);
  const uid = getuid?.();
  if (uid !== 0 && known.uid !== uid) {
    const [theirs, ours] = await Promise.all([known.uid, uid ?? -1].map((one) => userWords(systemAccounts, one)));
    const sentence = `The socket ${path} belongs to the user ${theirs}, not to the user ${ours} that starts the agent; stop that agent or remove the socket.`;
    throw new ControlError(sentence, false);
  }
  const answer = await ask(path, ['ping'], pingDeadlineMs);
  if (answer.outcome !== 'not-running') {
    throw new ControlError(
      `An agent is already running: it answers on ${path}. Stop it first, or give this one its own run directory.`,
      true,
    );
  }
  await rm(path, { force: true });
}

/** Removes the socket `path` when nobody listens on it. */
export async function removeDeadSocket(path: string): Promise<void> {
  const known = await lstat(path).catch(() => undefined);
  if (known?.isSocket() === true && (await ask(path, ['ping'], pingDeadlineMs)).outcome === 'not-running')
    await rm(path, { force: true });
}

function cannotListen(path: string, error: unknown): ControlError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === 'EADDRINUSE') return new ControlError(`An agent is already running: it just took ${path}.`, true);
  return new ControlError(
    `Cannot make the control socket ${path} (${code}); check that the agent's user may write to that directory.`,
    false,
  );
}
