import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAcmeCertificate, type AcmeCertificate, type RenewalFailure } from './acme-certificate.ts';
import {
  acmeCertificateServes,
  acmePairName,
  acmeReason,
  acmeRenewalAtMs,
  acmeRetryAfterMs,
  type AcmeIssuer,
} from './acme.ts';
import { openChallengeListener } from './challenge-listener.ts';
import { issueServerCertificate, makeCa, serverLifetimeMs, type KeyAndCertificate } from './private-ca.ts';

const hourMs = 3600 * 1000;
const host = 'cloud.example.net';
const publicUrl = new URL(`https://${host}:8443`);
/** Certificates tell whole seconds. */
const start = Math.floor(Date.now() / 1000) * 1000;

/** As an authority would issue it: valid from an hour before, for 397 days. */
const pairOf = async (names: string[], nowMs: number): Promise<KeyAndCertificate> =>
  issueServerCertificate(await makeCa(nowMs), names, nowMs);

describe('a certificate of an authority', () => {
  it('serves its host, with its key, in its time', async () => {
    const [pair, other] = [await pairOf([host], start), await pairOf([host], start)];
    const cases: [KeyAndCertificate, string, number, boolean][] = [
      [pair, host, start, true],
      [pair, 'other.example.net', start, false],
      [pair, host, start - 2 * hourMs, true],
      [pair, host, start - 2 * hourMs - 1, false],
      [pair, host, start + serverLifetimeMs - hourMs - 1, true],
      [pair, host, start + serverLifetimeMs, false],
      [{ key: other.key, cert: pair.cert }, host, start, false],
      [{ key: pair.key, cert: 'rubbish' }, host, start, false],
    ];
    for (const [one, name, nowMs, serves] of cases) expect(acmeCertificateServes(one, name, nowMs)).toBe(serves);
  });

  it('is due after two thirds of its life', async () => {
    expect(acmeRenewalAtMs(await pairOf([host], start))).toBe(start - hourMs + (serverLifetimeMs * 2) / 3);
  });

  it('is asked for again after 1, 2, 4, 8 hours, then twice a day', () => {
    expect([1, 2, 3, 4, 5, 6, 2000].map((failures) => acmeRetryAfterMs(failures) / hourMs)).toEqual([
      1, 2, 4, 8, 12, 12, 12,
    ]);
  });

  it('is of the directory that issued it', () => {
    const [staging, real] = ['https://staging.example/dir', 'https://real.example/dir'].map((text) =>
      acmePairName(new URL(text)),
    );
    expect(staging).toMatch(/^acme-[0-9a-f]{12}$/);
    expect(staging).not.toBe(real);
  });

  it('comes not for a reason of one line', () => {
    const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
    for (const [cause, reason] of [
      [coded('ECONNREFUSED', ''), 'ECONNREFUSED'],
      [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'x'), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      [coded('ERR_BAD_REQUEST', 'Request failed with status code 404'), 'Request failed with status code 404'],
      [new Error('no\n\u001b[31m such  name.'), 'no [31m such name'],
      [new Error('x'.repeat(5000)), 'x'.repeat(300)],
      [new Error(''), 'no reason given'],
      [undefined, 'no reason given'],
    ] as const)
      expect(acmeReason(cause)).toBe(reason);
  });
});

