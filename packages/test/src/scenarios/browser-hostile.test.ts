// Names that strangers choose, on every page: 200 payloads of scripts, markup, formulas, terminal codes, right-to-left and endless text in each
// field that an agent or a person can set. Nothing of it runs, nothing is refused by the policy, no page gets broader than its window, and no
// text reorders what stands beside it. [trust T16]

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isHostname } from '@claimstead/cloud/claim/checked-claim';
import { AlarmStatus } from '@claimstead/wire/gen/link/v1/alarm';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import type { CloudClient } from '../harness/cloud-client.ts';
import { startManyNodes, type ManyNodes } from '../harness/many-nodes.ts';
import { eventually } from '../harness/programs.ts';
import {
  givenNames,
  lookAtStrangers,
  payload as at,
  payloads,
  troublesOf,
  watchForStrangers,
} from '../harness/strangers.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

/** What an agent may call its machine; the others are refused at the door. */
const hostnames = payloads.map((text) => text.trim()).filter(isHostname);

let world: World;
let cloud: Cloud;
let client: CloudClient;
let browser: Browser;
let many: ManyNodes;
let space: string;
let dialogs: () => number;

const infoOf = (n: number): object => ({
  osName: at(n),
  osVersion: at(n + 1),
  kernelName: at(n + 2),
  kernelVersion: at(n + 3),
  architecture: at(n + 4),
  version: at(n + 5),
  releaseChannel: at(n + 6),
  timezone: at(n + 7),
  virtualizationType: at(n + 8),
  containerType: at(n + 9),
  hostLabels: Object.fromEntries(payloads.map((text, label) => [`${label} ${text}`, at(label + 1)])),
});

/** Charts, functions, alerts: one for each payload, named by it. */
function answerOf(path: string, query: URLSearchParams): unknown {
  const each = <T>(make: (text: string, n: number) => [string, T]): Record<string, T> =>
    Object.fromEntries(payloads.map(make));
  const chart = (text: string, n: number): [string, object] => {
    const id = `${text.slice(0, 40)}.${n}`;
    const dimensions = { [text]: { name: text }, [at(n + 1)]: { name: at(n + 1) } };
    const words = { name: text, type: text, family: text, context: text, title: text, units: text };
    return [id, { id, ...words, dimensions, chart_type: 'line', update_every: 1, priority: n }];
  };
  if (path === '/api/v1/charts') return { charts: each(chart) };
  if (path === '/api/v1/functions')
    return { functions: each((text) => [text === '' ? 'x' : text, { help: text, tags: text, access: [text] }]) };
  if (path === '/api/v1/function') {
    const shown = { visible: true, sortable: true, type: 'string' };
    const columns = each((text, n) => [text, { index: n, name: text, units: text, ...shown }]);
    const data = payloads.map((_, row) => payloads.map((__, n) => at(row + n)));
    return { status: 200, type: 'table', has_history: false, help: query.get('function'), columns, data };
  }
  if (path === '/api/v1/alarms') {
    const told = { status: 'WARNING', last_status_change: 1, value: 1, update_every: 1 };
    return {
      status: true,
      alarms: each((text, n) => [
        `${n}.${text}`,
        {
          id: n + 1,
          name: text,
          chart: `${text}.${n}`,
          summary: text,
          info: text,
          units: text,
          value_string: text,
          recipient: text,
          source: text,
          ...told,
        },
      ]),
    };
  }
  return undefined;
}

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  client = await cloud.client();
  many = await startManyNodes(cloud, hostnames, { infoOf, answerOf, claimedName: at(0) });
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  space = spaces[0]?.id ?? '';
  for (const name of givenNames) await client.send('POST', `/spaces/${space}/rooms`, { name });
  const { rooms } = (await client.send('GET', `/spaces/${space}/rooms`)).json<{ rooms: { id: string }[] }>();
  await client.send('POST', `/spaces/${space}/node-moves`, {
    nodeIds: many.nodeIds,
    join: rooms.slice(1, 40).map(({ id }) => id),
    leave: [],
  });
  const { claimId, session } = many.parent;
  const status = { status: AlarmStatus.ALARM_STATUS_WARNING, oldStatus: AlarmStatus.ALARM_STATUS_CLEAR };
  payloads.forEach((text, n) =>
    session.publish('alarm-log-v2', 'AlarmLogEntry', {
      claimId,
      nodeId: many.nodeIds[0] ?? '',
      chart: `${text}.${n}`,
      name: text,
      family: text,
      chartContext: text,
      chartName: text,
      summary: text,
      renderedInfo: text,
      valueString: text,
      configHash: text,
      when: BigInt(Math.floor(Date.now() / 1000)),
      sequenceId: BigInt(n + 1),
      eventId: BigInt(n + 1),
      ...status,
    }),
  );
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  dialogs = await watchForStrangers(page);
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

