// Names that strangers choose, on the pages about people, tokens, webhooks, one's account and the audit. What the Cloud lets in is really given
// to it; beside that each answer is filled with all 200 payloads on its way to the page: an older Cloud, an issuer or a restored database may
// hold what is refused at the door today. [trust T16]

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmailAddress } from '@claimstead/wire/cloud-api/invitations';
import { mostWebhooks } from '@claimstead/wire/cloud-api/webhooks';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { fetchCloud, type CloudClient } from '../harness/cloud-client.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { fillings, type Row } from '../harness/filled-answers.ts';
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
const api = '/api/cloud/v1';

let world: World;
let cloud: Cloud;
let client: CloudClient;
let browser: Browser;
let space: string;
let invitation = '';
let dialogs: () => number;

const addresses = [
  ...new Set(payloads.flatMap((text) => EmailAddress.safeParse(`${text.slice(0, 200)}@a.example`).data ?? [])),
];
/** What does not happen while nobody gives a reason. */
const spread = <T>(all: readonly T[], most: number): T[] =>
  all.filter((_, n) => n % Math.ceil(all.length / most) === 0);

async function made(method: string, path: string, body: unknown): Promise<{ link?: string }> {
  const answer = await client.send(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.toString()}`);
  return answer.json();
}

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud({ args: ['--webhook-allow=10.0.0.0/8,http'] });
  client = await cloud.client();
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  space = spaces[0]?.id ?? '';
  const of = `/spaces/${space}`;
  await made('PATCH', of, { name: '<script>window.__pwn=1</script>' });
  const roomIds: string[] = [];
  for (const name of spread(givenNames, 12)) {
    const room = await client.send('POST', `${of}/rooms`, { name });
    roomIds.push(room.json<{ id: string }>().id);
  }
  const about = { usesLeft: 1, sourceNetworks: [], admitsByHand: true, roomIds };
  for (const name of givenNames) await made('POST', `${of}/claim-tokens`, { name, lifetimeMs: 3_600_000, ...about });
  for (const name of spread(givenNames, 40))
    await made('POST', '/account/tokens', { name, spaceId: space, role: 'observer', days: 1 });
  for (const email of spread(addresses, 30))
    await made('POST', `${of}/invitations`, { email, role: 'member', roomIds });
  for (const text of spread(payloads, mostWebhooks))
    await client.send('POST', `${of}/webhooks`, { url: `http://10.0.0.1/${text.slice(0, 200)}`, kinds: ['node-live'] });
  for (const [n, name] of spread(givenNames, 12).entries()) {
    const { link = '' } = await made('POST', `${of}/invitations`, { email: `${n}@a.example`, role: 'member', roomIds });
    const accepted = await fetchCloud(cloud, 'POST', `${api}/invitations/accept`, {
      body: JSON.stringify({ secret: link.split('#')[1], account: { name, password: 'a long enough password' } }),
      headers: { 'content-type': 'application/json', 'user-agent': at(n * 7).replace(/[^ -~]/g, '') || 'x' },
    });
    if (accepted.status >= 300) throw new Error(`accept: ${accepted.status} ${accepted.body.toString()}`);
  }
  await made('PATCH', '/account', { name: '"><svg onload=window.__pwn=1> שלום' });
  invitation = (await made('POST', `${of}/invitations`, { email: 'to@a.example', role: 'member', roomIds })).link ?? '';
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  dialogs = await watchForStrangers(page);
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByLabel(/^Account: /).waitFor();
}, 240_000);
afterAll(async () => {
  await browser?.page.unrouteAll({ behavior: 'ignoreErrors' });
  await browser?.close();
  await world?.end();
});

const look = (name: string, withPictures = false): Promise<string[]> =>
  lookAtStrangers(browser.page, name, withPictures || process.env['CLAIMSTEAD_PICTURES'] !== undefined);
const loaded = (): Promise<unknown> =>
  eventually(async () =>
    (await browser.page.locator('[role="status"] >> text=Loading').count()) === 0 ? true : undefined,
  );

