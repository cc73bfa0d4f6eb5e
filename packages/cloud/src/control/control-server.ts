// Serves the private socket.

import { CloudError, errorRow } from '@claimstead/wire/errors';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { asCloudError, errorReply } from '../http/respond.ts';
import type { Log } from '../log.ts';
import { mostRowsAnswered } from './audit-commands.ts';
import type { ControlCommands } from './control-commands.ts';
import { shortSocketAddress } from './control-socket.ts';

export interface ControlServer {
  close(): Promise<void>;
}

/** Id or name of a Space; null = the first one, or all of them. */
const SpaceText = z.string().min(1).max(128).nullable();
const TokenRequest = z.strictObject({
  space: SpaceText,
  rooms: z.array(z.string().max(128)).max(50),
  lifetimeMs: z
    .int()
    .min(1000)
    .max(365 * 24 * 3600 * 1000)
    .nullable(),
  uses: z.int().min(1).max(1_000_000).nullable(),
});
const TokenRevokeRequest = z.strictObject({ tokenId: z.string().min(1).max(64) });
const OfSpace = z.strictObject({ space: SpaceText });
const AuditRequest = z.strictObject({
  space: SpaceText,
  kind: z.string().min(1).max(64).optional(),
  account: z.string().min(1).max(254).optional(),
  nodeId: z.uuid().optional(),
  fromMs: z.int().optional(),
  untilMs: z.int().optional(),
  before: z.int().optional(),
  after: z.int().optional(),
  most: z.int().min(1).max(mostRowsAnswered).default(mostRowsAnswered),
});
const SpaceCreateRequest = z.strictObject({ name: z.string().max(1024) });
const RoomCreateRequest = z.strictObject({ name: z.string().max(1024), space: SpaceText });
const ResetPasswordRequest = z.strictObject({ email: z.string().min(1).max(254), secondFactorOff: z.boolean() });
const ChangeEmailRequest = z.strictObject({ email: z.string().max(1024), newEmail: z.string().max(1024) });
const QueryRequest = z.strictObject({ node: z.string().min(1).max(255), target: z.string().min(1).max(8192) });

const maxBodyBytes = 64 * 1024;

interface Answer {
  status: number;
  contentType: string;
  body: string | Buffer;
}

const json = (value: unknown): Answer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(value),
});

/** Every request is `POST /NAME` with a JSON object. */
export async function startControl(parts: {
  socketFile: string;
  commands: ControlCommands;
  log: Log;
}): Promise<ControlServer> {
  const { socketFile, commands, log } = parts;
  const answers: Readonly<Record<string, (body: unknown, signal: AbortSignal) => Promise<Answer>>> = {
    '/token': async (body) => json(await commands.token(TokenRequest.parse(body))),
    '/token-list': async (body) => json(await commands.tokenList(OfSpace.parse(body))),
    '/token-revoke': async (body) => json(await commands.tokenRevoke(TokenRevokeRequest.parse(body))),
    '/space-create': async (body) => json(await commands.spaceCreate(SpaceCreateRequest.parse(body))),
    '/space-list': async () => json(await commands.spaceList()),
    '/room-create': async (body) => json(await commands.roomCreate(RoomCreateRequest.parse(body))),
    '/room-list': async (body) => json(await commands.roomList(OfSpace.parse(body))),
    '/audit': async (body) => json(await commands.audit(AuditRequest.parse(body))),
    '/account-list': async () => json(await commands.accountList()),
    '/after-restore': async () => json(await commands.afterRestore()),
    '/nodes': async () => json(await commands.nodes()),
    '/ca': async () => json({ pem: commands.ca() }),
    '/doctor-script': async () => json({ script: commands.doctorScript() }),
    '/sign-in': async () => json(await commands.signIn()),
    '/reset-password': async (body) => json(await commands.resetPassword(ResetPasswordRequest.parse(body))),
    '/change-email': async (body) => json(await commands.changeEmail(ChangeEmailRequest.parse(body))),
    '/query': async (body, signal) => {
      const { node, target } = QueryRequest.parse(body);
      const { status, contentType, body: answer } = await commands.query(node, target, signal);
      return { status, contentType, body: answer };
    },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const controller = new AbortController();
    response.once('close', () => controller.abort());
    let result: Answer;
    try {
      const run = request.method === 'POST' ? answers[request.url ?? ''] : undefined;
      if (run === undefined)
        throw new CloudError('not-found', {
          detail: 'The running Cloud does not know this command; it may be of another version.',
        });
      result = await run(await readBody(request), controller.signal);
    } catch (thrown) {
      const refusal =
        thrown instanceof z.ZodError ? new CloudError('invalid-request', { cause: thrown }) : asCloudError(thrown);
      if (errorRow(refusal.kind).level === 'error') log.error('private socket', { error: refusal.cause ?? refusal });
      const { status, body } = errorReply(refusal, 'problem', 'control');
      result = { status, contentType: 'application/problem+json', body: JSON.stringify(body) };
    }
    response.writeHead(result.status, {
      'content-type': result.contentType,
      'content-length': Buffer.byteLength(result.body),
    });
    response.end(result.body);
  };

  const server = createServer((request, response) => void answer(request, response));
  const { address, release } = shortSocketAddress(socketFile);
  // The instance lock is held: a socket that lies here is one that a killed Cloud left.
  rmSync(socketFile, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  chmodSync(socketFile, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          release();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new CloudError('request-too-large');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new CloudError('invalid-request', { cause });
  }
}
