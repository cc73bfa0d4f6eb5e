// A person signs in, follows the first steps, runs the command exactly as the page shows it, and sees the node become live and a chart move.

import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import { browserIsMissing, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { eventually, run } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let agent: Agent;
let browser: Browser;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  agent = await world.agent(undefined, { hostname: 'ada-laptop' });
  browser = await startBrowser(world.folder, cloud.caPem);
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

const picture = (name: string): Promise<void> => takePictures(browser.page, name);
const fits = (): Promise<boolean> => noSidewaysScroll(browser.page);

suite('the first minutes', () => {
  test('signs in with the one-time password and is asked for an own one, which may wait', async () => {
    const { page } = browser;
    await page.goto(cloud.url);
    await page.getByLabel('E-mail address').fill(administrator);
    await page.getByLabel('Password', { exact: true }).fill('wrong password, surely');
    await picture('sign-in');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await picture('sign-in-refused');
    await page.getByLabel('Password', { exact: true }).fill(cloud.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
    await picture('welcome-password');
    await page.getByRole('button', { name: 'Later' }).click();
  });

  test('names the Space', async () => {
    const { page } = browser;
    await page.getByLabel('Name of the Space').fill('Ada’s machines');
    await picture('welcome-space');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByTestId('claim-command').waitFor();
  });

  test('runs the commands exactly as they are shown; the page notices the node by itself and says how long it took', async () => {
    const { page } = browser;
    const trust = await page.getByTestId('trust-command').innerText();
    const command = await page.getByTestId('claim-command').innerText();
    expect(command).toContain(`-url=${cloud.url}`);
    await picture('welcome-claim');
    await rm(agent.claimFolder, { recursive: true });
    const trusted = await run('/bin/sh', ['-c', trust], { env: agent.env });
    expect(trusted).toMatchObject({ code: 0 });
    const claimed = await run('/bin/sh', ['-c', command], { env: agent.env });
    expect(claimed).toMatchObject({ code: 0, stdout: 'Agent was successfully claimed.\n' });
    await page.locator('[data-state="live"]').first().waitFor();
    await page.getByText('ada-laptop').first().waitFor();
    await page
      .getByText(/\d+ ms|\d(\.\d+)? s/)
      .first()
      .waitFor();
    await picture('welcome-claimed');
  });

  test('sees the node in the list with its state and a sparkline that moves', async () => {
    const { page } = browser;
    await page.goto(cloud.url);
    await page.getByText('ada-laptop').first().waitFor();
    await page.locator('[data-state="live"]').first().waitFor();
    // The line is there and is drawn anew as seconds pass.
    const line = page.locator('[data-live="true"] svg path').last();
    const drawn = (): Promise<string> => line.getAttribute('d').then((d) => d ?? '');
    const first = await drawn();
    await eventually(async () => ((await drawn()) !== first ? true : undefined));
    expect(await fits()).toBe(true);
    await picture('nodes');
  });

  test('opens the node and sees a chart move', async () => {
    const { page } = browser;
    await page
      .getByRole('link', { name: /ada-laptop/ })
      .first()
      .click();
    const chart = page.locator('[data-chart="system.cpu"]');
    await chart.waitFor();
    await page.waitForFunction(
      () => Number(document.querySelector('[data-chart="system.cpu"]')?.getAttribute('data-last-time')) > 0,
    );
    const first = Number(await chart.getAttribute('data-last-time'));
    await page.waitForFunction(
      (than) => Number(document.querySelector('[data-chart="system.cpu"]')?.getAttribute('data-last-time')) >= than + 3,
      first,
    );
    expect(await fits()).toBe(true);
    await picture('node');
  });

  test('finds the node under Manage Claimed Nodes in the Space’s menu, and its rooms', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: /Ada’s machines/ }).click();
    await picture('space-menu');
    await page.getByRole('menuitem', { name: 'Manage Claimed Nodes' }).click();
    await page.getByRole('heading', { name: 'Manage Claimed Nodes' }).waitFor();
    await page.getByText('ada-laptop').first().waitFor();
    expect(await fits()).toBe(true);
    await picture('manage');
    await page.getByRole('button', { name: /Ada’s machines/ }).click();
    await page.getByRole('menuitem', { name: 'Rooms' }).click();
    await page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
    await picture('rooms');
  });

  test('is told calmly when the agent stops, and sees it return by itself', async () => {
    const { page } = browser;
    await page.goto(cloud.url);
    await page.locator('[data-state="live"]').first().waitFor();
    await agent.process.stop();
    await page.locator('[data-state="offline"]').first().waitFor();
    await picture('nodes-offline');
    await page
      .getByRole('link', { name: /ada-laptop/ })
      .first()
      .click();
    await page.getByText(/^Offline for/).waitFor();
    await picture('node-offline');
    agent = await world.agent(undefined, { name: 'agent-1', port: agent.port, hostname: 'ada-laptop' });
    await page.getByText(/^Offline for/).waitFor({ state: 'detached' });
  });

  test('shows the same charts on the agent’s own page', async () => {
    const page = await browser.context.newPage();
    await page.goto(`http://127.0.0.1:${agent.port}/`);
    await page.waitForFunction(
      () => Number(document.querySelector('[data-chart="system.cpu"]')?.getAttribute('data-last-time')) > 0,
    );
    const own = browser.page;
    browser.page = page;
    expect(await fits()).toBe(true);
    await picture('agent-page');
    browser.page = own;
    await page.close();
  });

  test('met no error of a page’s own, and no content that the policy forbids', () => {
    // The refused sign-in and the node that was away are answers that the page expects; a browser reports them all the same.
    const unexpected = browser.problems.filter((text) => !/status of (401|503)/.test(text));
    expect(unexpected).toEqual([]);
  });

  test('leaves no token in the Cloud’s log', () => {
    expect(cloud.process.stderr()).not.toMatch(/cst_/);
    const found = spawnSync('grep', ['-rlE', 'cst_[0-9A-Za-z]{38}', cloud.dataFolder, agent.folder], {
      encoding: 'utf8',
    });
    expect(found).toMatchObject({ status: 1, stdout: '' });
  });
});
