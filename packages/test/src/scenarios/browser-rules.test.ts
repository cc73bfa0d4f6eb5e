// Nodes find their rooms by rules, and leave by themselves: as who keeps house sets it up.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { startManyNodes } from '../harness/many-nodes.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { eventually } from '../harness/programs.ts';
import { claimRawMachine } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let browser: Browser;
let spaceUrl: string;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  await startManyNodes(cloud, ['web-1', 'web-2', 'db-1', '<b>web</b>-\u202e3']);
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByLabel('Name of the Space').waitFor();
  const client = await cloud.client();
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  await client.send('POST', `/spaces/${spaces[0]?.id}/rooms`, { name: 'Web servers' });
  spaceUrl = `${cloud.url}/spaces/${spaces[0]?.id}`;
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

const picture = (name: string): Promise<void> => takePictures(browser.page, name);
const fits = (): Promise<boolean> => noSidewaysScroll(browser.page);

suite('room rules', () => {
  test('are none at first, and say what they would name while they are typed', async () => {
    const { page } = browser;
    await page.goto(`${spaceUrl}/rooms`);
    await page.getByRole('button', { name: 'Rules of Web servers' }).waitFor();
    await picture('rooms');
    await page.getByRole('button', { name: 'Rules of Web servers' }).click();
    await page.getByText('There is no rule yet.').waitFor();
    await picture('rules-none');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Pattern', { exact: true }).fill('WEB-?');
    await page.getByText('names 2 nodes now').waitFor();
    const preview = page.getByTestId('rules-preview');
    expect(await preview.getByRole('listitem').allInnerTexts()).toEqual(['web-1', 'web-2']);
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Pattern', { exact: true }).last().fill('*</b>*');
    await preview.getByText('3 nodes match now.').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Looks at').last().selectOption('label');
    await page.getByLabel('Name of the label').fill('environment');
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Say what it looks for').waitFor();
    expect(await fits()).toBe(true);
    await picture('rules-typed');
  });

  test('put nodes into the room when they are saved, and whenever one comes', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Take rule 3 away' }).click();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Saved. 3 nodes joined the room.').waitFor();
    await page.getByTestId('rules-preview').getByText('in the room').first().waitFor();
    await picture('rules-saved');
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('3 nodes').waitFor();
    await claimRawMachine(cloud, 'web-9');
    await page.getByText('4 nodes').waitFor();
    await page.getByRole('button', { name: 'Rules of Web servers' }).click();
    await eventually(async () =>
      (await page.getByLabel('Pattern', { exact: true }).first().inputValue()) === 'WEB-?' ? true : undefined,
    );
    await page.keyboard.press('Escape');
  });
});

suite('ephemeral nodes', () => {
  test('are made by a token that says so', async () => {
    const { page } = browser;
    await page.goto(`${spaceUrl}/tokens`);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Pods');
    const leave = page.getByLabel('Nodes leave by themselves');
    await leave.selectOption({ label: 'after 1 hour offline' });
    await leave.scrollIntoViewIfNeeded();
    await picture('rules-token-form');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
    await page.getByTestId('token-text').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('after 1 hour offline').waitFor();
    expect(await fits()).toBe(true);
    await picture('rules-tokens');
  });

  test('say when they leave, and can be told to stay', async () => {
    const { page } = browser;
    await page.goto(`${spaceUrl}/manage?find=web-9`);
    await page.getByRole('button', { name: 'Details of web-9' }).click();
    const choice = page.getByLabel('When it leaves by itself');
    await choice.selectOption({ label: 'After 1 day offline' });
    await page.getByText(/if nothing comes from it until then/).waitFor();
    expect(await fits()).toBe(true);
    await picture('ephemeral-details');
    await page.keyboard.press('Escape');
    await page
      .locator('[data-node="web-9"]')
      .getByText(/Leaves in 23 h/)
      .waitFor();
    await picture('ephemeral-badge');
    await page.getByRole('button', { name: 'Details of web-9' }).click();
    await choice.selectOption({ label: 'Never: it stays until somebody removes it' });
    await page.getByText(/if nothing comes from it/).waitFor({ state: 'detached' });
  });

  test('are shown by pages that met no error of their own', () => {
    // Before the sign-in nobody is signed in.
    expect(browser.problems.filter((problem) => !/status of 401/.test(problem))).toEqual([]);
  });
});
