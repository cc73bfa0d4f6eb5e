// What a page shows while an answer is on its way, when it is refused and when it is empty; and that what was shown before the Cloud agreed goes
// back when it does not. Answers are held, refused and emptied on their way to the page.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page, Route } from 'playwright-core';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { fetchCloud, type CloudClient } from '../harness/cloud-client.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { startManyNodes, type ManyNodes } from '../harness/many-nodes.ts';
import { takePictures } from '../harness/pictures.ts';
import { eventually } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;
const api = '/api/cloud/v1';

let world: World;
let cloud: Cloud;
let client: CloudClient;
let browser: Browser;
let page: Page;
let many: ManyNodes;
let space = '';
let room = '';

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  client = await cloud.client();
  const functions = { processes: { help: 'What runs', tags: 'top', access: ['members'] } };
  const alarm = { id: 1, name: 'load', chart: 'system.cpu', status: 'WARNING', last_status_change: 1, update_every: 1 };
  many = await startManyNodes(cloud, ['ada', 'grace'], {
    answerOf: (path) => {
      if (path === '/api/v1/functions') return { functions };
      if (path === '/api/v1/alarms') return { status: true, alarms: { 'system.cpu.load': alarm } };
      return undefined;
    },
  });
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  space = spaces[0]?.id ?? '';
  const of = `/spaces/${space}`;
  await client.send('PATCH', of, { name: 'Home' });
  room = (await client.send('POST', `${of}/rooms`, { name: 'Attic' })).json<{ id: string }>().id;
  const about = { usesLeft: 1, sourceNetworks: [], admitsByHand: false, roomIds: [room] };
  await client.send('POST', `${of}/claim-tokens`, { name: 'Rack', lifetimeMs: 3_600_000, ...about });
  await client.send('POST', '/account/tokens', { name: 'Report', spaceId: space, role: 'observer', days: 1 });
  await client.send('POST', `${of}/webhooks`, { url: 'https://192.0.2.1/hook', kinds: ['node-live'] });
  await client.send('POST', `${of}/invitations`, { email: 'waits@a.example', role: 'member', roomIds: [] });
  const joins = await client.send('POST', `${of}/invitations`, {
    email: 'm@a.example',
    role: 'member',
    roomIds: [room],
  });
  await fetchCloud(cloud, 'POST', `${api}/invitations/accept`, {
    body: JSON.stringify({
      secret: joins.json<{ link: string }>().link.split('#')[1],
      account: { name: 'Mary', password: 'a long enough password' },
    }),
    headers: { 'content-type': 'application/json' },
  });
  browser = await startBrowser(world.folder, cloud.caPem);
  ({ page } = browser);
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: /^Account: / }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

// What one test interferes with is nothing to the next, however it ended.
afterEach(() => page?.unrouteAll({ behavior: 'ignoreErrors' }));

interface Row {
  at: () => string;
  /** Which answers are interfered with. */
  answer: RegExp;
  /** A piece of what is shown when it comes. */
  shows: string | RegExp;
  empty?: object;
  emptySays?: string | RegExp;
}

const node = (): string => many.nodeIds[0] ?? '';
const ofSpace = (rest: string) => () => `/spaces/${space}${rest}`;
const lists: Record<string, Row> = {
  nodes: {
    at: ofSpace(''),
    answer: /\/spaces\/[^/]+\/nodes$/,
    shows: 'grace',
  },
  rooms: { at: ofSpace('/rooms'), answer: /\/rooms$/, shows: 'Attic' },
  people: { at: ofSpace('/people'), answer: /\/members$/, shows: 'm@a.example' },
  invitations: {
    at: ofSpace('/people'),
    answer: /\/spaces\/[^/]+\/invitations$/,
    shows: 'waits@a.example',
    empty: { invitations: [], next: null },
    emptySays: /Nobody/,
  },
  tokens: {
    at: ofSpace('/tokens'),
    answer: /\/claim-tokens$/,
    shows: 'Rack',
    empty: { tokens: [], next: null },
    emptySays: 'No token is in use',
  },
  admission: { at: ofSpace('/tokens'), answer: /\/admission$/, shows: /claimed anew waits/ },
  webhooks: {
    at: ofSpace('/webhooks'),
    answer: /\/webhooks$/,
    shows: 'https://192.0.2.1/hook',
    empty: { webhooks: [] },
    emptySays: /No webhook|none|nobody/i,
  },
  audit: {
    at: ofSpace('/audit'),
    answer: /\/audit$/,
    shows: 'waits@a.example',
    empty: { rows: [], next: null, head: { seq: 0, hash: '' } },
    emptySays: 'Nothing was decided yet',
  },
  alerts: {
    at: ofSpace('/alerts'),
    answer: /\/spaces\/[^/]+\/alerts$/,
    shows: /No alert|quiet/i,
    empty: { alerts: [] },
    emptySays: /No alert|quiet/i,
  },
  manage: {
    at: ofSpace('/manage'),
    answer: /\/spaces\/[^/]+\/nodes$/,
    shows: 'grace',
  },
  'add nodes': { at: ofSpace('/add-nodes'), answer: /\/claim-commands$/, shows: /netdata-claim\.sh/ },
  arrivals: { at: ofSpace('/add-nodes'), answer: /\/spaces\/[^/]+\/nodes$/, shows: /Waiting/i },
  'rooms to choose': { at: ofSpace('/add-nodes'), answer: /\/rooms$/, shows: 'Attic' },
  sessions: { at: () => '/account', answer: /\/account\/sessions$/, shows: 'This browser' },
  'API tokens': {
    at: () => '/account',
    answer: /\/account\/tokens$/,
    shows: 'Report',
    empty: { tokens: [] },
    emptySays: 'You have no API token.',
  },
  passkeys: {
    at: () => '/account',
    answer: /\/account\/passkeys$/,
    shows: /no passkey/i,
    empty: { passkeys: [] },
    emptySays: /no passkey/i,
  },
  'two-step sign-in': { at: () => '/account', answer: /\/account$/, shows: 'Turn on' },
  Spaces: { at: ofSpace('/people'), answer: /\/spaces$/, shows: 'm@a.example' },
  // A node itself comes by the live events, too, whatever becomes of the question.
  'alerts of a node': { at: () => `/nodes/${node()}/alerts`, answer: /\/api\/v1\/alarms/, shows: /^Load$/ },
  functions: {
    at: () => `/nodes/${node()}/functions`,
    answer: /\/api\/v1\/functions/,
    shows: 'What runs',
    empty: { functions: {} },
    emptySays: /function/i,
  },
  information: { at: () => `/nodes/${node()}/information`, answer: /\/facts$/, shows: 'Debian GNU/Linux' },
};

