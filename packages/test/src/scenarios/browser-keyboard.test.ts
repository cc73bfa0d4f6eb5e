// Everything by the keyboard alone: on every page of the app each thing that can be operated is reached with Tab, one sees where one is, nothing
// holds the focus, Escape leads back to where one came from; and the main deeds are done without a pointer.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, startBrowser, type Browser } from '../harness/browser.ts';
import { createCloudClient, fetchCloud, type CloudClient } from '../harness/cloud-client.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { enter, headingTroubles, smallTargets, tabTo, walk } from '../harness/keyboard.ts';
import { startManyNodes, type ManyNodes } from '../harness/many-nodes.ts';
import { eventually, root } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let client: CloudClient;
let browser: Browser;
let many: ManyNodes;
let space = '';
let room = '';
let invitation = '';

const chart = (id: string): object => ({
  id,
  name: id,
  type: 'system',
  family: id,
  context: id,
  title: id,
  units: '%',
  chart_type: 'line',
  update_every: 1,
  priority: 1,
  dimensions: { user: { name: 'user' } },
});

function answerOf(path: string): unknown {
  if (path === '/api/v1/charts')
    return {
      charts: { 'system.cpu': chart('system.cpu'), 'disk.io': chart('disk.io'), 'net.eth0': chart('net.eth0') },
    };
  if (path === '/api/v1/functions')
    return { functions: { processes: { help: 'What runs', tags: 'top', access: ['members'] } } };
  if (path === '/api/v1/function') {
    const column = { visible: true, sortable: true, type: 'string' };
    const columns = { Name: { index: 0, name: 'Name', ...column }, CPU: { index: 1, name: 'CPU', ...column } };
    return {
      status: 200,
      type: 'table',
      has_history: false,
      columns,
      data: [
        ['init', '1'],
        ['cron', '2'],
      ],
    };
  }
  if (path === '/api/v1/alarms') {
    const told = { status: 'WARNING', last_status_change: 1, value: 1, update_every: 1, chart: 'system.cpu' };
    return { status: true, alarms: { 'system.cpu.load': { id: 1, name: 'load', ...told } } };
  }
  return undefined;
}

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  client = await cloud.client();
  many = await startManyNodes(cloud, ['ada', 'grace', 'linus'], { answerOf });
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  space = spaces[0]?.id ?? '';
  const of = `/spaces/${space}`;
  await client.send('PATCH', of, { name: 'Home' });
  room = (await client.send('POST', `${of}/rooms`, { name: 'Attic' })).json<{ id: string }>().id;
  const about = { usesLeft: 1, sourceNetworks: [], admitsByHand: false, roomIds: [room] };
  await client.send('POST', `${of}/claim-tokens`, { name: 'Rack', lifetimeMs: 3_600_000, ...about });
  await client.send('POST', '/account/tokens', { name: 'Report', spaceId: space, role: 'observer', days: 1 });
  await client.send('POST', `${of}/webhooks`, { url: 'https://192.0.2.1/hook', kinds: ['node-live'] });
  const invite = async (email: string): Promise<string> =>
    (await client.send('POST', `${of}/invitations`, { email, role: 'member', roomIds: [room] })).json<{
      link: string;
    }>().link;
  await invite('waits@a.example');
  invitation = await invite('comes@a.example');
  const joins = await invite('mary@a.example');
  await fetchCloud(cloud, 'POST', '/api/cloud/v1/invitations/accept', {
    body: JSON.stringify({
      secret: joins.split('#')[1],
      account: { name: 'Mary', password: 'a long enough password' },
    }),
    headers: { 'content-type': 'application/json' },
  });
  const code = (await cloud.admin('sign-in')).stdout.trim();
  await (await createCloudClient({ ...cloud, oneUseCode: code })).send('GET', '/session');
  browser = await startBrowser(world.folder, cloud.caPem);
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

async function open(path: string): Promise<void> {
  const { page } = browser;
  await page.goto('about:blank');
  await page.goto(path.startsWith('https:') ? path : cloud.url + path);
  await page.locator('h1').first().waitFor();
  await eventually(async () =>
    (await page.locator('[role="status"] >> text=Loading').count()) === 0 ? true : undefined,
  );
}

