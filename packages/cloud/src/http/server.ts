// The Cloud's one port: API, pages and claims over HTTPS, and the upgrades to WebSocket that the gateway and the events socket take.
//
// An order that matters: before a body is read, a request has been let in by its route's permission.

import { CloudError } from '@claimstead/wire/errors';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Sessions, SignedIn } from '../account/session.ts';
import { actThrough } from '../audit/acting-token.ts';
import type { AddressOf } from '../limit/client-address.ts';
import { sourceNetwork } from '../limit/source-network.ts';
import type { Log } from '../log.ts';
import type { AccessWatch } from './access-watch.ts';
import type { ApiTokens } from '../api-token/api-token.ts';
import { authenticate, authenticateToken, bearerIn } from './authenticate.ts';
import { authorize, type AuthorizeParts } from './authorize.ts';
import { errorReply, logError } from './respond.ts';
import type { Listener } from './listener.ts';
import { openapiPath, registerOpenapi, schemaOf } from './openapi.ts';
import { checkRoute, defaultBodyBytes, isSpaceAction, route, type RouteEntry, type RouteReply } from './routes.ts';
import { agentHeaders } from './security-headers.ts';
import { isSameOrigin } from './same-origin.ts';
import { answerUnknown } from './unknown-address.ts';
import { refuseBytes, refuseSocket } from './refuse-socket.ts';
import type { StaticFiles } from './static-files.ts';

export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

export interface HttpServerParts {
  listener: Listener;
  routes: readonly RouteEntry[];
  sessions: Sessions;
  apiTokens: Pick<ApiTokens, 'bySecret'>;
  access: AuthorizeParts;
  accessWatch: AccessWatch;
  staticFiles: StaticFiles;
  /** On every answer. */
  headers: Readonly<Record<string, string>>;
  ownOrigins: ReadonlySet<string>;
  addressOf: AddressOf;
  drainMs: number;
  version: string;
  newRequestId: () => string;
  log: Log;
}

export interface HttpServer {
  /** Requests to upgrade at exactly this path (queries apart) go to `handler`; all others get 404. The handler owns the socket. */
  onUpgrade(path: string, handler: UpgradeHandler): void;
  /** From now on agents are told to come back soon; what runs may end. */
  beginStopping(): void;
  /** Takes no new connections, waits for running requests up to `drainMs`, closes the rest. Upgraded sockets are their handlers' to close. */
  close(): Promise<void>;
}

/** What is known of a request before its handler runs. */
interface RequestState {
  entry: RouteEntry | undefined;
  who: SignedIn | undefined;
}

export async function createHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  for (const entry of parts.routes) checkRoute(entry);
  const { server } = parts.listener;
  const upgrades = new Map<string, UpgradeHandler>();
  let stopping = false;
  let running = 0;
  let handleRequest: RequestListener | undefined;
  let whenIdle: (() => void) | undefined;

  const app = Fastify({
    serverFactory: (handler) => {
      handleRequest = handler;
      return server;
    },
    genReqId: parts.newRequestId,
    bodyLimit: defaultBodyBytes,
    // Connections are kept open, also while stopping: agents throw away an answer with `Connection: close`.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 4096, caseSensitive: true },
    clientErrorHandler: (error, socket) => refuseBytes(error, socket, parts.newRequestId()),
    frameworkErrors: (error, request, reply) => sendError(parts, stateOf(request), request, reply, error),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendError(parts, stateOf(request), request, reply, error));
  app.setNotFoundHandler((request, reply) => answerUnknown(parts.routes, parts.staticFiles, request, reply));
  app.addHook('onRequest', async (request, reply) => {
    const startedMs = performance.now();
    running++;
    reply.headers(isForAgents(request.url) ? agentHeaders : parts.headers);
    // Not the hook onResponse: it says nothing of requests whose other side went away.
    reply.raw.once('close', () => {
      logAccess(parts.log, request, reply, performance.now() - startedMs);
      if (--running === 0) whenIdle?.();
    });
  });
  await registerOpenapi(app, parts.version);
  await app.register(async (api) => {
    // JSON is all that the API takes: a form of another site's page can be sent as text.
    api.removeContentTypeParser('text/plain');
    for (const entry of [...parts.routes, openapiRoute(app)])
      if (entry.permission !== 'agent') addRoute(api, entry, parts, () => stopping);
  });
  await app.register(async (agents) => {
    // Agents send JSON labelled as a form, as JSON or not at all.
    agents.removeAllContentTypeParsers();
    agents.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    for (const entry of parts.routes) if (entry.permission === 'agent') addRoute(agents, entry, parts, () => stopping);
  });
  await app.ready();
  if (handleRequest === undefined) throw new Error('Fastify asked for no server');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const handler = stopping ? undefined : upgrades.get((request.url ?? '').split('?')[0] ?? '');
    // A TLS server's sockets are net.Sockets; the type is Duplex only because tests may emit others.
    if (handler !== undefined) handler(request, socket as Socket, head);
    else refuseSocket(socket, stopping ? 503 : 404, stopping ? 'stopping' : 'not-found', parts.newRequestId());
  });
  server.on('error', (error) => parts.log.error('server error', { error }));

  parts.listener.serve(handleRequest);

  return {
    onUpgrade: (path, handler) => void upgrades.set(path, handler),
    beginStopping: () => void (stopping = true),
    async close() {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (running > 0) await drained((resolve) => (whenIdle = resolve), parts.drainMs);
      server.closeAllConnections();
      await app.close();
      // Upgraded sockets count as connections of the server, yet belong to others: not waited for.
      if (upgrades.size === 0) await closed;
    },
  };
}

