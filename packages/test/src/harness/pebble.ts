// An ACME authority as its makers test with: Debian's Pebble on the loopback, and its DNS, in which every name is this machine.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { issueServerCertificate, makeCa } from '@claimstead/cloud/tls/private-ca';
import { eventually, freePort, start, type Running } from './programs.ts';

/** Undefined when it can be started; otherwise why not. */
export const pebbleIsMissing = (): string | undefined =>
  existsSync('/usr/bin/pebble') ? undefined : 'Debian’s pebble is not installed';

export interface Pebble {
  directoryUrl: string;
  /** The authority that the directory itself is trusted by. */
  caFile: string;
  /** Where it asks its question. */
  httpPort: number;
  /** What its certificates are trusted by; another one at each start. */
  rootPem(): Promise<string>;
  stop(): Promise<void>;
}

export async function startPebble(folder: string, certificateSeconds: number): Promise<Pebble> {
  await mkdir(folder, { recursive: true });
  const ca = await makeCa(Date.now());
  const own = await issueServerCertificate(ca, ['localhost', '127.0.0.1'], Date.now());
  const [port, management, httpPort, tlsPort, dns, dnsManagement] = await Promise.all(
    Array.from({ length: 6 }, () => freePort()),
  );
  const file = (name: string): string => join(folder, name);
  await writeFile(file('ca.pem'), ca.cert);
  await writeFile(file('cert.pem'), own.cert);
  await writeFile(file('key.pem'), own.key);
  const settings = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: file('cert.pem'),
    privateKey: file('key.pem'),
    httpPort,
    tlsPort,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
    certificateValidityPeriod: certificateSeconds,
  };
  await writeFile(file('pebble.json'), JSON.stringify({ pebble: settings }));
  const nothing = '';
  const named = {
    dns01: `127.0.0.1:${dns}`,
    management: `127.0.0.1:${dnsManagement}`,
    http01: nothing,
    https01: nothing,
    tlsalpn01: nothing,
    defaultIPv4: '127.0.0.1',
    defaultIPv6: nothing,
  };
  const names: Running = start(
    '/usr/bin/pebble-challtestsrv',
    Object.entries(named).flatMap(([name, value]) => [`-${name}`, value]),
  );
  const authority = start('/usr/bin/pebble', ['-config', file('pebble.json'), '-dnsserver', `127.0.0.1:${dns}`], {
    // It sleeps before it asks, and uses old answers again, to try its customers out.
    env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0' },
  });
  const get = (url: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request(url, { ca: ca.cert }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
  const directoryUrl = `https://localhost:${port}/dir`;
  await eventually(() =>
    get(directoryUrl).then(
      () => true,
      () => undefined,
    ),
  );
  return {
    directoryUrl,
    caFile: file('ca.pem'),
    httpPort: httpPort ?? 0,
    rootPem: () => get(`https://localhost:${management}/roots/0`),
    async stop() {
      await Promise.all([authority.stop(), names.stop()]);
    },
  };
}