/** Every page by the name of its route in routes.tsx; null: it is only a way to others. */
const pages: Record<string, (() => string) | null> = {
  signIn: () => '/sign-in',
  resetPassword: () => '/reset-password#x',
  invitation: () => invitation,
  start: null,
  welcome: () => '/welcome?step=space',
  nodes: () => `/spaces/${space}`,
  room: () => `/spaces/${space}/rooms/${room}`,
  rooms: () => `/spaces/${space}/rooms`,
  addNodes: () => `/spaces/${space}/add-nodes`,
  tokens: () => `/spaces/${space}/tokens`,
  account: () => '/account',
  manageNodes: () => `/spaces/${space}/manage`,
  people: () => `/spaces/${space}/people`,
  spaceSettings: () => `/spaces/${space}/settings`,
  alerts: () => `/spaces/${space}/alerts`,
  audit: () => `/spaces/${space}/audit`,
  webhooks: () => `/spaces/${space}/webhooks`,
  node: null,
  nodeCharts: () => `/nodes/${many.nodeIds[0]}`,
  nodeAlerts: () => `/nodes/${many.nodeIds[0]}/alerts`,
  nodeFunctions: () => `/nodes/${many.nodeIds[0]}/functions`,
  nodeFunction: () => `/nodes/${many.nodeIds[0]}/functions/processes`,
  nodeInformation: () => `/nodes/${many.nodeIds[0]}/information`,
};
const strangers = new Set(['signIn', 'resetPassword', 'invitation']);
const listed = Object.entries(pages).flatMap(([name, path]) => (path === null ? [] : [[name, path] as const]));

