import SqliteDatabase from 'better-sqlite3';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudFolder } from '../config/data-folder.ts';
import { silentLog } from '../log.ts';
import { startRunningCloud } from '../main-in-tests.ts';
import { issueServerCertificate, makeCa } from './private-ca.ts';
import { openTls, readTls, tlsProtocol, type Tls } from './tls.ts';

const dayMs = 24 * 3600 * 1000;
const start = Date.now();
let folder = '';
let nowMs = start;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-tls-'));
  nowMs = start;
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (change: Partial<Parameters<typeof openTls>[0]> = {}): Promise<Tls> =>
  openTls({
    folder,
    publicHost: 'localhost',
    listenAddress: '127.0.0.1',
    given: undefined,
    acme: undefined,
    now: () => nowMs,
    elapsedMs: () => nowMs,
    onRenewalFailed: () => undefined,
    onPortFailed: () => undefined,
    ...change,
  });
const leaf = (tls: Tls): X509Certificate => new X509Certificate(tls.current().cert);

describe('the certificate that the Cloud makes', () => {
  it('is of its own authority, for every name that the Cloud is reached by, for 397 days at most', async () => {
    const tls = await open({ publicHost: 'cloud.example.net', listenAddress: '192.0.2.1' });
    const authority = new X509Certificate(tls.caPem ?? '');
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(leaf(tls).verify(authority.publicKey)).toBe(true);
    expect(leaf(tls).ca).toBe(false);
    for (const name of ['localhost', 'cloud.example.net', hostname().toLowerCase()])
      expect(leaf(tls).checkHost(name)).toBe(name);
    for (const ip of ['127.0.0.1', '::1', '192.0.2.1']) expect(leaf(tls).checkIP(ip)).toBe(ip);
    expect(leaf(tls).checkHost('evil.example.net')).toBeUndefined();
    expect((Date.parse(leaf(tls).validTo) - Date.parse(leaf(tls).validFrom)) / dayMs).toBeLessThanOrEqual(397);
    expect((Date.parse(authority.validTo) - start) / dayMs).toBeGreaterThan(3650);
    expect(leaf(tls).publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it('convinces a client that trusts the authority alone, by name and by address', async () => {
    const tls = await open();
    const server = createServer({ ...tlsProtocol, ...tls.current() });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const shake = (servername: string | undefined, ca: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(
          { port, host: '127.0.0.1', ca, ...(servername === undefined ? {} : { servername }) },
          () => {
            resolve('trusted');
            socket.destroy();
          },
        );
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      });
    expect(await shake('localhost', tls.caPem ?? '')).toBe('trusted');
    expect(await shake(undefined, tls.caPem ?? '')).toBe('trusted');
    expect(await shake('evil.example.net', tls.caPem ?? '')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await shake('localhost', (await makeCa(nowMs)).cert)).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|CERT_SIGNATURE/);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('stays over restarts, in files that only their owner reads', async () => {
    const [first, second] = [await open(), await open()];
    expect(second.current()).toEqual(first.current());
    expect(second.caPem).toBe(first.caPem);
    for (const name of ['ca.pem', 'server.pem']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('is made anew under the same authority for new names, and thirty days before its end', async () => {
    const first = await open();
    const renamed = await open({ publicHost: 'cloud.example.net' });
    expect(renamed.caPem).toBe(first.caPem);
    expect(leaf(renamed).serialNumber).not.toBe(leaf(first).serialNumber);
    const { serialNumber } = leaf(renamed);
    nowMs = start + 366 * dayMs;
    expect(await renamed.renew()).toBe(false);
    nowMs = start + 368 * dayMs;
    expect(await renamed.renew()).toBe(true);
    expect(leaf(renamed).serialNumber).not.toBe(serialNumber);
    expect(await renamed.renew()).toBe(false);
  });

  it('is never of a new authority because the old one was damaged', async () => {
    await open();
    writeFileSync(join(folder, 'ca.pem'), 'rubbish');
    await expect(open()).rejects.toThrow(/ca\.pem is damaged; restore it from a backup/);
    expect(readFileSync(join(folder, 'ca.pem'), 'utf8')).toBe('rubbish');
  });

  it('is made anew when it was damaged itself', async () => {
    const { caPem } = await open();
    writeFileSync(join(folder, 'server.pem'), 'rubbish');
    const tls = await open();
    expect(leaf(tls).verify(new X509Certificate(caPem ?? '').publicKey)).toBe(true);
  });
});

describe('the certificate that is served in the place of the Cloud', () => {
  const parts = {
    publicHost: 'localhost',
    listenAddress: '127.0.0.1',
    given: undefined,
    acme: undefined,
    now: () => nowMs,
  };
  const names = (pair: { cert: string } | undefined): string =>
    new X509Certificate(pair?.cert ?? '').subjectAltName ?? '';

  it('is the one of the Cloud, also when asked for fewer names', async () => {
    const tls = await open({ publicHost: 'cloud.example.net' });
    expect(await readTls({ folder, ...parts })).toEqual(tls.current());
  });

  it('is one in memory, for all names of both, where that one is due or lacks a name', async () => {
    const tls = await open({ publicHost: 'cloud.example.net' });
    const more = await readTls({ folder, ...parts, publicHost: 'other.example.net' });
    nowMs = start + 380 * dayMs;
    const anew = await readTls({ folder, ...parts });
    expect(names(more)).toMatch(/cloud\.example\.net.*other\.example\.net/);
    expect(names(anew)).toBe(names(tls.current()));
    const authority = new X509Certificate(tls.caPem ?? '');
    for (const pair of [more, anew])
      expect(new X509Certificate(pair?.cert ?? '').verify(authority.publicKey)).toBe(true);
    expect(Date.parse(new X509Certificate(anew?.cert ?? '').validTo)).toBeGreaterThan(nowMs);
    expect(readFileSync(join(folder, 'server.pem'), 'utf8')).toContain(tls.current().cert);
  });

  it('is none where there is no authority, and where its file is damaged that is told', async () => {
    expect(await readTls({ folder, ...parts })).toBeUndefined();
    writeFileSync(join(folder, 'ca.pem'), 'rubbish');
    await expect(readTls({ folder, ...parts })).rejects.toThrow(/ca\.pem is damaged/);
  });
});

describe('a certificate that was given', () => {
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('is served as it is, and taken anew when its files change', async () => {
    const [one, two] = [
      await issueServerCertificate(await makeCa(nowMs), ['localhost'], nowMs),
      await issueServerCertificate(await makeCa(nowMs), ['localhost'], nowMs),
    ];
    const given = { certFile: write('c.pem', one.cert), keyFile: write('k.pem', one.key) };
    const tls = await open({ given });
    expect([tls.current(), tls.caPem]).toEqual([{ key: one.key, cert: one.cert }, null]);
    expect(await tls.renew()).toBe(false);
    write('c.pem', two.cert);
    write('k.pem', two.key);
    expect(await tls.renew()).toBe(true);
    expect(tls.current().cert).toBe(two.cert);
  });

  it('is taken anew though nothing can be swept', async () => {
    const [one, two] = [
      await issueServerCertificate(await makeCa(nowMs), ['localhost'], nowMs),
      await issueServerCertificate(await makeCa(nowMs), ['localhost'], nowMs),
    ];
    const certificate = { certFile: write('c.pem', one.cert), keyFile: write('k.pem', one.key) };
    const said: string[] = [];
    let onSaid = (): void => {};
    const say = (words: string): void => {
      said.push(words);
      onSaid();
    };
    const log = { ...silentLog, info: say, error: say };
    const running = await startRunningCloud({ log, config: { certificate } });
    const database = new SqliteDatabase(cloudFolder(running.folder).databaseFile, { timeout: 0 });
    const drop = (): boolean => {
      try {
        return database.exec('drop table session').open;
      } catch {
        return false;
      }
    };
    // The sweep of the start may hold the database still.
    while (!drop()) await running.admin('nodes');
    database.close();
    write('c.pem', two.cert);
    write('k.pem', two.key);
    const [swept, renewed] = ['hourly upkeep failed', 'another certificate is served'];
    const both = new Promise<void>((resolve) => {
      onSaid = () => said.includes(swept) && said.includes(renewed) && resolve();
    });
    running.clock.advance(3600_000);
    await both;
    const served = await new Promise<X509Certificate | undefined>((resolve, reject) => {
      const socket = connect(
        { port: Number(running.cloud.url.port), host: '127.0.0.1', rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerX509Certificate());
          socket.destroy();
        },
      ).on('error', reject);
      socket.on('close', () => reject(new Error('closed')));
    });
    expect(served?.serialNumber).toBe(new X509Certificate(two.cert).serialNumber);
    await running.close();
  });

  it('is refused in one sentence when it cannot be used', async () => {
    const pair = await issueServerCertificate(await makeCa(nowMs), ['localhost'], nowMs);
    const other = await issueServerCertificate(await makeCa(nowMs), ['localhost'], nowMs);
    const cert = write('c.pem', pair.cert);
    const key = write('k.pem', pair.key);
    const rubbish = write('rubbish.pem', 'rubbish');
    for (const [certFile, keyFile, sentence] of [
      [join(folder, 'missing.pem'), key, /^Cannot read --cert .*missing\.pem \(ENOENT\)/],
      [rubbish, key, /^--cert .*rubbish\.pem is no certificate in PEM/],
      [cert, rubbish, /^--key .*rubbish\.pem is no private key in PEM/],
      [cert, write('other.pem', other.key), /^--key .*other\.pem is not the key of the first certificate/],
    ] as const) {
      await expect(open({ given: { certFile, keyFile } })).rejects.toThrow(sentence);
    }
  });
});
