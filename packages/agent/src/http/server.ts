// The agent's own port: limits first, then the route table, then the files of the page.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Log } from '../log.ts';
import { isLoopback, namesThisAgent } from './host-header.ts';
import { refusal } from './reply.ts';
import { localPermissions, type AgentReply, type Route } from './route.ts';
import { answer } from './routes.ts';
import { StaticFiles } from './static-files.ts';

export interface ServerOptions {
  /** An address of this machine; `localhost` is 127.0.0.1, `*` is every address. */
  address: string;
  /** 0 = any free one. */
  port: number;
  routes: readonly Route[];
  /** Where the built page is; undefined = there is none. */
  staticDirectory: string | undefined;
  /** This machine's name, one of the names that a loopback address answers to. */
  hostname: string;
  /** False while the agent starts; it then answers 503. */
  isReady(): boolean;
  log: Log;
}

export interface ServerLimits {
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** How often the two above are checked. */
  checkingIntervalMs: number;
  /** A client that neither reads nor writes for this long is dropped. */
  idleTimeoutMs: number;
  headerBytes: number;
  urlBytes: number;
  connections: number;
  /** How long `close` waits for answers that are under way. */
  closeWithinMs: number;
}

/** Node's own defaults keep a thousand connections that send a byte now and then for over a minute; these do not. */
export const serverLimits: ServerLimits = {
  headersTimeoutMs: 8_000,
  requestTimeoutMs: 15_000,
  checkingIntervalMs: 1_000,
  idleTimeoutMs: 30_000,
  headerBytes: 8 * 1024,
  urlBytes: 4 * 1024,
  connections: 256,
  closeWithinMs: 2_000,
};

export interface RunningServer {
  /** What it listens on. */
  address: string;
  port: number;
  /** Takes no more connections; resolves when all are closed. */
  close(): Promise<void>;
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
};

/** Shorter bodies grow more by the headers than they shrink. */
const compressFromBytes = 1024;
const compress = promisify(gzip);

/**
 * Listens and answers.
 * @throws Error with one sentence (address, port, remedy) when it cannot listen.
 */
export async function startServer(options: ServerOptions, limits: ServerLimits = serverLimits): Promise<RunningServer> {
  const files = new StaticFiles(options.staticDirectory);
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkingIntervalMs,
      maxHeaderSize: limits.headerBytes,
    },
    (request, response) => {
      serve(request, response, options, limits, files).catch((error: unknown) => {
        options.log.error('WEB', `a request broke off: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
    },
  );
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleTimeoutMs);
  await listen(server, options);
  const { address, port } = server.address() as AddressInfo;
  return { address, port, close: () => close(server, limits.closeWithinMs) };
}

function listen(server: Server, { address, port }: ServerOptions): Promise<void> {
  // Without a host Node listens on every address, of both IP versions where the machine has both.
  const host = address === 'localhost' ? '127.0.0.1' : address === '*' ? undefined : address;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(address, port, error)));
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

const remedies: Record<string, string> = {
  EADDRINUSE: 'another program uses it; stop that program, or set another "default port" in [web] of netdata.conf',
  EACCES: 'this user may not use ports below 1024; set a higher "default port" in [web] of netdata.conf',
  EADDRNOTAVAIL: 'this machine has no such address; correct "bind to" in [web] of netdata.conf',
  ENOTFOUND: 'there is no such address; correct "bind to" in [web] of netdata.conf',
};

function cannotListen(address: string, port: number, cause: NodeJS.ErrnoException): Error {
  const reason = remedies[cause.code ?? ''] ?? cause.message;
  return new Error(`The agent cannot listen on ${address} port ${port}: ${reason}.`, { cause });
}

async function close(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearTimeout(timer);
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  limits: ServerLimits,
  files: StaticFiles,
): Promise<void> {
  const nobodyWaits = new AbortController();
  response.on('close', () => nobodyWaits.abort());
  const reply = await replyTo(request, options, limits, files, nobodyWaits.signal);
  if (!nobodyWaits.signal.aborted) await send(request, response, reply);
}

function replyTo(
  request: IncomingMessage,
  options: ServerOptions,
  limits: ServerLimits,
  files: StaticFiles,
  signal: AbortSignal,
): AgentReply | Promise<AgentReply> {
  const { method, url = '', headers } = request;
  if (isLoopback(options.address) && !namesThisAgent(headers.host, [options.hostname, options.address])) {
    return refusal(403, 'This agent answers to localhost and to the name of its machine only.');
  }
  if (method !== 'GET' && method !== 'HEAD')
    return refusal(405, 'This agent can be read, not changed: use GET or HEAD.');
  if (url.length > limits.urlBytes) return refusal(414, `The address is longer than ${limits.urlBytes} bytes.`);
  const [encodedPath, queryText] = splitOnce(url, '?');
  const path = decoded(encodedPath);
  if (path === undefined || !path.startsWith('/')) return refusal(400, 'The address is not a valid path.');
  if (!options.isReady()) return refusal(503, 'The agent is starting; ask again in a second.');
  if (!path.startsWith('/api/')) return files.answer(path);
  const asker = { source: 'local', permissions: localPermissions } as const;
  return answer(options.routes, { method, path, query: new URLSearchParams(queryText), signal, ...asker });
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

async function send(request: IncomingMessage, response: ServerResponse, reply: AgentReply): Promise<void> {
  let body = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(reply.body);
  response.setHeader('vary', 'accept-encoding');
  if (body.length > compressFromBytes && acceptsGzip(request.headers['accept-encoding'])) {
    body = await compress(body);
    response.setHeader('content-encoding', 'gzip');
  }
  const { status, contentType, headers = {} } = reply;
  for (const [name, value] of Object.entries({ ...securityHeaders, ...headers })) response.setHeader(name, value);
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', body.length);
  // What a refused client would still send is not waited for.
  if (request.method !== 'GET' && request.method !== 'HEAD') response.setHeader('connection', 'close');
  response.writeHead(status);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** `gzip` or `*` is offered and not refused with a weight of 0. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? '')
    .toLowerCase()
    .split(',');
  return offers.some((offer) => {
    const [coding = '', ...parameters] = offer.split(';').map((part) => part.trim());
    return (coding === 'gzip' || coding === '*') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
