// The Cloud's public API as a program uses it: HTTPS with the Cloud's own CA, a cookie, the events socket.

import { request, Agent as HttpsAgent } from 'node:https';
import { WebSocket } from 'ws';
import type { BrowserMessage, CloudMessage } from '@claimstead/wire/cloud-api/events';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a test says what it expects; what comes is then compared
  json<T = unknown>(): T;
}

export interface CloudClient {
  readonly cookie: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  events(): Promise<Events>;
}

export interface Events {
  readonly socket: WebSocket;
  readonly messages: CloudMessage[];
  send(message: BrowserMessage): void;
  /** The first message, from now or from before, that fits. */
  until<T extends CloudMessage['type']>(
    type: T,
    fits?: (message: Extract<CloudMessage, { type: T }>) => boolean,
  ): Promise<Extract<CloudMessage, { type: T }>>;
  close(): void;
}

export interface Target {
  url: string;
  caPem: string;
}

const api = '/api/cloud/v1';

export function fetchCloud(
  { url, caPem }: Target,
  method: string,
  path: string,
  options: { body?: string | Buffer; headers?: Record<string, string>; agent?: HttpsAgent } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(url),
      {
        method,
        path,
        ca: caPem,
        agent: options.agent,
        headers: {
          ...(options.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(options.body)) }),
          ...options.headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body,
            json: () => JSON.parse(body.toString('utf8')),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

export async function createCloudClient(
  target: Target & ({ email: string; password: string } | { oneUseCode: string }),
): Promise<CloudClient> {
  const credentials =
    'oneUseCode' in target ? { oneUseCode: target.oneUseCode } : { email: target.email, password: target.password };
  const signedIn = await fetchCloud(target, 'POST', `${api}/session`, {
    body: JSON.stringify(credentials),
    headers: { 'content-type': 'application/json' },
  });
  if (signedIn.status >= 300) throw new Error(`sign-in answered ${signedIn.status}: ${signedIn.body.toString()}`);
  const cookie = String(signedIn.headers['set-cookie'] ?? '').split(';')[0] ?? '';
  const agent = new HttpsAgent({ keepAlive: true, ca: target.caPem });
  return {
    cookie,
    send: (method, path, body, headers = {}) =>
      fetchCloud(target, method, `${api}${path}`, {
        agent,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
    events: () => openEvents(target, cookie),
  };
}

export function openEvents(
  { url, caPem }: Target,
  cookie: string,
  origin: string = new URL(url).origin,
): Promise<Events> {
  const socket = new WebSocket(`${url.replace(/^https/, 'wss')}${api}/events`, {
    ca: caPem,
    origin,
    headers: { cookie },
  });
  const messages: CloudMessage[] = [];
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const now = waiting;
    waiting = [];
    for (const one of now) one();
  };
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString('utf8')) as CloudMessage);
    wake();
  });
  socket.on('close', wake);
  const events: Events = {
    socket,
    messages,
    send: (message) => socket.send(JSON.stringify(message)),
    async until(type, fits = () => true) {
      type Wanted = Extract<CloudMessage, { type: typeof type }>;
      for (;;) {
        const found = messages.find((message): message is Wanted => message.type === type && fits(message as Wanted));
        if (found !== undefined) return found;
        if (socket.readyState === socket.CLOSED) throw new Error(`the events socket closed before ${type}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    close: () => socket.terminate(),
  };
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(events));
    socket.once('error', reject);
  });
}