async function open(path: string): Promise<void> {
  await browser.page.goto(cloud.url + path);
  await browser.page.locator('main h1, main h2').first().waitFor();
  await loaded();
  // A page that says that something failed shows no names, and so no harm.
  expect(await browser.page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
}

suite('what the Cloud lets in', () => {
  test('is enough to show', () => {
    expect(givenNames.length).toBeGreaterThan(80);
    expect(addresses.length).toBeGreaterThan(40);
  });

  test.each([
    ['people', () => `/spaces/${space}/people`],
    ['tokens', () => `/spaces/${space}/tokens`],
    ['audit', () => `/spaces/${space}/audit`],
    ['webhooks', () => `/spaces/${space}/webhooks`],
    ['settings', () => `/spaces/${space}/settings`],
    ['account', () => '/account'],
    ['welcome', () => '/welcome'],
    ['sign-in', () => '/sign-in'],
  ])('on the page %s', async (name, path) => {
    await open(path());
    expect(await look(`given ${name}`, true)).toEqual([]);
  });

  test('in every row of the audit', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/audit`);
    for (let more = 0; more < 3; more++) await page.getByRole('button', { name: 'Show older ones' }).click();
    await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
    });
    expect(await look('given audit rows')).toEqual([]);
  });

  test('behind the link of an invitation', async () => {
    const { page } = browser;
    await page.goto(invitation);
    await page.locator('h1').first().waitFor();
    await loaded();
    expect(await look('given invitation', true)).toEqual([]);
  });

  test('in the page of the API, which shows nothing of a Cloud', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/api-docs`);
    await page.locator('h1').first().waitFor();
    expect(await troublesOf(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 900 });
    expect(await troublesOf(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

const seen = new Set<RegExp>();

suite('what an answer may hold', () => {
  beforeAll(async () => {
    await browser.page.route(`${cloud.url}${api}/**`, async (route) => {
      const asked = route.request();
      const { pathname } = new URL(asked.url());
      const filling = fillings.find(([path]) => path.test(pathname));
      const isRead = asked.method() === 'GET' || pathname.endsWith('/look');
      if (!filling || !isRead) return route.continue();
      // Asked by the test, which knows the Cloud’s authority, in the name of whoever is signed in on the page.
      const { cookie = '', 'content-type': type } = await asked.allHeaders();
      const body = asked.postData();
      const answer = await fetchCloud(cloud, asked.method(), asked.url().slice(cloud.url.length), {
        headers: { cookie, ...(type === undefined ? {} : { 'content-type': type }) },
        ...(body === null ? {} : { body }),
      });
      if (answer.status !== 200) return route.fulfill({ status: answer.status, body: answer.body });
      seen.add(filling[0]);
      await route.fulfill({ json: filling[1](answer.json<Row>()) });
    });
  });

  test.each([
    ['people', () => `/spaces/${space}/people`],
    ['tokens', () => `/spaces/${space}/tokens`],
    ['audit', () => `/spaces/${space}/audit`],
    ['webhooks', () => `/spaces/${space}/webhooks`],
    ['settings', () => `/spaces/${space}/settings`],
    ['rooms', () => `/spaces/${space}/rooms`],
    ['nodes', () => `/spaces/${space}`],
    ['add nodes', () => `/spaces/${space}/add-nodes`],
    ['account', () => '/account'],
    ['sign-in', () => '/sign-in'],
  ])('on the page %s', async (name, path) => {
    await open(path());
    await browser.page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
    });
    expect(await look(`answered ${name}`)).toEqual([]);
  });

  test('behind the link of an invitation', async () => {
    const { page } = browser;
    await page.goto('about:blank');
    await page.goto(invitation);
    await page.locator('h1').first().waitFor();
    await loaded();
    expect(await look('answered invitation')).toEqual([]);
  });

  test.each([
    ['people', 'Invite'],
    ['people', /^Remove .*script/],
    ['people', /^Rooms of .*script/],
    ['people', /^Withdraw .*script/],
    ['tokens', /^Revoke .*script/],
    ['tokens', /^Regenerate .*script/],
    ['tokens', /^Change .*script/],
    ['tokens', 'Make a token'],
    ['webhooks', /^Remove .*script/],
    ['webhooks', /^Change .*script/],
    ['webhooks', /secret .*script/],
    ['rooms', /^Rename .*script/],
    ['rooms', /^Delete .*script/],
  ])('in what is asked over the page %s: %s', async (name, button) => {
    const { page } = browser;
    await open(`/spaces/${space}/${name}`);
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('dialog').waitFor();
    expect(await look(`asked ${name} ${String(button).replace(/\W+/g, '-')}`)).toEqual([]);
  });

  test.each([
    ['tokens', /^Revoke the token .*script/],
    ['passkeys', /^Remove .*script/],
    ['make a token', 'Make a token'],
  ])('in what is asked over the account: %s', async (name, button) => {
    const { page } = browser;
    await open('/account');
    await page.getByRole('button', { name: button }).first().click();
    await page.getByRole('dialog').waitFor();
    expect(await look(`asked account ${name}`)).toEqual([]);
  });

  test('in the menus of the Space and of the account', async () => {
    const { page } = browser;
    await open(`/spaces/${space}/people`);
    for (const label of ['title^="Space: ', 'aria-label^="Account: ']) {
      await page.locator(`button[${label}"]`).click();
      await page.getByRole('menu').waitFor();
      expect(await look(`menu ${label.replace(/\W+/g, '')}`)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'hidden' });
    }
  });

  test('was really there', () => {
    expect(fillings.filter(([path]) => !seen.has(path)).map(([path]) => String(path))).toEqual([]);
    expect(dialogs()).toBe(0);
    expect(browser.problems.filter((text) => !/status of (400|401|404|5\d\d)/.test(text))).toEqual([]);
  });
});

suite('what leaves the Cloud', () => {
  test('is an audit in which no cell is calculated, and no line steers a terminal', async () => {
    const steers = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
    const csv = (await client.send('GET', `/spaces/${space}/audit/export?format=csv`)).body.toString();
    const lines = csv.split('\r\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(200);
    for (const line of lines) {
      expect(line).not.toMatch(steers);
      const cells = [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^",]*)/g)].map(([, cell = '']) => cell);
      expect(cells).toHaveLength(11);
      expect(cells.filter((cell) => /^"?[\p{Z}\p{C}]*[=+\-@＝＋－＠]/u.test(cell))).toEqual([]);
    }
    const jsonl = (await client.send('GET', `/spaces/${space}/audit/export?format=jsonl`)).body.toString();
    const rows = jsonl.split('\n').slice(0, -1);
    expect(rows).toHaveLength(lines.length - 1);
    for (const row of rows) {
      expect(row).not.toMatch(steers);
      JSON.parse(row);
    }
  });

  test('is a list in a terminal that steers nothing', async () => {
    for (const command of [['account', 'list'], ['audit'], ['token', 'list'], ['room', 'list'], ['space', 'list']]) {
      const { code, stdout } = await cloud.admin(...command);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(20);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
    const refused = await cloud.admin('reset-password', '\u001b[2J@a.example');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
