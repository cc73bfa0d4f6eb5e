// A node in folders of its own, and a Cloud on loopback that answers the check and the link up to the WebSocket as a test tells it.

import { constants, generateKeyPairSync, publicEncrypt, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimCheckPath, type ClaimVerdict } from '@claimstead/wire/claim/claim-check';
import { environmentFor } from '@claimstead/wire/link/environment';
import { topicTemplates } from '@claimstead/wire/link/topics';
import { WebSocketServer } from 'ws';
import { parseClaimArguments } from '../../claim/claim-arguments.ts';
import { farAhead, longAgo, makeCa, type Certificate, type PrivateCa } from '../../claim/testing/certificates.ts';
import { loadConfig } from '../../config/load.ts';
import { systemClock } from '../../dial/hop-timer.ts';
import { runDoctor } from '../doctor.ts';
import type { Report } from '../report.ts';

export interface CheckCloud {
  url: string;
  port: number;
  /** Method and path of every request, upgrades included. */
  requests: string[];
  /** Bodies of the checks. */
  checks: string[];
  close(): Promise<void>;
}

export interface CloudScript {
  certificate: Certificate;
  verdict: ClaimVerdict | { status: number; body: string };
  /** What stands in front of it forwards upgrades. */
  takesUpgrades: boolean;
}

/** Made once for all tests of a file: certificates and keys take longer than the checks. */
export class CheckSecrets {
  readonly folder = mkdtempSync(join(tmpdir(), 'check-ca-'));
  readonly ca = makeCa(this.folder);
  readonly good = this.ca.issue('good', 'DNS:localhost,IP:127.0.0.1', longAgo, farAhead);
  readonly key = generateKeyPairSync('rsa', { modulusLength: 2048 });
}

export class CheckWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'check-'));
  readonly ca: PrivateCa;
  readonly good: Certificate;
  readonly claimDirectory = join(this.folder, 'etc', 'claim.d');
  readonly machineGuid = randomUUID();
  readonly #toClose: { close(): Promise<void> }[] = [];
  readonly #key: CheckSecrets['key'];

  constructor({ ca, good, key }: CheckSecrets) {
    this.ca = ca;
    this.good = good;
    this.#key = key;
    mkdirSync(this.claimDirectory, { recursive: true });
    mkdirSync(join(this.folder, 'lib', 'registry'), { recursive: true });
    writeFileSync(join(this.folder, 'lib', 'registry', 'netdata.public.unique.id'), this.machineGuid);
    writeFileSync(join(this.claimDirectory, 'cloud_fullchain.pem'), this.ca.ca);
  }

  /** Claimed with the key that the Cloud encrypts for. */
  placeClaim(url: string): void {
    const pem = this.#key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    writeFileSync(join(this.claimDirectory, 'private.pem'), pem);
    writeFileSync(join(this.claimDirectory, 'cloud.conf'), `[global]\n cloud base url = ${url}\n`);
    writeFileSync(join(this.claimDirectory, 'claimed_id'), this.machineGuid);
  }

  writeConf(text: string): void {
    writeFileSync(join(this.folder, 'etc', 'netdata.conf'), text);
  }

  async startCloud(script: Partial<CloudScript> = {}): Promise<CheckCloud> {
    const { certificate, verdict, takesUpgrades } = { certificate: this.good, verdict: 'accepted' as const, takesUpgrades: true, ...script }; // prettier-ignore
    const requests: string[] = [];
    const checks: string[] = [];
    const sockets = new Set<Socket>();
    const webSockets = new WebSocketServer({ noServer: true });
    const server = createServer({ ...certificate }, (request, response) => {
      const { port } = server.address() as AddressInfo;
      const base = new URL(`https://localhost:${port}`);
      const path = (request.url ?? '').split('?')[0] ?? '';
      requests.push(`${request.method ?? ''} ${path}`);
      const answer = (status: number, body: unknown): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (path === claimCheckPath) {
          checks.push(Buffer.concat(chunks).toString('utf8'));
          if (typeof verdict === 'object') return void response.writeHead(verdict.status).end(verdict.body);
          const { authEndpoint } = environmentFor(base);
          return answer(200, { verdict, authEndpoint, mqttEndpoint: `wss://localhost:${port}/mqtt`, roomIndex: 1 });
        }
        if (path === '/api/v1/env') return answer(200, environmentFor(base));
        if (path.endsWith('/challenge')) {
          const key = { key: this.#key.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
          return answer(200, { challenge: publicEncrypt(key, randomBytes(32)).toString('base64') });
        }
        if (path.endsWith('/password'))
          return answer(201, { clientID: 'x', username: 'x', password: 'x', topics: topicTemplates });
        return answer(404, {});
      });
    });
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    if (takesUpgrades) {
      server.on('upgrade', (request, socket, head) => {
        requests.push(`UPGRADE ${request.url ?? ''}`);
        webSockets.handleUpgrade(request, socket, head, (webSocket) => webSocket.on('error', () => undefined));
      });
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    };
    this.#toClose.push({ close });
    return { url: `https://localhost:${port}`, port, requests, checks, close };
  }

  closeLater(thing: { close(): Promise<void> }): void {
    this.#toClose.push(thing);
  }

  /** `netdata-claim.sh -check WORDS`, as root of this node. */
  async check(words: string[], json = true): Promise<{ code: number; lines: string[]; report: Report }> {
    const given = parseClaimArguments(words);
    if ('help' in given || 'fault' in given) throw new Error('these are no options');
    const config = loadConfig({
      env: {
        NETDATA_USER_CONFIG_DIR: join(this.folder, 'etc'),
        NETDATA_LIB_DIR: join(this.folder, 'lib'),
        NETDATA_RUN_DIR: join(this.folder, 'run'),
      },
      overrides: [],
      configFile: undefined,
      installationFile: undefined,
    });
    const lines: string[] = [];
    const code = await runDoctor({
      given,
      around: {
        config,
        uid: process.getuid?.() ?? 0,
        hostname: 'node',
        readStdin: async () => '',
        say: (line) => void lines.push(line),
      },
      json,
      clock: systemClock,
    });
    return { code, lines, report: JSON.parse(json ? (lines[0] ?? '') : '{}') as Report };
  }

  async close(): Promise<void> {
    await Promise.all(this.#toClose.map((thing) => thing.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