const look = (name: string): Promise<string[]> => lookAtStrangers(browser.page, name);

suite('every page', () => {
  test('has enough strangers to show', () => {
    expect(payloads).toHaveLength(200);
    expect(hostnames.length).toBeGreaterThan(150);
    expect(givenNames.length).toBeGreaterThan(80);
  });

  test.each([
    ['nodes', () => ''],
    ['rooms', () => '/rooms'],
    ['alerts', () => '/alerts'],
    ['add nodes', () => '/add-nodes'],
    ['manage', () => '/manage'],
    ['manage details', () => `/manage?node=${many.nodeIds[0]}`],
  ])('of a Space: %s', async (name, path) => {
    const { page } = browser;
    await page.goto(`${cloud.url}/spaces/${space}${path()}`);
    await page.locator('main h1, [data-details]').first().waitFor();
    await eventually(async () =>
      (await page.locator('[role="status"] >> text=Loading').count()) === 0 ? true : undefined,
    );
    expect(await look(name)).toEqual([]);
  });

  test.each([
    ['charts', ''],
    ['node alerts', '/alerts'],
    ['functions', '/functions'],
    ['function', `/functions/${encodeURIComponent('processes')}`],
    ['information', '/information'],
  ])('of a node: %s', async (name, path) => {
    const { page } = browser;
    await page.goto(`${cloud.url}/nodes/${many.nodeIds[0]}${path}`);
    await page.locator('h1').first().waitFor();
    await eventually(async () =>
      (await page.locator('[role="status"] >> text=Loading').count()) === 0 ? true : undefined,
    );
    expect(await look(name)).toEqual([]);
  });

  test('under every name that a Space can have', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/spaces/${space}/manage`);
    for (const name of givenNames.filter((_, n) => n % 8 === 0)) {
      expect((await client.send('PATCH', `/spaces/${space}`, { name })).status).toBe(200);
      await page.reload();
      await page.locator('main h1').first().waitFor();
      expect(await troublesOf(browser.page)).toEqual([]);
    }
    expect(await look('space')).toEqual([]);
  });

  test('asked nobody anything, and wrote no error', () => {
    expect(dialogs()).toBe(0);
    // What cannot be relayed (an address with control characters), or is not there.
    expect(browser.problems.filter((text) => !/status of (400|401|404|5\d\d)/.test(text))).toEqual([]);
  });

  // Last: the browser complains of each.
  test('sets no markup from text, whoever tries', async () => {
    const refused = await browser.page.evaluate(() => {
      const tried = [
        () => (document.createElement('div').innerHTML = '<img src="x" onerror="window.__pwn = 1">'),
        () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>'),
        () => (document.createElement('script').src = 'data:text/javascript,1'),
        () => (document.createElement('script').text = '1'),
      ];
      return tried.map((one) => {
        try {
          one();
          return 'done';
        } catch (cause) {
          return cause instanceof TypeError ? 'refused' : String(cause);
        }
      });
    });
    expect(refused).toEqual(['refused', 'refused', 'refused', 'refused']);
  });
});

suite('what leaves the Cloud', () => {
  test('is a table in which no cell is calculated', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/spaces/${space}/manage`);
    await page.locator('[data-node]').first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /as CSV$/ }).click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    const rows = text.split('\r\n').slice(0, -1);
    expect(rows).toHaveLength(hostnames.length + 2);
    for (const row of rows) {
      const cells = row.match(/"(?:[^"]|"")*"/g) ?? [];
      expect(cells.join(',')).toBe(row);
      expect(cells).toHaveLength(17);
      expect(cells.filter((cell) => /^"[\p{Z}\p{C}]*[=+\-@＝＋－＠]/u.test(cell))).toEqual([]);
    }
    expect(text.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
  });

  test('and in a terminal text that steers nothing', async () => {
    for (const command of [['nodes'], ['audit'], ['room', 'list'], ['space', 'list'], ['token', 'list']]) {
      const { code, stdout } = await cloud.admin(...command);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(20);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});
