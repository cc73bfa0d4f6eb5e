import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig, type AgentConfig } from '../config/load.ts';
import type { ClaimReading } from '../link/identity-source.ts';
import type { LinkStatus } from '../link/link.ts';
import type { Log } from '../log.ts';
import { createClaimReload, type ClaimReload } from './reload-claim.ts';

let folder: string;
let lines: string[];
let nowMs: number;
let reading: ClaimReading;
/** What the link says, one after the other; the last one stays. */
let statuses: Partial<LinkStatus>[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reload-'));
  lines = [];
  nowMs = 0;
  reading = { claimed: false, identity: undefined, sentence: undefined, isGone: false };
  statuses = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (): AgentConfig =>
  loadConfig({
    env: { NETDATA_USER_CONFIG_DIR: folder },
    overrides: [],
    configFile: undefined,
    installationFile: undefined,
  });
const conf = (text: string): void => writeFileSync(join(folder, 'netdata.conf'), text);
const log: Log = {
  info: (thread, text) => void lines.push(`INFO ${thread} ${text}`),
  error: (thread, text) => void lines.push(`ERROR ${thread} ${text}`),
};
const create = (): ClaimReload =>
  createClaimReload({
    config: load(),
    readConfig: load,
    createFollower: () => ({ reload: async () => reading, reading: () => reading }),
    link: { status: () => (statuses.length > 1 ? statuses.shift() : statuses[0]) as LinkStatus },
    log,
    nowMs: () => nowMs,
    pause: async (ms) => void (nowMs += ms),
  });
const identity = (cloudUrl: string, proxyWords: string): ClaimReading['identity'] =>
  ({ cloudUrl: new URL(cloudUrl), proxyWords }) as ClaimReading['identity'];

test('what is the case is said, and where the link goes when that is a surprise', async () => {
  const reload = create();
  expect(await reload.read()).toEqual({ refused: false, sentence: 'This agent is not claimed.' });
  reading = { ...reading, claimed: true, identity: identity('https://claimed', 'http://***@h:1') };
  conf('[cloud]\ncloud base url = https://other\nproxy = http://u:CANARY@h:1\n');
  expect(await reload.read()).toEqual({ refused: false, sentence: 'This agent is claimed.' });
  expect(lines.at(-1)).toMatch(
    /^INFO claim .*proxy http:\/\/\*\*\*@h:1 \(\[cloud\] proxy\)\. WARNING: .*https:\/\/claimed.*https:\/\/other/,
  );
  reading = { ...reading, identity: undefined, sentence: 'The key is gone.' };
  expect(await reload.read()).toEqual({ refused: false, sentence: 'The key is gone.' });
});

test('settings are read again; those that cannot be read leave the old ones', async () => {
  const reload = create();
  conf('[global]\nnetdata cloud = no\n');
  const answer = await reload.read();
  expect(answer).toMatchObject({
    refused: true,
    sentence: expect.stringContaining('netdata cloud = enable') as unknown,
  });
  expect(reload.config().cloud.enabled).toBe(false);
  conf('[web]\nbind to = a b c\n');
  expect(await reload.read()).toMatchObject({ refused: true });
  expect(lines.join('\n')).toMatch(/ERROR claim claim: the settings stay as they were.*\[web\] bind to/);
  conf('');
  expect(await reload.read()).toMatchObject({ refused: false });
});

test('the link gets some seconds, and then its state is told with the reason and the next attempt', async () => {
  const reload = create();
  const cloud = { claimId: 'x', cloudUrl: 'https://c', proxy: 'none', keyWords: 'six words' };
  const up = { state: 'connected', online: true, identity: cloud } as const;
  statuses = [{ state: 'resolving', online: false }, { state: 'dialling', online: false }, up];
  expect(await reload.tellLink()).toBe('This agent is claimed and online: the link (ACLK) to https://c is up.');
  expect(nowMs).toBe(100);
  statuses = [
    { state: 'waiting', online: false, lastError: 'The proxy is down.', nextRetryAtMs: nowMs + 1500, identity: cloud },
  ];
  expect(await reload.tellLink()).toBe(
    'This agent is claimed and offline: The proxy is down. The next attempt comes in 2 s.',
  );
  statuses = [{ state: 'resolving', online: false, identity: cloud }];
  expect(await reload.tellLink()).toContain('still being made');
  expect(nowMs).toBe(10_100);
});