describe('the certificate of an authority, kept', () => {
  let folder = '';
  let nowMs = start;
  let elapsedMs = 0;
  let orders: string[] = [];
  let failures: RenewalFailure[] = [];
  let refusal: Error | undefined;
  let opened: AcmeCertificate[] = [];
  let tryTakesMs = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claimstead-acme-'));
    [nowMs, elapsedMs, tryTakesMs] = [start, 0, 0];
    [orders, failures, refusal, opened] = [[], [], undefined, []];
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
    rmSync(folder, { recursive: true });
  });

  const pass = (ms: number): void => {
    nowMs += ms;
    elapsedMs += ms;
  };
  const issuer: AcmeIssuer = {
    async issue({ host: name, accountKey }) {
      orders.push(accountKey);
      pass(tryTakesMs);
      if (refusal !== undefined) throw refusal;
      return pairOf([name], nowMs);
    },
  };
  const open = async (directory = 'https://ca.example.net/dir'): Promise<AcmeCertificate> => {
    const certificate = await openAcmeCertificate({
      folder,
      publicUrl,
      acme: {
        directoryUrl: new URL(directory),
        email: undefined,
        httpListen: { address: '127.0.0.1', port: 0 },
        caFile: undefined,
      },
      issuer,
      now: () => nowMs,
      elapsedMs: () => elapsedMs,
      onRenewalFailed: (failure) => failures.push(failure),
      onPortFailed: () => undefined,
    });
    opened.push(certificate);
    return certificate;
  };

  it('is ordered once, and found again by the next start, in files that only their owner reads', async () => {
    const [first, second] = [await open(), await open()];
    expect(second.current()).toEqual(first.current());
    expect(orders).toHaveLength(1);
    const files = readdirSync(folder).toSorted();
    expect(files).toEqual(['acme-account.pem', expect.stringMatching(/^acme-[0-9a-f]{12}\.pem$/)]);
    for (const name of files) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('is ordered anew of another directory, under the same account key, and where the file is damaged', async () => {
    const first = await open();
    expect((await open('https://other.example.net/dir')).current()).not.toEqual(first.current());
    writeFileSync(join(folder, `${acmePairName(new URL('https://ca.example.net/dir'))}.pem`), 'rubbish');
    await open();
    expect(orders).toHaveLength(3);
    expect(new Set(orders).size).toBe(1);
  });

  it('stops the first start in one sentence where none is to be had', async () => {
    refusal = new Error('the name is not known');
    await expect(open()).rejects.toThrow(
      /^No certificate for cloud\.example\.net from https:\/\/ca\.example\.net\/dir \(the name is not known\); see that .*\.$/,
    );
  });

  it('is renewed in its last third; a refusal stops nothing, and is asked again later', async () => {
    const certificate = await open();
    const first = certificate.current();
    expect(await certificate.renew()).toBe(false);
    nowMs = acmeRenewalAtMs(first);
    refusal = new Error('too many certificates');
    expect(await certificate.renew()).toBe(false);
    expect(certificate.current()).toBe(first);
    expect(failures).toMatchObject([{ reason: 'too many certificates', retryAtMs: nowMs + hourMs }]);
    refusal = undefined;
    pass(hourMs - 61_000);
    expect(await certificate.renew()).toBe(false);
    pass(61_000);
    expect(await Promise.all([certificate.renew(), certificate.renew()])).toEqual([true, false]);
    expect(certificate.current()).not.toEqual(first);
    expect(orders).toHaveLength(3);
  });

  it('is asked for by who looks every hour after 1, 2, 4, 8 hours, however long a try takes and wherever the wall clock goes', async () => {
    const certificate = await open();
    nowMs = acmeRenewalAtMs(certificate.current());
    refusal = new Error('away');
    tryTakesMs = 90_000;
    const triedAt: number[] = [];
    for (let hour = 0; hour <= 27; hour++) {
      const before = orders.length;
      // A timer that ends a little early.
      elapsedMs = hour * hourMs - (hour % 2) * 20;
      await certificate.renew();
      if (orders.length > before) triedAt.push(hour);
      nowMs += hourMs;
      if (hour === 2) nowMs -= 5 * hourMs;
      nowMs = Math.max(nowMs, acmeRenewalAtMs(certificate.current()));
    }
    expect(triedAt).toEqual([0, 1, 3, 7, 15, 27]);
    expect(failures[0]?.retryAtMs).toBe(acmeRenewalAtMs(certificate.current()) + hourMs);
  });

  it('starts with the one that it has while the authority is away', async () => {
    const { cert } = (await open()).current();
    refusal = new Error('away');
    nowMs = start + serverLifetimeMs - 2 * hourMs;
    expect((await open()).current().cert).toBe(cert);
  });
});

describe('the port for the question of an authority', () => {
  const ask = (
    port: number,
    path: string,
    method = 'GET',
  ): Promise<{ status: number; location?: string; body: string }> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => {
          const { location } = response.headers;
          resolve({ status: response.statusCode ?? 0, ...(location === undefined ? {} : { location }), body });
        });
      })
        .on('error', reject)
        .end();
    });

  it('answers that, while it is asked, and sends everybody else to the pages', async () => {
    const listener = await openChallengeListener({ address: '127.0.0.1', port: 0 }, publicUrl, () => undefined);
    const challenge = '/.well-known/acme-challenge/';
    listener.answer('token', 'token.print');
    expect(await ask(listener.port, `${challenge}token`)).toEqual({ status: 200, body: 'token.print' });
    expect((await ask(listener.port, `${challenge}token`, 'POST')).status).toBe(404);
    expect((await ask(listener.port, `${challenge}other`)).status).toBe(404);
    listener.answer('token', undefined);
    expect((await ask(listener.port, `${challenge}token`)).status).toBe(404);
    for (const [path, location] of [
      ['/', 'https://cloud.example.net:8443/'],
      ['/spaces/1?x=2', 'https://cloud.example.net:8443/spaces/1?x=2'],
      ['//evil.example/', 'https://cloud.example.net:8443//evil.example/'],
      ['http://evil.example/', 'https://cloud.example.net:8443/'],
    ] as const)
      expect(await ask(listener.port, path)).toEqual({ status: 308, location, body: '' });
    await expect(
      openChallengeListener({ address: '127.0.0.1', port: listener.port }, publicUrl, () => undefined),
    ).rejects.toThrow(
      /^Cannot listen on 127\.0\.0\.1 port \d+ for the authority’s question \(EADDRINUSE\); .*--acme-http-listen/,
    );
    await listener.close();
  });

  it('outlives connections that cannot be accepted', async () => {
    const listen = vi.spyOn(Server.prototype, 'listen');
    const told: Error[] = [];
    const listener = await openChallengeListener({ address: '127.0.0.1', port: 0 }, publicUrl, (error) =>
      told.push(error),
    );
    const [server] = listen.mock.contexts as Server[];
    listen.mockRestore();
    const late = [new Error('EMFILE'), new Error('EMFILE again')];
    for (const error of late) server?.emit('error', error);
    expect(told).toEqual(late);
    expect((await ask(listener.port, '/')).status).toBe(308);
    await listener.close();
  });
});
