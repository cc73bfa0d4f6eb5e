// What a person sees of a node beside its charts: alerts as they are raised, functions as tables, what the machine is; of Claimstead's own
// agent, and of a recorded one.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { eventually, root } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';
import { loadRecording } from '../recording/recording.ts';
import { replayAgent, type ReplayedLink } from '../recording/replayed-agent.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let agent: Agent;
let nodeId: string;
let browser: Browser;
let parent: ReplayedLink;

const definition = (raisedAt: number): string =>
  ` alarm: later\n    on: system.uptime\n  calc: $now\n units: seconds\n every: 1s\n  warn: $this > ${raisedAt}\n  info: raised while somebody looks\n    to: silent\n`;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  const health = join(world.folder, 'watched', 'etc', 'health.d');
  await mkdir(health, { recursive: true });
  // Late enough to be clear when the page is opened, soon enough to be seen.
  await writeFile(join(health, 'later.conf'), definition(Math.floor(Date.now() / 1000) + 25));
  agent = await world.agent(cloud, { name: 'watched', hostname: 'ada-server' });
  nodeId = await world.claimed(cloud, agent);
  const recording = await loadRecording(join(root, 'packages/wire/vectors/v2.9.0-parent-with-two-children.jsonl.gz'));
  const replayed = replayAgent(recording, cloud);
  if ((await replayed.claim(await cloud.token())) !== 204) throw new Error('the recorded claim was refused');
  parent = await replayed.connect(0);
  await parent.said;
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

const picture = (name: string): Promise<void> => takePictures(browser.page, name);
const fits = (): Promise<boolean> => noSidewaysScroll(browser.page);

suite('a node of our own agent', () => {
  test('shows an alert when it is raised, without anybody asking, with what it is now, how it is defined and what it was', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/nodes/${nodeId}/alerts`);
    const raised = page.locator('[data-alert="system.uptime.later"]');
    await raised.first().waitFor();
    await page.getByText('raised while somebody looks').first().waitFor();
    expect(await fits()).toBe(true);
    await picture('node-alerts');
    await raised.first().click();
    await page.locator('[data-definition="later"]').waitFor();
    await page.locator('[data-alert-details] table[data-rows]').waitFor();
    await picture('node-alert-details');
    await page.keyboard.press('Escape');
  });

  test('answers a function as a table that can be sorted and searched', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/nodes/${nodeId}/functions/processes`);
    const table = page.locator('[data-function="processes"] [data-rows], [data-rows]').first();
    await eventually(async () => (Number(await table.getAttribute('data-rows')) > 3 ? true : undefined));
    expect(await fits()).toBe(true);
    await picture('node-processes');
    for (const name of ['network-connections', 'mount-points']) {
      await page.goto(`${cloud.url}/nodes/${nodeId}/functions/${name}`);
      await eventually(async () => (Number(await table.getAttribute('data-rows')) > 0 ? true : undefined));
      await picture(`node-${name}`);
    }
  });

  test('tells what the machine is', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/nodes/${nodeId}/information`);
    await page.getByText('proc.plugin').first().waitFor();
    await picture('node-information');
    expect(await fits()).toBe(true);
  });
});

suite('a recorded parent of v2.9.0', () => {
  test('stands in the list with its children, which are seen through it', async () => {
    const { page } = browser;
    const { spaces } = (await (await cloud.client()).send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
    await page.goto(`${cloud.url}/spaces/${spaces[0]?.id}`);
    await page.getByText('child-two').first().waitFor();
    await picture('nodes-with-children');
    expect(await fits()).toBe(true);
    await page
      .getByRole('link', { name: /child-two/ })
      .first()
      .click();
    await page.locator('[data-via="parent-host"]').first().waitFor();
    await picture('node-child');
  });

  test('has its alerts in the Space beside ours', async () => {
    const { page } = browser;
    await page.getByTestId('alerts-link').first().click();
    await page.locator('[data-alert="system.uptime.later"]').first().waitFor();
    await picture('space-alerts');
    expect(await fits()).toBe(true);
  });

  test('met no error of a page’s own, and no content that the policy forbids', () => {
    // Nobody is signed in at first; and what a replayed agent was not asked when it was recorded has no answer, and a page says so.
    expect(browser.problems.filter((text) => !/status of (401|404|503|504)/.test(text))).toEqual([]);
  });
});