function drained(subscribe: (resolve: () => void) => void, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, afterMs);
    subscribe(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const states = new WeakMap<FastifyRequest, RequestState>();
const stateOf = (request: FastifyRequest): RequestState => states.get(request) ?? { entry: undefined, who: undefined };

function addRoute(app: FastifyInstance, entry: RouteEntry, parts: HttpServerParts, isStopping: () => boolean): void {
  app.route({
    method: entry.method,
    url: entry.path,
    schema: schemaOf(entry),
    bodyLimit: entry.bodyBytes,
    onRequest: async (request) => {
      const state: RequestState = { entry, who: undefined };
      states.set(request, state);
      state.who = await letIn(entry, request, parts, isStopping());
    },
    handler: async (request, reply) => {
      const isOfSpace = isSpaceAction(entry.permission);
      // Asked once more when the body is here: whoever holds it back must not keep what was taken from them meanwhile. [trust T22]
      const isAskedAgain = entry.permission !== 'public' && entry.permission !== 'agent' && entry.method !== 'GET';
      const who = isAskedAgain ? await letIn(entry, request, parts, false) : stateOf(request).who;
      const remoteAddress = parts.addressOf(request.raw);
      const gone = goneSignal(reply);
      const ask = (): Promise<RouteReply> =>
        entry.handle({
          who,
          params: request.params,
          query: request.query,
          body: entry.permission === 'agent' ? (request.body ?? '') : request.body,
          requestId: request.id,
          sourceNetwork: sourceNetwork(remoteAddress),
          remoteAddress,
          headers: request.headers,
          rawUrl: request.raw.url ?? '',
          signal: gone.signal,
        });
      const apiToken = who?.narrowedTo?.apiToken;
      const handle = (): Promise<RouteReply> => (apiToken === undefined ? ask() : actThrough(apiToken, ask));
      // A change that was let in is carried out and answered; what is read is not handed to who may not see it any more.
      const isCut = isOfSpace && entry.method === 'GET';
      const letInAgain = (): Promise<unknown> => letIn(entry, request, parts, false);
      const answer = await (isCut ? parts.accessWatch.during(letInAgain, () => gone.abort(), handle) : handle());
      const { onClosed } = answer;
      // Who asked may be gone already; then 'close' has been and does not come again.
      if (reply.raw.destroyed) onClosed?.();
      else if (onClosed !== undefined) reply.raw.once('close', onClosed);
      return send(reply, answer);
    },
  });
}

/** Everything of an agent lies below one path, also what does not exist. */
const isForAgents = (url: string): boolean => url.startsWith('/api/v1/');

/** Everything that is decided before a body is read. */
async function letIn(
  entry: RouteEntry,
  request: FastifyRequest,
  parts: HttpServerParts,
  stopping: boolean,
): Promise<SignedIn | undefined> {
  if (entry.permission === 'agent') {
    if (stopping) throw new CloudError('stopping');
    return undefined;
  }
  const bearer = entry.permission === 'public' ? undefined : bearerIn(request.headers.authorization);
  // No page makes a browser send a token that it does not know; a cookie is sent by itself.
  if (bearer === undefined && entry.method !== 'GET' && !isSameOrigin(request.headers, parts.ownOrigins))
    throw new CloudError('origin-refused');
  if (entry.permission === 'public') return undefined;
  // Where there is a token, the cookie counts for nothing, also when the token is none.
  const signedIn =
    bearer === undefined
      ? await authenticate(parts.sessions, request.headers.cookie)
      : await authenticateToken(parts.apiTokens, bearer);
  if (entry.permission === 'signed-in' || entry.permission === 'own-session') {
    // Outside its Space a token reads at most: what changes something there is the account's own.
    const isForTokens = entry.permission === 'signed-in' && entry.method === 'GET';
    if (signedIn.narrowedTo !== undefined && !isForTokens) throw new CloudError('api-token-not-enough');
    return signedIn;
  }
  const { spaceId, nodeId } = request.params as { spaceId?: string; nodeId?: string };
  return authorize(parts.access, signedIn, entry.permission, {
    ...(spaceId && { spaceId }),
    ...(nodeId && { nodeId }),
  });
}

function goneSignal(reply: FastifyReply): AbortController {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller;
}

function send(reply: FastifyReply, answer: RouteReply): FastifyReply {
  reply.status(answer.status);
  // A page that shows a token or a node must not come back from a cache after the sign-out.
  reply.header('cache-control', 'no-store');
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  if (typeof answer.body === 'string' && !reply.hasHeader('content-type')) reply.type('text/plain; charset=utf-8');
  return reply.send(answer.body);
}

function sendError(
  parts: HttpServerParts,
  state: RequestState,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): void {
  const isAgent = state.entry?.permission === 'agent' || (state.entry === undefined && isForAgents(request.url));
  const { kind, status, body } = errorReply(thrown, isAgent ? 'agent' : 'problem', request.id);
  logError(parts.log, thrown, kind, request.id, state.entry?.path ?? '(none)');
  reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

function openapiRoute(app: FastifyInstance): RouteEntry {
  return route({
    method: 'GET',
    path: openapiPath,
    permission: 'public',
    summary: 'This document.',
    // The body is text: it has no schema of its own.
    handle: async () => ({
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(app.swagger()),
    }),
  });
}

/** What machines ask for ever. */
const asked = new Set(['/healthz', '/readyz', '/metrics', '(none)']);

function logAccess(log: Log, request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
  const pattern = states.get(request)?.entry?.path ?? '(none)';
  const level = asked.has(pattern) ? 'debug' : 'info';
  log[level]('request', {
    requestId: request.id,
    method: request.method,
    route: pattern,
    status: reply.statusCode,
    durationMs: Math.round(durationMs * 10) / 10,
  });
}