/** From now on the answers go this way; the result ends it. */
async function interfere(answer: RegExp, how: (route: Route) => Promise<void>): Promise<() => Promise<void>> {
  const fits = (url: URL): boolean => url.pathname.startsWith(api) && answer.test(url.pathname);
  await page.route(fits, how);
  return () => page.unroute(fits);
}

/** A refusal that the page does not repeat by itself: nobody waits for its pauses here. */
const refuse = (route: Route): Promise<void> =>
  route.fulfill({
    status: 400,
    json: { kind: 'invalid-request', message: 'Something went wrong in the Cloud.', requestId: 'r-1' },
  });
const here = (text: string | RegExp): Locator => page.locator('main').getByText(text).first();
const again = (): Locator => page.locator('main').getByRole('button', { name: 'Try again' });

/**
 * Presses "Try again" until it is gone and this is there: what is asked for every few seconds, or when a live event comes, may be there before
 * it is pressed, and a question of the page's own may still have been refused.
 */
const askAgainUntil = (shown: Locator, button = again().first()): Promise<true> =>
  eventually(async () => {
    if (await button.isVisible()) {
      await button.click({ timeout: 1000 }).catch(() => undefined);
      // Another press would begin the question anew.
      await button.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => undefined);
    }
    return (await shown.isVisible()) && !(await button.isVisible()) ? true : undefined;
  });

/** Loaded anew: nothing is kept from before. */
async function open(path: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(cloud.url + path);
}

/** Of each kind some: axe-core takes seconds, and what stands in for a list is the same everywhere. All where pictures are wanted. */
const looked = new Set(['people', 'invitations', 'arrivals', 'sessions', 'tokens']);
async function look(state: string, name: string): Promise<void> {
  if (looked.has(name) || process.env['CLAIMSTEAD_PICTURES'] !== undefined)
    await takePictures(page, `${state}-${name.replaceAll(' ', '-')}`);
}

suite.each(Object.entries(lists))('%s', (name, { at, answer, shows }) => {
  test('says that it is loading, and then shows what came', async () => {
    const held: Route[] = [];
    const end = await interfere(answer, (route) => Promise.resolve(void held.push(route)));
    await open(at());
    await eventually(() => (held.length > 0 ? true : undefined));
    await page.locator('[role="status"], [role="timer"]').first().waitFor();
    expect((await page.locator('body').innerText()).trim()).not.toBe('');
    await end();
    // A question that was given up meanwhile cannot go on.
    for (const route of held) await route.continue().catch(() => undefined);
    await here(shows).waitFor();
    expect(await again().count()).toBe(0);
  });

  test('says that it was refused, and asks again', async () => {
    const end = await interfere(answer, refuse);
    await open(at());
    await again().first().waitFor();
    // The live events may make the page ask once more meanwhile, which shows as loading again.
    await here(/went wrong|could not be loaded|cannot|failed/i).waitFor();
    await look('refused', name);
    await end();
    await askAgainUntil(here(shows));
  });
});

