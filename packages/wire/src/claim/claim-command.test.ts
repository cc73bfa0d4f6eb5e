// Every form is given to a real shell, with stand-ins for the programs that print what they got.

import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimCommands, claimForms, claimOptions, ProxySetting, shellWord, type ClaimForm } from './claim-command.ts';

const caPem = '-----BEGIN CERTIFICATE-----\nMIIB$(touch pwned)`touch pwned`\\\n-----END CERTIFICATE-----\n';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-forms-'));
  mkdirSync(join(folder, 'bin'));
  // Prints its words, each ended by a NUL, and takes its standard input.
  for (const name of ['netdata-claim.sh', 'docker', 'sudo']) {
    const file = join(folder, 'bin', name);
    writeFileSync(file, '#!/bin/sh\nprintf "%s\\0" "$@"\n');
    chmodSync(file, 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function inShell([shell, ...options]: readonly [string, ...string[]], script: string): string[] {
  const syntax = spawnSync(shell, [...options, '-n', '-c', script], { encoding: 'utf8' });
  expect(syntax.stderr).toBe('');
  const ran = spawnSync(shell, [...options, '-c', script], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, NETDATA_USER_CONFIG_DIR: join(folder, 'a b') },
  });
  expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
  return ran.stdout.split('\0').slice(0, -1);
}

/** What the options are that reach netdata-claim.sh, or `-W "claim …"`, in that form. */
function optionsOf(form: ClaimForm, said: readonly string[]): string[] {
  if (form === 'user') return [...said];
  if (form === 'sudo') return said.slice(1);
  if (form === 'docker-exec') return said.slice(4);
  const claim = said.at(-1) ?? '';
  return claim.split(' ').slice(1);
}

const slug = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const token = fc.stringMatching(/^cst_[0-9A-Za-z]{38}$/);
const url = fc
  .oneof(
    fc.tuple(fc.domain(), fc.option(fc.integer({ min: 1, max: 65535 }))),
    fc.tuple(
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.option(fc.integer({ min: 1, max: 65535 })),
    ),
    fc.tuple(fc.ipV4(), fc.option(fc.integer({ min: 1, max: 65535 }))),
  )
  .map(([host, port]) => new URL(`https://${host}${port === null ? '' : `:${port}`}`).origin);
const nasty = fc.string({ unit: fc.constantFrom(...Array.from('ab1$`\'"\\ ;&|<>(){}[]*?!#~%@:/\n\t-_.=')) });
const proxy = fc
  .oneof(
    fc.constantFrom('none', 'env', 'socks5h://proxy.example:1080', 'http://ada:p%40ss%27%24x@[2001:db8::1]:3128'),
    fc
      .tuple(fc.constantFrom('http', 'socks5', 'socks5h'), nasty, nasty, fc.domain(), fc.nat(70_000))
      .map(([scheme, user, password, host, port]) => `${scheme}://${user}:${password}@${host}:${port}`),
    nasty,
  )
  .map((text) => ProxySetting.safeParse(text))
  .filter(({ success }) => success)
  .map(({ data }) => data ?? 'none');

// A bash whose input is a socket takes itself for a remote one and reads its files.
const shells: readonly [name: string, shell: readonly [string, ...string[]]][] = [
  ['sh', ['/bin/sh']],
  ['bash', ['/bin/bash', '--norc']],
];

describe.each(shells)('in %s', (_name, shell) => {
  it.each(claimForms)('the form %s hands every option on as it is meant', (form) => {
    fc.assert(
      fc.property(
        fc.record({
          token,
          roomSlugs: fc.array(slug, { maxLength: 3 }),
          url,
          caPem: fc.constant(null),
          proxy: fc.option(proxy),
        }),
        (parts) => {
          const { trust, claim } = claimCommands(form, parts);
          expect(trust).toBeNull();
          expect(optionsOf(form, inShell(shell, claim))).toEqual(claimOptions(parts));
        },
      ),
      { numRuns: 15 },
    );
  });
});

it.each(claimForms)('the form %s brings the certificate of the Cloud to where the agent looks, untouched', (form) => {
  const { trust } = claimCommands(form, { token: 'cst_x', roomSlugs: [], url: 'https://c', caPem, proxy: null });
  expect(trust).not.toBeNull();
  // What docker and sudo run, run here.
  writeFileSync(join(folder, 'bin', 'sudo'), '#!/bin/sh\nexec "$@"\n');
  writeFileSync(join(folder, 'bin', 'docker'), '#!/bin/sh\nshift 3\nexec "$@"\n');
  inShell(['/bin/sh'], trust ?? '');
  const where = form === 'docker-run' ? 'claimstead-ca.pem' : 'a b/claim.d/cloud_fullchain.pem';
  expect(readFileSync(join(folder, where), 'utf8')).toBe(caPem);
  rmSync(join(folder, where));
  expect(spawnSync('ls', ['pwned'], { cwd: folder }).status).not.toBe(0);
});

it('mounts that certificate into a container that is made', () => {
  const { claim } = claimCommands('docker-run', { token: 't', roomSlugs: [], url: 'https://c', caPem, proxy: null });
  expect(claim).toContain('-v "$PWD/claimstead-ca.pem":/etc/netdata/claim.d/cloud_fullchain.pem:ro');
});

it('makes one word of anything', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(nasty, fc.string({ unit: 'grapheme' })).filter((text) => !text.includes('\0')),
        { maxLength: 4 },
      ),
      (texts) => {
        const script = `for word in ${texts.map(shellWord).join(' ')}; do printf '%s\\0' "$word"; done`;
        const ran = spawnSync('/bin/sh', ['-c', script]);
        expect(ran.stdout.toString('utf8')).toBe(texts.map((text) => `${text}\0`).join(''));
      },
    ),
    { numRuns: 60 },
  );
});

it.each([
  ['none', true],
  ['env', true],
  ['http://proxy:3128', true],
  ['socks5h://ada:s3cr%40t@10.0.0.1:1080', true],
  ['https://proxy:3128', false],
  ['http://proxy', false],
  ['http://proxy:0', false],
  ['http://proxy:65536', false],
  ["http://proxy:3128'; reboot", false],
  ['http://$(reboot):3128', false],
  ['http://a b@proxy:3128', false],
  ['-token=x', false],
  ['', false],
])('the proxy %s: %s', (text, isTaken) => {
  expect(ProxySetting.safeParse(text).success).toBe(isTaken);
});