test('every page of routes.tsx is among those that are walked', () => {
  const routes = readFileSync(join(root, 'packages/web/src/routes.tsx'), 'utf8');
  const named = [...routes.matchAll(/^const (\w+) = createRoute\(\{[^;]*?\bpath: '/gm)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name = '') => !(name in pages))).toEqual([]);
});

suite('signing in', () => {
  test.each(listed.filter(([name]) => strangers.has(name)))(
    'is not needed for %s, which Tab walks through',
    async (_, path) => {
      expect(await troublesOf(path)).toEqual([]);
    },
  );

  test('is done by the keyboard', async () => {
    const { page } = browser;
    await open('/');
    await tabTo(page, page.getByLabel('E-mail address'));
    await page.keyboard.type(administrator);
    await page.keyboard.press('Tab');
    await tabTo(page, page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(cloud.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Account: / }).waitFor();
  });
});

/** What is wrong with the page for whoever has no pointer, wide and narrow, and with a finger. */
async function troublesOf(path: () => string): Promise<string[]> {
  const { page } = browser;
  await open(path());
  const troubles: string[] = [];
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const { stops, unreached, unseen, covered } = await walk(page);
    if (stops === 0 || stops === 400) troubles.push(`${width} px: ${stops} stops`);
    for (const name of unreached) troubles.push(`${width} px: Tab does not come to ${name}`);
    for (const name of unseen) troubles.push(`${width} px: one does not see the focus on ${name}`);
    for (const name of covered) troubles.push(`${width} px: one does not see ${name} with the focus`);
    if (width === 390) troubles.push(...(await smallTargets(page)).map((text) => `for a finger, ${text}`));
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return [...troubles, ...(await headingTroubles(page))];
}

suite('Tab', () => {
  test.each(listed.filter(([name]) => !strangers.has(name)))('walks through the page %s', async (_, path) => {
    expect(await troublesOf(path)).toEqual([]);
  });

  test('comes first to the way past the menus', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/people`);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator('main :focus').count()).toBe(1);
  });
});

const button = (name: string | RegExp): Locator =>
  browser.page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = (): Locator => browser.page.getByRole('dialog');

suite('Escape', () => {
  test.each<[string, () => string, string | RegExp]>([
    ['rooms', () => `/spaces/${space}/rooms`, 'Rename Attic'],
    ['rooms', () => `/spaces/${space}/rooms`, 'Delete Attic'],
    ['tokens', () => `/spaces/${space}/tokens`, 'Make a token'],
    ['tokens', () => `/spaces/${space}/tokens`, 'Change Rack'],
    ['tokens', () => `/spaces/${space}/tokens`, 'Regenerate Rack'],
    ['tokens', () => `/spaces/${space}/tokens`, 'Revoke Rack'],
    ['people', () => `/spaces/${space}/people`, 'Invite somebody'],
    ['people', () => `/spaces/${space}/people`, 'Remove Mary'],
    ['people', () => `/spaces/${space}/people`, /^Rooms of Mary/],
    ['people', () => `/spaces/${space}/people`, 'Withdraw the invitation of waits@a.example'],
    ['people', () => `/spaces/${space}/people`, 'Leave'],
    ['webhooks', () => `/spaces/${space}/webhooks`, 'Add a webhook'],
    ['webhooks', () => `/spaces/${space}/webhooks`, /^Remove/],
    ['account', () => '/account', 'Turn on'],
    ['account', () => '/account', 'Make a token'],
    ['account', () => '/account', 'Revoke the token Report'],
    ['account', () => '/account', 'Sign out everywhere'],
    ['account', () => '/account', 'Add a passkey'],
    ['manage', () => `/spaces/${space}/manage`, 'Remove ada'],
  ])('leads from what is asked on %s back to where one was: %s %s', async (_, path, name) => {
    const { page } = browser;
    for (const how of ['Escape', 'Close'] as const) {
      await open(path());
      await enter(page, button(name).first());
      await dialog().waitFor();
      await eventually(async () =>
        (await page.locator('[role="dialog"] :focus, dialog :focus').count()) > 0 ? true : undefined,
      );
      const { stops, ...found } = await walk(page, 100);
      expect(found).toEqual({ unreached: [], unseen: [], covered: [] });
      expect(stops).toBeLessThan(100);
      if (how === 'Escape') await page.keyboard.press('Escape');
      else await enter(page, dialog().getByRole('button', { name: 'Close' }));
      await dialog().waitFor({ state: 'detached' });
      await eventually(async () =>
        (await button(name)
          .first()
          .evaluate((one) => one === document.activeElement))
          ? true
          : undefined,
      );
    }
  });

  test.each([/^Account: /, 'Home'] as const)('closes the menu %s', async (name) => {
    const { page } = browser;
    await open(`/spaces/${space}/people`);
    await enter(page, button(name));
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await button(name).evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('leads from what a menu asked back to the menu’s button', async () => {
    const { page } = browser;
    await open(`/spaces/${space}`);
    for (const item of ['New Space', 'Leave this Space']) {
      await enter(page, button('Home'));
      await page.getByRole('menu').waitFor();
      const goal = page.getByRole('menuitem', { name: item });
      await eventually(async () => {
        await page.keyboard.press('ArrowDown');
        return (await goal.evaluate((one) => one === document.activeElement)) || undefined;
      });
      await page.keyboard.press('Enter');
      await dialog().waitFor();
      await eventually(async () => ((await page.locator('[role="dialog"] :focus').count()) > 0 ? true : undefined));
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      await eventually(async () =>
        (await button('Home').evaluate((one) => one === document.activeElement)) ? true : undefined,
      );
    }
  });

  test('leads from the panel of an alert back to its row', async () => {
    const { page } = browser;
    await open(`/nodes/${many.nodeIds[0]}/alerts`);
    const row = page.getByRole('link', { name: 'Load' });
    await enter(page, row);
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await eventually(async () => ((await row.evaluate((one) => one === document.activeElement)) ? true : undefined));
  });
});

suite('by the keyboard alone somebody', () => {
  test('makes a room', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/rooms`);
    await tabTo(page, page.getByLabel('Name of the new room'));
    await page.keyboard.type('Cellar');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Rename Cellar' }).waitFor();
  });

  test('makes a token', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/tokens`);
    await enter(page, button('Make a token'));
    await tabTo(page, dialog().getByRole('textbox', { name: 'Name' }));
    await page.keyboard.type('Night shift');
    await page.keyboard.press('Enter');
    await page.getByTestId('token-text').waitFor();
    await enter(page, dialog().getByRole('button', { name: 'Done' }));
    await page.getByText('Night shift').waitFor();
    await eventually(async () =>
      (await button('Make a token').evaluate((one) => one === document.activeElement)) ? true : undefined,
    );
  });

  test('invites', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/people`);
    await enter(page, button('Invite somebody'));
    await tabTo(page, dialog().getByLabel('E-mail address'));
    await page.keyboard.type('new@a.example');
    const role = dialog().getByRole('radio', { name: /^Member/ });
    await tabTo(page, role);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByTestId('invitation-link').waitFor();
    await enter(page, dialog().getByRole('button', { name: 'Done' }));
    await page.getByText('new@a.example').waitFor();
  });

  test('changes a role', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/people`);
    const role = page.getByLabel('Role of Mary');
    await tabTo(page, role);
    await page.keyboard.press('ArrowUp');
    const { members } = await eventually(async () => {
      const answer = (await client.send('GET', `/spaces/${space}/members`)).json<{
        members: { name: string; role: string }[];
      }>();
      return answer.members.some((one) => one.name === 'Mary' && one.role !== 'member') ? answer : undefined;
    });
    expect(members.find((one) => one.name === 'Mary')?.role).toBe(await role.inputValue());
    expect(await role.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('removes a node', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/manage`);
    await enter(page, button('Remove linus'));
    await dialog().waitFor();
    await enter(page, dialog().getByRole('button', { name: /^Remove/ }));
    await dialog().waitFor({ state: 'detached' });
    await page.locator('[data-node="linus"]').waitFor({ state: 'detached' });
    // What was operated is gone; one goes on in the content and not at the top of the page.
    await eventually(async () => ((await page.locator('main:focus, main :focus').count()) > 0 ? true : undefined));
  });

  test('signs out', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/people`);
    await enter(page, button(/^Account: /));
    await page.getByRole('menu').waitFor();
    const goal = page.getByRole('menuitem', { name: 'Sign out' });
    await eventually(async () => {
      await page.keyboard.press('ArrowDown');
      return (await goal.evaluate((one) => one === document.activeElement)) || undefined;
    });
    await page.keyboard.press('Enter');
    await button('Sign in').waitFor();
  });
});
