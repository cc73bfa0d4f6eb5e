// Keeping house among many nodes, as a person does it: why is it not live, find, choose, move, export, remove; and a copied machine.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { startManyNodes } from '../harness/many-nodes.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { eventually } from '../harness/programs.ts';
import { connectRawAgent, claimRawMachine } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let browser: Browser;
let manage: string;
const hostnames = Array.from({ length: 150 }, (_, n) => `web-${n}`);

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  await startManyNodes(cloud, hostnames);
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
  const client = await cloud.client();
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  await client.send('POST', `/spaces/${spaces[0]?.id}/rooms`, { name: 'Attic' });
  manage = `${cloud.url}/spaces/${spaces[0]?.id}/manage`;
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

const picture = (name: string): Promise<void> => takePictures(browser.page, name);
const rows = async (): Promise<number> =>
  Number(await browser.page.locator('[role="table"]').getAttribute('data-rows'));

suite('Manage Claimed Nodes', () => {
  test('says why a node is not live, since when, and how it was claimed', async () => {
    const { page } = browser;
    const twins = await claimRawMachine(cloud, 'ada-laptop');
    const first = await connectRawAgent(...twins);
    await eventually(
      async () =>
        (await cloud.nodes()).some(({ hostname, state }) => hostname === 'ada-laptop' && state === 'live') || undefined,
    );
    first.session.drop();
    await page.goto(`${manage}?find=ada-laptop`);
    await page.locator('[data-why="link-closed"]').waitFor();
    await picture('manage-why');
    await page.getByRole('button', { name: 'Details of ada-laptop' }).click();
    await page.locator('[data-details]').getByText('127.0.0.1').first().waitFor();
    await picture('manage-details');
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.getByRole('button', { name: 'Edit rooms' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Details of ada-laptop' }).click();

    // The same machine a second time: the two take the link from each other until somebody is asked which is the copy.
    const isRefused = async (): Promise<boolean> => {
      try {
        await connectRawAgent(...twins);
        return false;
      } catch (error) {
        if (!String(error).includes('ErrIdentityContested')) throw error;
        return true;
      }
    };
    for (let turn = 0; turn < 12 && !(await isRefused()); turn++);
    await page
      .getByRole('button', { name: /is the copy/ })
      .first()
      .click();
    await page.getByTestId('copy-commands').waitFor();
    expect(await page.getByTestId('copy-commands').innerText()).toContain('netdata-claim.sh -token=cst_');
    await picture('manage-contested');
    expect(await noSidewaysScroll(page)).toBe(true);
    await page.keyboard.press('Escape');
  });

  test('chooses a range by keyboard, and moves it into a room', async () => {
    const { page } = browser;
    await page.goto(manage);
    await page.locator('[data-node="web-0"]').waitFor();
    expect(await rows()).toBe(152);
    await page.getByRole('checkbox', { name: 'Choose web-0', exact: true }).focus();
    await page.keyboard.press('Space');
    // A key that is held down is faster than rows are drawn.
    await page.evaluate(() => {
      for (let n = 0; n < 30; n++)
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'ArrowDown', shiftKey: true, bubbles: true, cancelable: true }),
        );
    });
    await page.locator(':focus[aria-label="Choose web-30"]').waitFor();
    for (let n = 0; n < 10; n++) await page.keyboard.press('Shift+ArrowDown');
    await page.locator(':focus[aria-label="Choose web-40"]').waitFor();
    await page.getByText('41 nodes chosen').first().waitFor();
    await picture('manage-chosen');
    await page.getByRole('button', { name: 'Move to rooms' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'In', exact: true }).check();
    await picture('manage-move');
    await page.getByRole('button', { name: 'Move 41 nodes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Room').selectOption({ label: 'Attic (41)' });
    await eventually(async () => ((await rows()) === 41 ? true : undefined));
  });

  test('exports what is chosen', async () => {
    const { page } = browser;
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
    expect(lines).toHaveLength(43);
    expect(lines[1]).toContain('"All nodes; Attic"');
  });

  test('names what it removes, and removes all of it with progress', async () => {
    const { page } = browser;
    await page.goto(`${manage}?find=web-`);
    await page.locator('[data-node="web-0"]').waitFor();
    await page.getByRole('checkbox', { name: 'Choose all that are shown' }).check();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').getByText('web-149').waitFor();
    await picture('manage-remove');
    await page.getByRole('button', { name: 'Remove 150 nodes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await cloud.nodes()).map(({ hostname }) => hostname).toSorted()).toEqual(['ada-laptop', 'parent']);
  });

  test('met no error of a page’s own, and no content that the policy forbids', () => {
    expect(browser.problems.filter((text) => !/status of 401/.test(text))).toEqual([]);
  });
});
