// Nobody listens in, nobody takes the Cloud's place.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { connect, getCiphers, type SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import type { Cloud } from '../harness/cloud.ts';
import { eventually } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

let world: World;
let cloud: Cloud;
let agent: Agent;

beforeAll(async () => {
  world = await createWorld();
  cloud = await world.cloud();
  agent = await world.agent(cloud);
});
afterAll(() => world.end());

const handshake = (options: {
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  ciphers?: string;
}): Promise<string | undefined> =>
  new Promise((resolve) => {
    try {
      const socket = connect({
        host: '127.0.0.1',
        port: cloud.port,
        ca: cloud.caPem,
        servername: 'localhost',
        ...options,
      });
      socket.once('secureConnect', () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`);
        socket.destroy();
      });
      socket.once('error', () => resolve(undefined));
    } catch {
      // OpenSSL itself refuses the cipher.
      resolve(undefined);
    }
  });

describe('what the Cloud speaks', () => {
  test('TLS 1.3 with a P-256 certificate, 1.2 at least, nothing older', async () => {
    expect(await handshake({})).toMatch(/^TLSv1\.3 /);
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toMatch(/^TLSv1\.2 /);
    expect(await handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toBeUndefined();
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], {
      input: readFileSync(join(cloud.dataFolder, 'cloud/tls/server.pem')),
    }).toString();
    expect(text).toMatch(/prime256v1|P-256/);
  });

  test('under TLS 1.2 only forward secrecy with authenticated encryption', async () => {
    const accepted: string[] = [];
    for (const cipher of getCiphers().filter((name) => !name.startsWith('tls_'))) {
      const spoken = await handshake({
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        ciphers: `${cipher.toUpperCase()}:@SECLEVEL=0`,
      });
      if (spoken !== undefined) accepted.push(spoken);
    }
    expect(accepted.length).toBeGreaterThan(0);
    for (const one of accepted)
      expect(one).toMatch(/^TLSv1\.2 TLS_ECDHE_\w+_WITH_(AES_(128|256)_GCM|CHACHA20_POLY1305)_/);
  });

  test('no plain text', async () => {
    const socket = (await import('node:net')).connect(cloud.port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => chunks.push(bytes));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString('latin1')).not.toMatch(/200 OK/);
  });
});

/** Certificates of one's own authority: `days` may be negative, `name` is the host. */
function impostor(
  folder: string,
  label: string,
  name: string,
  notAfter: string,
): { key: string; cert: string; ca: string } {
  const file = (ending: string): string => join(folder, `${label}.${ending}`);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-subj',
    '/CN=impostor',
    '-days',
    '30',
  );
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    file('key'),
    '-out',
    file('csr'),
    '-subj',
    `/CN=${name}`,
  );
  writeFileSync(file('ext'), `subjectAltName=DNS:${name}\n`);
  writeFileSync(file('index'), '');
  writeFileSync(file('serial'), '01\n');
  writeFileSync(
    file('cnf'),
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${file('index')}\nserial=${file('serial')}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`,
  );
  openssl(
    'ca',
    '-batch',
    '-config',
    file('cnf'),
    '-cert',
    file('ca.pem'),
    '-keyfile',
    file('ca.key'),
    '-in',
    file('csr'),
    '-out',
    file('pem'),
    '-extfile',
    file('ext'),
    '-startdate',
    '20200101000000Z',
    '-enddate',
    notAfter,
    '-notext',
  );
  return {
    key: readFileSync(file('key'), 'utf8'),
    cert: readFileSync(file('pem'), 'utf8'),
    ca: readFileSync(file('ca.pem'), 'utf8'),
  };
}

describe('who is not the Cloud', () => {
  const cases: [string, { name: string; notAfter: string; trusted: boolean }, RegExp][] = [
    [
      'another authority',
      { name: 'localhost', notAfter: '20400101000000Z', trusted: false },
      /trust|authority|certificate/i,
    ],
    ['another host name', { name: 'elsewhere.example', notAfter: '20400101000000Z', trusted: true }, /name/i],
    ['an expired certificate', { name: 'localhost', notAfter: '20210101000000Z', trusted: true }, /expired/i],
  ];

  test.each(cases)(
    '%s: the claim ends before a byte of the token is sent',
    async (label, { name, notAfter, trusted }, words) => {
      const { key, cert, ca } = impostor(world.folder, label.replaceAll(' ', '-'), name, notAfter);
      const heard: string[] = [];
      const server = createHttps({ key, cert }, (request, response) => {
        heard.push(`${request.method} ${request.url}`);
        response.end();
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const victim = await world.agent(undefined, { caPem: trusted ? ca : cloud.caPem });
      const { code, stderr, stdout } = await victim.claim(
        '-token=cst_CANARY',
        `-url=https://localhost:${(server.address() as AddressInfo).port}`,
      );
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toMatch(words);
      expect(heard).toEqual([]);
      server.close();
      await victim.process.stop();
    },
  );

  test('plain http, and an answer that sends us to it, are not followed', async () => {
    const heard: Buffer[] = [];
    const server: Server = createHttp().on('connection', (socket) => socket.on('data', (bytes) => heard.push(bytes)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const plain = await agent.claim('-token=cst_CANARY', `-url=http://127.0.0.1:${port}`);
    expect(plain.code).not.toBe(0);
    expect(plain.stderr).toMatch(/https/);
    const { key, cert, ca } = impostor(world.folder, 'redirect', 'localhost', '20400101000000Z');
    const redirect = createHttps({ key, cert }, (request, response) => {
      request.resume();
      response.writeHead(307, { location: `http://127.0.0.1:${port}/x`, 'content-length': 0 }).end();
    });
    redirect.listen(0, '127.0.0.1');
    await once(redirect, 'listening');
    const victim = await world.agent(undefined, { caPem: ca });
    const answered = await victim.claim(
      '-token=cst_CANARY',
      `-url=https://localhost:${(redirect.address() as AddressInfo).port}`,
    );
    expect(answered.code).toBe(7);
    expect(heard).toEqual([]);
    redirect.close();
    server.close();
    await victim.process.stop();
  });

  test('an impostor at the Cloud’s own address hears nothing of a claimed agent', async () => {
    await world.claimed(cloud, agent);
    await cloud.process.stop();
    const { key, cert } = impostor(world.folder, 'takeover', 'localhost', '20400101000000Z');
    const heard: string[] = [];
    const server = createHttps({ key, cert }, (request) => heard.push(String(request.url)));
    server.listen(cloud.port, '127.0.0.1');
    await once(server, 'listening');
    const error = await eventually(async () => {
      const { 'last-error': text } = JSON.parse((await agent.cli('aclk-state', 'json')).stdout) as {
        'last-error': string | null;
      };
      return text !== null && /trust|authority|certificate/i.test(text) ? text : undefined;
    });
    expect(error).toMatch(/cloud_fullchain\.pem/);
    expect(heard).toEqual([]);
    server.close();
  });
});
