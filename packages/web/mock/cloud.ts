// A small Cloud for working on the pages without the real one: plain HTTP on loopback, everything in memory, answers typed by
// the wire's schemas. Start: node mock/run.mjs serve [fresh|busy|quiet]. It knows only what the pages ask; the rest is not-found.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { ClaimCommandCreate, type ClaimCommandView } from '@claimstead/wire/cloud-api/claim-commands';
import { NodeRooms, type NodeView } from '@claimstead/wire/cloud-api/nodes';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { minimumPasswordCharacters, PasswordChange, SignInRequest } from '@claimstead/wire/cloud-api/session';
import { RoomCreate, SpaceRename } from '@claimstead/wire/cloud-api/spaces';
import { CloudError, errorRow, type ErrorKind } from '@claimstead/wire/errors';
import { serveEvents } from './events.ts';
import { agentAnswer, alertDefinition, alertsOf, factsOf, type MockAnswer } from './node-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { tell, type World } from './world.ts';

type Handler = (match: RegExpMatchArray, body: unknown, request: IncomingMessage, response: ServerResponse) => unknown;

const cookieName = 'mock-session';
const csp = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";
const nowSecond = (): number => Math.floor(Date.now() / 1000);
const startSecond = nowSecond() - 2 * 3600;

