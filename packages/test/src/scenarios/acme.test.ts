// The certificate comes from an ACME authority: Debian's Pebble, which is strict and forgetful on purpose.

import { readdirSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { silentLog, type Log } from '@claimstead/cloud/log';
import { startRunningCloud } from '@claimstead/cloud/main-in-tests';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pebbleIsMissing, startPebble, type Pebble } from '../harness/pebble.ts';
import { eventually, freePort, run, start } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = pebbleIsMissing();
const host = 'cloud.example.net';
const hourMs = 3600 * 1000;
/** Due a little before two hours have gone, so the Cloud’s second hourly look finds it so. */
const certificateSeconds = 2.9 * 3600;

let world: World;
let pebble: Pebble;
beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  pebble = await startPebble(join(world.folder, 'pebble'), certificateSeconds);
});
afterAll(async () => {
  await pebble?.stop();
  await world?.end();
});

/** What is served on the port, to who trusts the authority alone. */
const served = async (port: number): Promise<PeerCertificate> => {
  const ca = await pebble.rootPem();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: host, ca }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
};

const serve = (folder: string, port: number, more = ''): string[] =>
  `serve --data ${folder} --port ${port} --public-url https://${host}:${port} --acme-directory-url ${pebble.directoryUrl}
   --acme-ca-file ${pebble.caFile} --acme-http-listen 127.0.0.1:${pebble.httpPort} ${more}`
    .trim()
    .split(/\s+/);

describe.skipIf(missing !== undefined)(`a certificate over ACME${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('is there when the Cloud serves for the first time, and again at the next start', async () => {
    const [folder, port] = [join(world.folder, 'first'), await freePort()];
    const begin = () => world.keep(start('claimstead', serve(folder, port, '--acme-email me@example.net')));
    const first = begin();
    await first.printed(/^ready https:\/\/cloud\.example\.net:\d+$/m);
    const certificate = await served(port);
    expect(certificate.subjectaltname).toBe(`DNS:${host}`);
    const location = await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: pebble.httpPort, path: '/sign-in' }, (response) => {
        response.resume();
        resolve(`${response.statusCode} ${response.headers.location}`);
      }).on('error', reject);
    });
    expect(location).toBe(`308 https://${host}:${port}/sign-in`);
    const tls = join(folder, 'cloud/tls');
    for (const name of readdirSync(tls)) expect(statSync(join(tls, name)).mode & 0o777).toBe(0o600);
    expect(await first.stop()).toMatchObject({ code: 0 });

    const again = begin();
    await again.printed(/^ready /m);
    expect((await served(port)).serialNumber).toBe(certificate.serialNumber);
    await again.stop();
    expect(first.stderr() + again.stderr()).not.toMatch(/PRIVATE KEY/);
  });

  test('that is refused stops the first start with one sentence', async () => {
    const args = serve(join(world.folder, 'refused'), await freePort());
    const nowhere = `https://localhost:${await freePort()}/dir`;
    for (const [directory, reason] of [
      [nowhere, 'ECONNREFUSED'],
      [pebble.directoryUrl.replace('/dir', '/nothing'), '.*404.*'],
    ] as const) {
      const { code, stdout, stderr } = await run(
        'claimstead',
        args.map((arg) => (arg === pebble.directoryUrl ? directory : arg)),
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(
          `^claimstead: No certificate for cloud\\.example\\.net from ${directory} \\(${reason}\\); see that [^\n]*\n$`,
        ),
      );
    }
    const untrusted = await run(
      'claimstead',
      args.filter((arg) => arg !== '--acme-ca-file' && arg !== pebble.caFile),
    );
    expect(untrusted.stderr).toMatch(/^claimstead: No certificate .*\((UNABLE_TO_\w+|SELF_SIGNED_\w+)\)[^\n]*\n$/);
  });

  test('is renewed without a restart, and a renewal that fails stops nothing', async () => {
    const port = await freePort();
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (event, fields) => void warnings.push(`${event}: ${fields?.reason}`) };
    const running = await startRunningCloud({
      log,
      config: {
        port,
        publicUrl: new URL(`https://${host}:${port}`),
        acme: {
          publicUrl: new URL(`https://${host}:${port}`),
          config: {
            directoryUrl: new URL(pebble.directoryUrl),
            email: undefined,
            httpListen: { address: '127.0.0.1', port: pebble.httpPort },
            caFile: pebble.caFile,
          },
        },
      },
    });
    try {
      const first = await served(port);
      running.clock.advance(1.5 * hourMs);
      expect((await served(port)).serialNumber).toBe(first.serialNumber);
      running.clock.advance(0.6 * hourMs);
      const second = await eventually(async () => {
        const { serialNumber } = await served(port);
        return serialNumber === first.serialNumber ? undefined : serialNumber;
      });
      expect(warnings).toEqual([]);
      await pebble.stop();
      running.clock.advance(hourMs);
      expect(await eventually(() => warnings[0])).toMatch(/^the certificate was not renewed; .*: ECONNREFUSED$/);
      expect(second).not.toBe(first.serialNumber);
      expect(
        await new Promise((resolve) => {
          const socket = connect({ host: '127.0.0.1', port, servername: host, rejectUnauthorized: false }, () => {
            resolve(socket.getPeerCertificate().serialNumber);
            socket.destroy();
          });
        }),
      ).toBe(second);
    } finally {
      await running.close();
    }
  });
});