const emptied = Object.entries(lists).filter(([, { empty }]) => empty !== undefined);
suite.each(emptied)('%s, of which there are none,', (name, { at, answer, empty, emptySays }) => {
  test('says so', async () => {
    const end = await interfere(answer, (route) => route.fulfill({ json: empty }));
    await open(at());
    await here(emptySays ?? '').waitFor();
    expect(await again().count()).toBe(0);
    await look('empty', name);
    await end();
  });
});

// Nodes come by the live events, too, whatever becomes of the list: only a Space that has none shows that it is empty.
suite('a Space without nodes', () => {
  test('says how to claim one, in both lists', async () => {
    const made = await client.send('POST', '/spaces', { name: 'Empty' });
    const { id } = made.json<{ id: string }>();
    await open(`/spaces/${id}`);
    await here('Claim your first node').waitFor();
    await look('empty', 'nodes');
    await open(`/spaces/${id}/manage`);
    await here('Claim your first node').waitFor();
    expect(await page.locator('[data-node]').count()).toBe(0);
  });
});

const dialog = (): Locator => page.getByRole('dialog');
const refusesWrites = (answer: RegExp): Promise<() => Promise<void>> =>
  interfere(answer, (route) => (route.request().method() === 'GET' ? route.continue() : refuse(route)));

suite('what the Cloud refuses', () => {
  test('goes back: a role', async () => {
    await open(`/spaces/${space}/people`);
    const role = page.getByLabel('Role of Mary');
    await role.waitFor();
    const end = await refusesWrites(/\/members\/[^/]+$/);
    await role.selectOption('observer');
    await page.getByRole('alert').waitFor();
    await eventually(async () => ((await role.inputValue()) === 'member' ? true : undefined));
    await takePictures(page, 'rolled-back-role');
    await end();
  });

  test('goes back: rooms of a person', async () => {
    await open(`/spaces/${space}/people`);
    const end = await refusesWrites(/\/members\/[^/]+$/);
    await page.getByRole('button', { name: 'Rooms of Mary: Attic' }).click();
    await dialog().getByRole('checkbox', { name: 'Attic' }).uncheck();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Rooms of Mary: Attic' }).waitFor();
    await end();
  });

  test('goes back: a person that was to be removed, and an invitation', async () => {
    await open(`/spaces/${space}/people`);
    const end = await refusesWrites(/\/(members|invitations)\/[^/]+$/);
    for (const [opener, confirm, stays] of [
      ['Remove Mary', /^Remove/, 'm@a.example'],
      ['Withdraw the invitation of waits@a.example', /^Withdraw/, 'waits@a.example'],
    ] as const) {
      await page.getByRole('button', { name: opener }).click();
      await dialog().getByRole('button', { name: confirm }).click();
      await dialog().getByRole('alert').waitFor();
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
      await here(stays).waitFor();
    }
    await end();
  });

  test('goes back: the switch of admission', async () => {
    await open(`/spaces/${space}/tokens`);
    const box = page.getByRole('checkbox', { name: /claimed anew waits/ });
    await box.waitFor();
    const end = await refusesWrites(/\/admission$/);
    await box.click();
    await page.getByRole('alert').waitFor();
    await eventually(async () => ((await box.isChecked()) ? undefined : true));
    expect(await box.isEnabled()).toBe(true);
    await end();
  });

  test('stays in its form: the name of a room, of the Space, of oneself', async () => {
    await open(`/spaces/${space}/rooms`);
    const endRoom = await refusesWrites(/\/rooms\/[^/]+$/);
    await page.getByRole('button', { name: 'Rename Attic' }).click();
    await dialog().getByLabel('Name of the room').fill('Loft');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByRole('alert').waitFor();
    expect(await dialog().getByLabel('Name of the room').inputValue()).toBe('Loft');
    await page.keyboard.press('Escape');
    await here('Attic').waitFor();
    await endRoom();
    const endSpace = await refusesWrites(/\/spaces\/[^/]+$/);
    await open(`/spaces/${space}/settings`);
    await page.getByLabel('Name of the Space', { exact: true }).fill('Elsewhere');
    await page.locator('main').getByRole('button', { name: /^Save/ }).first().click();
    await page.locator('main').getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Home' }).waitFor();
    await endSpace();
    const endAccount = await refusesWrites(/\/account$/);
    await open('/account');
    await page.getByLabel('Name', { exact: true }).fill('Somebody else');
    await page.getByRole('button', { name: 'Save name' }).click();
    await page.locator('main').getByRole('alert').first().waitFor();
    await endAccount();
  });

  test('does not empty what could not be chosen: the rooms of a person while the rooms are not known', async () => {
    const end = await interfere(/\/rooms$/, refuse);
    await open(`/spaces/${space}/people`);
    await page.getByRole('button', { name: 'Rooms of Mary: 1 room' }).click();
    await dialog().getByRole('button', { name: 'Try again' }).waitFor();
    expect(await dialog().getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await end();
    const attic = dialog().getByRole('checkbox', { name: 'Attic' });
    await askAgainUntil(attic, dialog().getByRole('button', { name: 'Try again' }));
    expect(await attic.isChecked()).toBe(true);
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });
});
