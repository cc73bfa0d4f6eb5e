// What an administrator operates a Space with, in a browser: the audit, webhooks, the API.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let browser: Browser;
let spaceId = '';

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud({ args: ['--webhook-allow', 'http,127.0.0.1'] });
  const { stdout } = await cloud.admin('space', 'list', '--json');
  spaceId = (JSON.parse(stdout) as { spaceId: string }[])[0]?.spaceId ?? '';
  for (let n = 0; n < 3; n++) await cloud.token();
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

suite('the audit', () => {
  test('is found in the menu of the Space, and tells who did what', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/spaces/${spaceId}`);
    await page.getByRole('button', { name: /admin's Space/ }).click();
    await page.getByRole('menuitem', { name: 'Audit' }).click();
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    const rows = page.getByRole('list', { name: 'Audit' }).getByRole('listitem');
    await rows.nth(3).waitFor();
    expect(await rows.first().innerText()).toContain('Claiming token made');
    await takePictures(page, 'audit');
    await rows.first().locator('summary').click();
    await rows.first().getByText('Expires at').waitFor();
    await takePictures(page, 'audit-open');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('is narrowed, and what it is narrowed to stands in the address', async () => {
    const { page } = browser;
    await page.getByLabel('What happened').selectOption({ label: 'Space made' });
    await page.waitForURL(/kind=space-made/);
    const rows = page.getByRole('list', { name: 'Audit' }).getByRole('listitem');
    await rows.nth(1).waitFor({ state: 'detached' });
    await page.getByRole('searchbox', { name: 'Find in the audit' }).fill('nothing has this');
    await page.getByRole('heading', { name: 'No row matches' }).waitFor();
    await takePictures(page, 'audit-none');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await rows.nth(1).waitFor();
  });

  test('is saved as a file, and shows the hash that the command line tells', async () => {
    const { page } = browser;
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('audit.csv');
    const hash = await page.locator('footer code').innerText();
    expect(await cloud.admin('audit', 'verify', '--expect', hash)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('has the hash that was noted'),
    });
  });
});

suite('webhooks', () => {
  test('are made, tried and removed; the secret is shown once', async () => {
    const { page } = browser;
    const got: string[] = [];
    const receiver = createServer((request, response) => {
      got.push(String(request.headers['claimstead-kind']));
      response.writeHead(got.length === 1 ? 204 : 500).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await page.goto(`${cloud.url}/spaces/${spaceId}/webhooks`);
    await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
    await takePictures(page, 'webhooks-none');
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('ftp://example.net');
    await dialog.getByRole('button', { name: 'Add a webhook' }).click();
    await dialog.getByRole('alert').waitFor();
    await takePictures(page, 'webhooks-refused');
    await dialog.getByLabel('Address').fill(address);
    await dialog.getByRole('button', { name: 'Add a webhook' }).click();
    const secret = await dialog.locator('code').innerText();
    expect(secret).toMatch(/^whsec_/);
    await takePictures(page, 'webhooks-secret');
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('button', { name: `Send a test to ${address}` }).click();
    await page.getByText('The test was delivered.').waitFor();
    await takePictures(page, 'webhooks-delivered');
    await page.getByRole('button', { name: `Send a test to ${address}` }).click();
    await page.getByText('The test was not delivered: answered with status 500.').waitFor();
    await takePictures(page, 'webhooks-failed');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: `Remove ${address}` }).click();
    await takePictures(page, 'webhooks-remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the webhook' }).click();
    await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
    expect(got).toEqual(['test', 'test']);
    receiver.close();
  });
});

// No pictures of it: how it looks, and what it lacks for readers, is the library's.
suite('the page of the API', () => {
  test('is found in the menu of the account, and tries a route with the session, within the policy of every page', async () => {
    const { page, problems } = browser;
    await page.goto(`${cloud.url}/spaces/${spaceId}`);
    problems.length = 0;
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'API of this Cloud' }).click();
    await page.getByText('/api/cloud/v1/openapi.json').first().waitFor();
    const route = page.locator('.opblock', { hasText: 'The Spaces of the account.' });
    await route.locator('.opblock-summary-control').click();
    await route.getByRole('button', { name: 'Try it out' }).click();
    await route.getByRole('button', { name: 'Execute' }).click();
    await route.locator('.live-responses-table').getByText(spaceId).first().waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(problems).toEqual([]);
  });
});
