// Every route of the Cloud declares who may use it, and a stranger gets no further than the few that are for everybody. The routes
// are read from a running Cloud's own description, so a route that is added is asked, too, without anybody remembering it.

import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@claimstead/cloud/clock';
import { loadConfig } from '@claimstead/cloud/config/load';
import { permissions } from '@claimstead/cloud/http/routes';
import { silentLog } from '@claimstead/cloud/log';
import { startCloud, type Cloud } from '@claimstead/cloud/main';
import { fetchCloud, type Target } from '../harness/cloud-client.ts';

/** Who has no session may use these, and nothing else. Adding one here is a decision that a reviewer should see. */
const openToStrangers = [
  'GET /healthz',
  // Says whether it can write, and no more; one look answers everybody for two seconds.
  'GET /readyz',
  // Not found without the token of a file that the operator named.
  'GET /metrics',
  // Run on hosts whose people have no account.
  'GET /doctor.sh',
  'GET /api/cloud/v1/openapi.json',
  // Refuses whatever is no sign-in.
  'POST /api/cloud/v1/session',
  // Whoever holds the secret of an invitation, and learns nothing without it.
  'POST /api/cloud/v1/invitations/look',
  'POST /api/cloud/v1/invitations/accept',
  // Wants what the first step of a sign-in answered.
  'POST /api/cloud/v1/session/second-factor',
  // Both want a passkey in the end; the first answers a random challenge.
  'POST /api/cloud/v1/session/passkey-options',
  'POST /api/cloud/v1/session/passkey',
  // The first answers everybody alike, the second wants the secret of a link.
  'POST /api/cloud/v1/password-resets',
  'POST /api/cloud/v1/password-resets/redeem',
  // What the sign-in page shows, alike for everybody.
  'GET /api/cloud/v1/session/ways',
];

/** Agents bring no session: these prove a token, a key or nothing that matters. */
const openToAgents = [
  'PUT /api/v1/spaces/nodes/{id}',
  'POST /api/v1/claim-check',
  'GET /api/v1/env',
  'GET /api/v1/auth/node/{claimId}/challenge',
  'POST /api/v1/auth/node/{claimId}/password',
];

interface Operation {
  name: string;
  method: string;
  path: string;
  permission: string;
}

describe('the routes of a running Cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-permissions-'));
  let cloud: Cloud;
  let target: Target;
  let operations: Operation[];

  beforeAll(async () => {
    const config = loadConfig({ data: folder, port: '0' }, {});
    cloud = await startCloud({
      config,
      webFolder: folder,
      clock: systemClock,
      log: silentLog,
      printPassword: () => undefined,
    });
    target = { url: cloud.url.origin, caPem: cloud.caPem ?? '' };
    const { paths } = (await fetchCloud(target, 'GET', '/api/cloud/v1/openapi.json')).json<{
      paths: Record<string, Record<string, { description: string }>>;
    }>();
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { description }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        permission: /^Permission: ([a-z-]+)\.$/.exec(description)?.[1] ?? 'none',
      })),
    );
  });

  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('each declare a permission', () => {
    expect(operations.length).toBeGreaterThan(15);
    const undeclared = operations.filter(({ permission }) => !permissions.some((known) => known === permission));
    expect(undeclared.map(({ name }) => name)).toEqual([]);
  });

  it('are for everybody only where that was decided', () => {
    const names = (permission: string): string[] =>
      operations.filter((operation) => operation.permission === permission).map(({ name }) => name);
    expect(names('public').toSorted()).toEqual(openToStrangers.toSorted());
    expect(names('agent').toSorted()).toEqual(openToAgents.toSorted());
  });

  it('tell a stranger to sign in first, whatever is asked', async () => {
    const guarded = operations.filter(({ name }) => !openToStrangers.includes(name) && !openToAgents.includes(name));
    const answers = await Promise.all(
      guarded.map(async ({ name, method, path }) => {
        const address = path.replace(/\{[^}]+\}|\*/g, '7d9f1d3e-0b8a-4f6e-9a39-0c1f6f1f6b11');
        const { status, body } = await fetchCloud(target, method, address);
        return `${name}: ${status} ${body.toString().includes('sign-in-required') ? 'sign-in-required' : body.toString()}`;
      }),
    );
    expect(answers).toEqual(guarded.map(({ name }) => `${name}: 401 sign-in-required`));
  });
});
