// A claim that is killed at every one of its steps, as a real process: what it leaves is never half a claim, holds no token, and is
// healed by running the claim again.

import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClaimStep } from './claim.ts';
import { readClaim } from './claim-directory.ts';
import { farAhead, longAgo, makeCa, type PrivateCa } from './testing/certificates.ts';
import { ScriptedCloud } from './testing/scripted-cloud.ts';

let folder: string;
let ca: PrivateCa;
let cloud: ScriptedCloud;
let url: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
  ca = makeCa(folder);
  cloud = new ScriptedCloud(ca.issue('good', 'DNS:localhost', longAgo, farAhead), [{ status: 204 }]);
  url = `https://localhost:${await cloud.listen()}`;
  const here = (name: string): string => JSON.stringify(new URL(name, import.meta.url).pathname);
  const source = `
    import { claimNode } from ${here('claim.ts')};
    import { usualPatience } from ${here('claim-client.ts')};
    import { Secret } from ${here('../config/secret.ts')};
    const { killAt, token, ...wish } = JSON.parse(process.argv[2]);
    const proxy = { kind: 'direct', masked: 'none' };
    const result = await claimNode({ ...wish, owner: undefined, proxy, token: new Secret(token) }, usualPatience, (step) => {
      if (step === killAt) process.kill(process.pid, 'SIGKILL');
    });
    process.exit(result.claimed ? 0 : 1);`;
  writeFileSync(join(folder, 'claim.ts'), source);
  program = join(folder, 'claim.mjs');
  const require = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
  const options = ['--bundle', '--platform=node', '--format=esm', `--banner:js=${require}`];
  execFileSync('npx', ['esbuild', join(folder, 'claim.ts'), ...options, `--outfile=${program}`], { stdio: 'ignore' });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

const steps: readonly ClaimStep[] = [
  'locked',
  'probed',
  'key pair ready',
  'accepted by the Cloud',
  'url saved',
  'claim saved',
  'token deleted',
];

test.each(steps)('killed after "%s"', async (killAt) => {
  const directory = join(mkdtempSync(join(folder, 'node-')), 'claim.d');
  mkdirSync(directory);
  writeFileSync(join(directory, 'cloud_fullchain.pem'), ca.ca);
  writeFileSync(join(directory, 'token'), 'file-token');
  const id = randomUUID();
  const wish = { directory, url, token: 'CANARY-TOKEN', rooms: [], claimId: id, machineGuid: id, hostname: 'h' };
  const run = async (at: ClaimStep | undefined): Promise<NodeJS.Signals | number | null> => {
    const child = spawn(process.execPath, [program, JSON.stringify({ ...wish, killAt: at })], { stdio: 'inherit' });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal ?? code;
  };

  expect(await run(killAt)).toBe('SIGKILL');
  const isSaved = killAt === 'claim saved' || killAt === 'token deleted';
  expect(await readClaim(directory)).toMatchObject(
    isSaved ? { state: 'claimed', claimId: id, url } : { state: 'unclaimed' },
  );
  for (const name of readdirSync(directory))
    expect(readFileSync(join(directory, name), 'utf8')).not.toContain('CANARY');

  expect(await run(undefined)).toBe(0);
  expect(await readClaim(directory)).toMatchObject({ state: 'claimed', claimId: id, url });
  expect(readdirSync(directory).toSorted()).toEqual([
    'claimed_id',
    'cloud.conf',
    'cloud_fullchain.pem',
    'private.pem',
    'public.pem',
  ]);
});
