// A whole Cloud for tests: real HTTPS on a free port of loopback, a real database in a folder of its own.

import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { makeClaimToken } from '@claimstead/wire/claim/claim-token';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from './clock.ts';
import type { CloudConfig } from './config/load.ts';
import { askCloud } from './control/control-client.ts';
import { silentLog, type Log } from './log.ts';
import { startCloud, type Cloud } from './main.ts';

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; throws where it is none. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each test says which shape it expects
  json<T = Record<string, unknown>>(): T;
}

export interface Asked {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | object;
  cookie?: string;
}

export interface RunningCloud {
  cloud: Cloud;
  folder: string;
  clock: ManualClock;
  email: string;
  /** The one-time password of the first administrator. */
  password: string;
  /** Paths that do not start with `/` are below the API's base. */
  ask(asked: Asked): Promise<HttpAnswer>;
  /** Signs in; answers the Cookie header's value. */
  signIn(email?: string, password?: string): Promise<string>;
  claimToken(wanted?: {
    space?: string | null;
    rooms?: string[];
    uses?: number | null;
    lifetimeMs?: number | null;
  }): Promise<string>;
  /** What the private socket answers. */
  admin<T>(command: string, body?: object): Promise<T>;
  /** Stops and removes everything. */
  close(): Promise<void>;
}

export async function startRunningCloud(
  options: { log?: Log; webFolder?: string; config?: Partial<CloudConfig>; folder?: string } = {},
): Promise<RunningCloud> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'claimstead-cloud-'));
  const clock = createManualClock(Date.now());
  let first = { email: '', password: '' };
  const cloud = await startCloud({
    config: {
      dataFolder: folder,
      port: 0,
      listenAddress: '127.0.0.1',
      publicUrl: undefined,
      certificate: undefined,
      acme: undefined,
      passwordFile: undefined,
      webFolder: undefined,
      logLevel: 'error',
      mail: undefined,
      oidc: undefined,
      metricsListen: undefined,
      metricsTokenFile: undefined,
      webhookAllow: { http: false, networks: [] },
      trustedProxies: [],
      ...options.config,
    },
    webFolder: options.webFolder ?? join(folder, 'no-pages'),
    clock,
    log: options.log ?? silentLog,
    printPassword: (email, password) => (first = { email, password }),
  });
  // What a test makes is younger than what the first start made.
  clock.advance(1);
  const agent = new Agent({ ca: cloud.caPem ?? '', keepAlive: true });
  const ask = (asked: Asked): Promise<HttpAnswer> => askHttps(cloud.url, agent, asked);
  const admin = async <T>(command: string, body: object = {}): Promise<T> =>
    JSON.parse((await askCloud(folder, command, body)).body.toString()) as T;
  return {
    cloud,
    folder,
    clock,
    ...first,
    ask,
    async signIn(email = first.email, password = first.password) {
      const answer = await ask({ method: 'POST', path: 'session', body: { email, password } });
      const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
      if (cookie === undefined) throw new Error(`not signed in: ${answer.text}`);
      return cookie;
    },
    async claimToken({ space = null, rooms = [], uses = null, lifetimeMs = null } = {}) {
      return (await admin<{ token: string }>('token', { space, rooms, uses, lifetimeMs })).token;
    },
    admin,
    async close() {
      agent.destroy();
      await cloud.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function askHttps(
  base: URL,
  agent: Agent,
  { method = 'GET', path, headers = {}, body, cookie }: Asked,
): Promise<HttpAnswer> {
  const isJson = typeof body === 'object';
  const content = isJson ? JSON.stringify(body) : body;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        agent,
        host: '127.0.0.1',
        port: base.port,
        servername: 'localhost',
        method,
        path: path.startsWith('/') ? path : `${apiBase}/${path}`,
        headers: {
          ...(isJson ? { 'content-type': 'application/json' } : {}),
          ...(content === undefined ? {} : { 'content-length': Buffer.byteLength(content) }),
          ...(cookie === undefined ? {} : { cookie }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) });
        });
      },
    );
    asked.on('error', reject);
    asked.end(content);
  });
}

/** One key serves every test: making one takes a tenth of a second. */
const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const testPublicKey = keyPair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** A claim as an agent sends it; a fresh machine each time unless told. */
export function claimBody(change: {
  token: string;
  id?: string;
  guid?: string;
  rooms?: string[];
  publicKey?: string;
  hostname?: string;
}) {
  const id = change.id ?? randomUUID();
  return {
    node: { id, hostname: change.hostname ?? 'web-1' },
    token: change.token,
    rooms: change.rooms ?? [],
    publicKey: change.publicKey ?? testPublicKey,
    mGUID: change.guid ?? randomUUID(),
  };
}

/** Well formed, and of no Cloud. */
export const strangerToken = (): string => makeClaimToken((bytes) => randomBytes(bytes));