const sessionOf = (request: IncomingMessage): string | null =>
  new RegExp(`${cookieName}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1] ?? null;

function routes(world: World): [method: string, path: RegExp, handler: Handler][] {
  const countIn = (roomId: string): number =>
    [...world.nodes.values()].filter(({ rooms }) => rooms.some(({ id }) => id === roomId)).length;
  const spaceView = () => ({ ...world.space, nodeCount: world.nodes.size });
  const roomViews = () =>
    world.rooms.map((room) => ({ ...room, nodeCount: room.holdsAllNodes ? world.nodes.size : countIn(room.id) }));
  const nodeOf = (id: string | undefined): NodeView => world.nodes.get(id ?? '') ?? fail('not-found');
  const roomOf = (id: string | undefined) => world.rooms.find((room) => room.id === id) ?? fail('not-found');
  const sessionView = () => ({
    account: {
      id: '00000000-0000-4000-8000-000000000002',
      email: world.email,
      name: 'Administrator',
      passwordIsInitial: world.passwordIsInitial,
    },
    expiresAt: new Date(Date.now() + 8 * 3600_000).toISOString(),
  });
  return [
    [
      'POST',
      /^\/session$/,
      (_, body, _request, response) => {
        const asked = SignInRequest.parse(body);
        if (!('email' in asked) || asked.email !== world.email || asked.password !== world.password)
          fail('sign-in-refused');
        const id = `s${world.signedIn.size + 1}-${Date.now()}`;
        world.signedIn.add(id);
        response.setHeader('set-cookie', `${cookieName}=${id}; HttpOnly; SameSite=Lax; Path=/`);
        return sessionView();
      },
    ],
    ['GET', /^\/session$/, () => sessionView()],
    ['DELETE', /^\/session$/, (_, __, request) => void world.signedIn.delete(sessionOf(request) ?? '')],
    [
      'PUT',
      /^\/account\/password$/,
      (_, body) => {
        const { currentPassword, newPassword } = PasswordChange.parse(body);
        if (currentPassword !== world.password) fail('sign-in-refused');
        if (newPassword.length < minimumPasswordCharacters) fail('password-too-weak');
        Object.assign(world, { password: newPassword, passwordIsInitial: false });
      },
    ],
    ['GET', /^\/spaces$/, () => ({ spaces: [spaceView()] })],
    [
      'PATCH',
      /^\/spaces\/[^/]+$/,
      (_, body) => {
        Object.assign(world.space, { name: SpaceRename.parse(body).name, namedAt: new Date().toISOString() });
        return spaceView();
      },
    ],
    ['GET', /^\/spaces\/[^/]+\/rooms$/, () => ({ rooms: roomViews() })],
    [
      'POST',
      /^\/spaces\/[^/]+\/rooms$/,
      (_, body) => {
        const { name } = RoomCreate.parse(body);
        if (world.rooms.some((room) => room.name === name)) fail('name-taken');
        const room = {
          id: `00000000-0000-4000-8000-${String(Date.now()).slice(-12)}`,
          slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
          name,
          holdsAllNodes: false,
        };
        world.rooms.push(room);
        return { ...room, nodeCount: 0 };
      },
    ],
    ['PATCH', /^\/spaces\/[^/]+\/rooms\/([^/]+)$/, ([, id], body) => Object.assign(roomOf(id), RoomCreate.parse(body))],
    [
      'DELETE',
      /^\/spaces\/[^/]+\/rooms\/([^/]+)$/,
      ([, id]) => {
        world.rooms.splice(world.rooms.indexOf(roomOf(id)), 1);
        for (const node of world.nodes.values())
          if (node.rooms.some((room) => room.id === id))
            tell(world, { ...node, rooms: node.rooms.filter((room) => room.id !== id) });
      },
    ],
    ...peopleRoutes(world),
    ['GET', /^\/spaces\/[^/]+\/nodes$/, () => ({ nodes: [...world.nodes.values()], next: null })],
    [
      'POST',
      /^\/spaces\/[^/]+\/claim-commands$/,
      (_, body) => claimCommand(world, ClaimCommandCreate.parse(body).roomIds),
    ],
    ['GET', /^\/nodes\/([^/]+)$/, ([, id]) => nodeOf(id)],
    [
      'DELETE',
      /^\/nodes\/([^/]+)$/,
      ([, id]) => {
        const removed = nodeOf(id);
        world.nodes.delete(removed.nodeId);
        for (const listener of world.listeners) listener({ removed });
      },
    ],
    [
      'PUT',
      /^\/nodes\/([^/]+)\/rooms$/,
      ([, id], body) => {
        const { roomIds } = NodeRooms.parse(body);
        const rooms = world.rooms
          .filter((room) => room.holdsAllNodes || roomIds.includes(room.id))
          .map(({ id: roomId, name }) => ({ id: roomId, name }));
        const node = { ...nodeOf(id), rooms };
        tell(world, node);
        return node;
      },
    ],
    ['GET', /^\/spaces\/[^/]+\/alerts$/, () => ({ alerts: [...world.nodes.values()].flatMap(alertsOf) })],
    ['GET', /^\/nodes\/([^/]+)\/alerts$/, ([, id]) => ({ alerts: alertsOf(nodeOf(id)) })],
    ['GET', /^\/nodes\/([^/]+)\/facts$/, ([, id]) => factsOf(nodeOf(id))],
    [
      'GET',
      /^\/nodes\/([^/]+)\/alert-definitions\/([^/]+)$/,
      ([, , hash]) => alertDefinition(hash ?? '') ?? fail('not-found'),
    ],
    [
      'GET',
      /^\/nodes\/([^/]+)\/agent\/api\/v1\/(\w+)(\?.*)?$/,
      ([, id, what, query], _body, _request, response) => {
        const node = nodeOf(id);
        if (node.state === 'offline' || node.state === 'unseen') fail('node-offline');
        const newest = node.state === 'stale' ? Math.floor(Date.parse(node.since) / 1000) : nowSecond();
        const stored = { newest, start: startSecond };
        return relayed(response, agentAnswer(node, what ?? '', new URLSearchParams(query), stored));
      },
    ],
  ];
}

/** The agent's own status stays; null = the Cloud knows no such address. */
function relayed(response: ServerResponse, answer: MockAnswer | null): unknown {
  if (!answer) return fail('not-found');
  response.statusCode = answer.status;
  return answer.body;
}

function fail(kind: ErrorKind): never {
  throw new CloudError(kind);
}

function claimCommand(world: World, roomIds: string[]): ClaimCommandView {
  const token = `mock-${Date.now().toString(36)}-not-a-real-token-0123456789abcdef`;
  const slugs = world.rooms.filter(({ id }) => roomIds.includes(id)).map(({ slug }) => slug);
  const command = `netdata-claim.sh -token=${token}${slugs.length > 0 ? ` -rooms=${slugs.join(',')}` : ''} -url=https://cloud.alder.example:8443`;
  const caPem = `-----BEGIN CERTIFICATE-----\n${'MIIBmockmockmockmockmockmockmockmockmockmockmockmockmockmockmock\n'.repeat(8)}-----END CERTIFICATE-----\n`;
  const trust = (asRoot: string): string =>
    `${asRoot}tee /etc/netdata/claim.d/cloud-ca.pem >/dev/null <<'PEM'\n${caPem}PEM`;
  return {
    tokenId: '00000000-0000-4000-8000-000000000003',
    token,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    url: 'https://cloud.alder.example:8443',
    roomSlugs: slugs,
    command,
    sudoCommand: `sudo -u netdata ${command}`,
    caPem,
    trustCommand: trust(''),
    sudoTrustCommand: trust('sudo '),
  };
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A built file, or the page itself for every other address of the pages' router. */
async function sendFile(directory: string, path: string, response: ServerResponse): Promise<void> {
  const file = normalize(path).replace(/^(\.\.[/\\])+/, '');
  const name = extname(file) === '' ? 'index.html' : file;
  try {
    const bytes = await readFile(join(directory, name));
    response
      .writeHead(200, {
        'content-type': contentTypes[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': csp,
      })
      .end(bytes);
  } catch {
    response.writeHead(404).end('Not built: run "npx vite build" in packages/web.');
  }
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const kind: ErrorKind =
    error instanceof CloudError
      ? error.kind
      : error instanceof Error && error.name.includes('Zod')
        ? 'invalid-request'
        : 'internal';
  const { status, message } = errorRow(kind);
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ kind, message, requestId: 'mock' }));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request) if ((text += String(part)).length > 65_536) fail('request-too-large');
  return text === '' ? undefined : JSON.parse(text);
}

