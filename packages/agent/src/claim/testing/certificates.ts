// Real things for the tests of this folder: certificates.ts (a private CA), scripted-cloud.ts (an HTTPS server that answers as told),
// proxies.ts (an HTTP and a SOCKS5 proxy that count and refuse). Nothing here is part of the agent.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
}

export interface PrivateCa {
  /** PEM of the CA itself. */
  ca: string;
  /** `names` as in subjectAltName, e.g. `DNS:localhost`; dates are `YYYYMMDDHHMMSSZ`. */
  issue: (name: string, names: string, from: string, to: string) => Certificate;
}

/** Makes a CA with openssl in `folder`, which must exist. Takes some tens of milliseconds for each certificate. */
export function makeCa(folder: string): PrivateCa {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const config = [
    '[ca]\ndefault_ca = d\n[d]\ndatabase = index\nnew_certs_dir = .\nserial = serial\ndefault_md = sha256\npolicy = p\nunique_subject = no',
    'copy_extensions = copy\n[p]\ncommonName = supplied\n[req]\ndistinguished_name = n\n[n]',
  ].join('\n');
  writeFileSync(join(folder, 'ca.conf'), config);
  writeFileSync(join(folder, 'index'), '');
  writeFileSync(join(folder, 'serial'), '01');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'ca.conf'];
  openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=Test CA',
    '-addext', 'basicConstraints=critical,CA:TRUE'); // prettier-ignore
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    ca: read('ca.pem'),
    issue: (name, names, from, to) => {
      openssl('req', '-new', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`,
        '-addext', `subjectAltName=${names}`); // prettier-ignore
      openssl('ca', '-batch', '-config', 'ca.conf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', `${name}.csr`, '-out', `${name}.pem`,
        '-notext', '-startdate', from, '-enddate', to); // prettier-ignore
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
    },
  };
}

export const longAgo = '20200101000000Z';
export const lastYear = '20210101000000Z';
export const farAhead = '20491231000000Z';