/** `delayMs`: how long each answer of the API waits, to see what loading looks like. */
export function startMockCloud(world: World, directory: string, port: number, delayMs = 0): Promise<Running> {
  const table = routes(world);
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (!url.startsWith(apiBase)) return void sendFile(directory, new URL(url, 'http://mock').pathname, response);
    const path = url.slice(apiBase.length);
    const answer = async (): Promise<void> => {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const route = table.find(([method, pattern]) => method === request.method && pattern.test(path));
      if (!route) return fail('not-found');
      const isSignIn = route[0] === 'POST' && path === '/session';
      if (!isSignIn && !world.signedIn.has(sessionOf(request) ?? '')) fail('sign-in-required');
      const result = route[2](path.match(route[1]) as RegExpMatchArray, await readBody(request), request, response);
      if (result === undefined) response.writeHead(204).end();
      else response.writeHead(response.statusCode, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    };
    answer().catch((error: unknown) => sendProblem(response, error));
  });
  const endEvents = serveEvents(server, world, (request) => world.signedIn.has(sessionOf(request) ?? ''));
  return listening(server, port, endEvents);
}

/** A mock that runs: its address, and what stops it. */
export interface Running {
  url: string;
  stop(): Promise<void>;
}

function listening(server: Server, port: number, beforeClose: () => void): Promise<Running> {
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      beforeClose();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve) =>
    server.listen(port, '127.0.0.1', () =>
      resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }),
    ),
  );
}

/** The agent's own page with its API, for the same reason. */
export function startMockAgent(directory: string, port: number): Promise<Running> {
  const info = {
    version: 'claimstead 0.1.0',
    mirrored_hosts: ['workshop-1'],
    os_name: 'Debian GNU/Linux',
    os_version: '12 (bookworm)',
    kernel_name: 'Linux',
    kernel_version: '6.1.0-26-amd64',
    architecture: 'x86_64',
    cores_total: '8',
    ram_total: '16777216000',
    'cloud-enabled': true,
    'cloud-available': true,
    'agent-claimed': true,
    'aclk-available': true,
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    const what = /^\/api\/v1\/(\w+)$/.exec(url.pathname)?.[1];
    if (!what) return void sendFile(directory, url.pathname, response);
    try {
      const agent = { nodeId: 'agent', alerts: null, metricsApi: 'v1' } as const;
      const stored = { newest: nowSecond(), start: startSecond };
      const body = what === 'info' ? info : relayed(response, agentAnswer(agent, what, url.searchParams, stored));
      response.writeHead(response.statusCode, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    } catch (error) {
      sendProblem(response, error);
    }
  });
  return listening(server, port, () => undefined);
}
