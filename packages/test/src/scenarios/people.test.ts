// An administrator invites a colleague into one room. In a browser of their own the colleague accepts, and sees that room's node, no token and
// nothing that only administrators do; loses what is taken from them while they look; and comes into a Space of their own.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let ada: Browser;
let bob: Browser;
let link: string;
const bobsPassword = 'four words in a row';

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  await cloud.admin('room', 'create', 'Databases');
  for (const [hostname, room] of [
    ['db-1', 'databases'],
    ['web-1', ''],
  ] as const) {
    const agent = await world.agent(cloud, { hostname });
    const claimed = await agent.claim(`-token=${await cloud.token()}`, `-url=${cloud.url}`, `-rooms=${room}`);
    if (claimed.code !== 0) throw new Error(claimed.stderr);
  }
  ada = await startBrowser(join(world.folder, 'ada'), cloud.caPem);
  bob = await startBrowser(join(world.folder, 'bob'), cloud.caPem);
  const { page } = ada;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByLabel('Name of the Space').fill('Ada’s machines');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('link', { name: 'Skip to the nodes' }).click();
  await page.getByText('db-1').first().waitFor();
});
afterAll(async () => {
  await ada?.close();
  await bob?.close();
  await world?.end();
});

const picture = async (browser: Browser, name: string): Promise<void> => {
  expect(await noSidewaysScroll(browser.page)).toBe(true);
  await takePictures(browser.page, name);
};
const menu = async ({ page }: Browser, space: RegExp, entry: string): Promise<void> => {
  await page.getByRole('button', { name: space }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
};

suite('a colleague', () => {
  test('is invited into one room, by a link that is shown once', async () => {
    const { page } = ada;
    await menu(ada, /Ada’s machines/, 'People');
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await page.getByText('Nobody is invited at the moment.').waitFor();
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('E-mail address').fill('not an address');
    await sheet.getByRole('button', { name: 'Make the invitation' }).click();
    await sheet.getByText('That is no e-mail address.').waitFor();
    await sheet.getByLabel('E-mail address').fill('Bob@example.net');
    await sheet.getByRole('radio', { name: /^Member/ }).check();
    await sheet.getByRole('checkbox', { name: 'Databases' }).check({ force: true });
    await picture(ada, 'invite');
    await sheet.getByRole('button', { name: 'Make the invitation' }).click();
    link = await sheet.getByTestId('invitation-link').innerText();
    expect(link).toMatch(new RegExp(`^${cloud.url}/invitation#csi_[\\w-]{43}$`));
    await picture(ada, 'invited');
    await sheet.getByRole('button', { name: 'Done' }).click();
    await page.getByText('bob@example.net').waitFor();
    expect(await page.content()).not.toContain(link.split('#')[1]);
    await picture(ada, 'people-invited');
  });

  test('opens the link, which leaves the address at once, and becomes an account', async () => {
    const { page } = bob;
    await page.goto(link);
    await page.getByRole('heading', { name: 'Join Ada’s machines' }).waitFor();
    expect(page.url()).toBe(`${cloud.url}/invitation`);
    await page.getByText('Databases').waitFor();
    await page.getByLabel('Your name').fill('Bob');
    await page.getByLabel('Choose a password').fill('short');
    await page.getByLabel('The password again').fill('short');
    await page.getByRole('button', { name: 'Accept and sign in' }).click();
    await page.getByText(/more characters needed/).waitFor();
    await picture(bob, 'invitation');
    await page.getByLabel('Choose a password').fill(bobsPassword);
    await page.getByLabel('The password again').fill(bobsPassword);
    await page.getByRole('button', { name: 'Accept and sign in' }).click();
    await page.getByText('db-1').first().waitFor();
  });

  test('sees the node of that room, no other, no token, and no entry of an administrator', async () => {
    const { page } = bob;
    await page.locator('[data-state="live"]').first().waitFor();
    expect(await page.getByText('web-1').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Add nodes' }).count()).toBe(0);
    await page.getByRole('button', { name: /Ada’s machines/ }).click();
    await page.getByRole('menuitem', { name: 'Leave this Space' }).waitFor();
    const entries = await page.getByRole('menuitem').allInnerTexts();
    expect(entries).toEqual(['Nodes', 'Alerts', 'Leave this Space', 'New Space']);
    await picture(bob, 'menu-of-member');
    await page.keyboard.press('Escape');
    const spaceUrl = page.url();
    for (const path of ['add-nodes', 'people', 'settings', 'manage']) {
      await page.goto(`${spaceUrl}/${path}`);
      await page.getByText(/^(Only administrators|Your role)/).waitFor();
      expect(await page.content()).not.toMatch(/cst_|claim-command/);
    }
    await picture(bob, 'not-for-members');
    await page.goto(link);
    await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor();
    await picture(bob, 'invitation-refused');
    await page.goto(spaceUrl);
    await page.getByText('db-1').first().waitFor();
  });

  test('is listed, and what is changed for them happens while they look', async () => {
    const { page } = ada;
    // Nothing to reload: who looks is told.
    await page.getByRole('rowheader', { name: /Bob/ }).waitFor();
    await page.getByText('Nobody is invited at the moment.').waitFor();
    await picture(ada, 'people');
    await page.getByLabel('Role of Bob').selectOption('troubleshooter');
    await bob.page.getByText('web-1').first().waitFor();
    await page.getByLabel('Role of Bob').selectOption('member');
    await bob.page.getByText('web-1').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Rooms of Bob/ }).click();
    await page.getByRole('checkbox', { name: 'Databases' }).uncheck({ force: true });
    await picture(ada, 'rooms-of-member');
    await page.getByRole('button', { name: 'Save' }).click();
    await bob.page.getByText('db-1').first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Rooms of Bob/ }).click();
    await page.getByRole('checkbox', { name: 'All nodes' }).check({ force: true });
    await page.getByRole('button', { name: 'Save' }).click();
    await bob.page.getByText('web-1').first().waitFor();
  });

  test('stands under the rooms that they see', async () => {
    const { page } = ada;
    await menu(ada, /Ada’s machines/, 'Rooms');
    await page.getByRole('button', { name: 'Who sees Databases' }).click();
    await page.getByRole('dialog').getByText('bob@example.net').waitFor();
    await picture(ada, 'who-sees');
    await page.keyboard.press('Escape');
    await picture(ada, 'rooms');
    await menu(ada, /Ada’s machines/, 'People');
  });

  test('shows a refused change as it was before: the last administrator stays one', async () => {
    const { page } = ada;
    await page.getByLabel('Role of admin').selectOption('observer');
    await picture(ada, 'lower-own-role');
    await page.getByRole('button', { name: 'Give it up' }).click();
    await page.getByText(/A Space needs an administrator/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Role of admin').inputValue()).toBe('admin');
    await picture(ada, 'last-administrator');
  });

  test('leaves claiming tokens behind when a role is taken: the dialog tells, and revokes them on request', async () => {
    const { page } = ada;
    await page.getByLabel('Role of Bob').selectOption('admin');
    // The select shows it before the Cloud has agreed; Bob's page only after.
    await bob.page.getByRole('link', { name: 'Add nodes' }).waitFor();
    const settings = { lifetimeMs: 3_600_000, usesLeft: null, roomIds: [], sourceNetworks: [], admitsByHand: false };
    const made = await bob.page.evaluate(
      async ([path, bodies]) => {
        const answers = await Promise.all(
          bodies.map((body) =>
            fetch(path, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(body),
            }),
          ),
        );
        return answers.map(({ status }) => status);
      },
      [
        `/api/cloud/v1${new URL(page.url()).pathname.replace(/\/people$/, '/claim-tokens')}`,
        ['Rack of Bob', 'Other rack'].map((name) => ({ name, ...settings })),
      ] as const,
    );
    expect(made).toEqual([201, 201]);
    await page.getByLabel('Role of Bob').selectOption('manager');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 claiming tokens that they made still work').waitFor();
    await dialog.getByText('Rack of Bob').waitFor();
    await picture(ada, 'demote-administrator');
    await dialog.getByRole('button', { name: 'Change the role' }).click();
    await dialog.waitFor({ state: 'detached' });
    await menu(ada, /Ada’s machines/, 'Claiming tokens');
    await page
      .getByText(/^Bob is no administrator of this Space any more/)
      .first()
      .waitFor();
    await picture(ada, 'tokens-of-no-administrator');
    await menu(ada, /Ada’s machines/, 'People');
    await page.getByRole('button', { name: 'Remove Bob' }).click();
    await dialog.getByRole('checkbox', { name: 'Revoke them in the same step' }).check({ force: true });
    await picture(ada, 'remove-with-tokens');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  test('is removed, and nothing of the Space stays in sight', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: 'Remove Bob' }).click();
    await page.getByRole('button', { name: 'Remove from the Space' }).waitFor();
    await picture(ada, 'remove-member');
    await page.getByRole('button', { name: 'Remove from the Space' }).click();
    await bob.page.getByRole('heading', { name: 'This Space is not here' }).waitFor();
    expect(await bob.page.getByText('web-1').count()).toBe(0);
    await picture(bob, 'gone');
    await bob.page.getByRole('link', { name: 'Go on' }).click();
    await bob.page.getByRole('heading', { name: 'You are in no Space' }).waitFor();
    await picture(bob, 'no-space');
  });

  test('makes a Space, and invites the administrator, who signs out and in again for it', async () => {
    const { page } = bob;
    await page.getByRole('button', { name: 'New Space' }).click();
    await page.getByLabel('Name of the Space').fill('Bob’s lab');
    await picture(bob, 'new-space');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: /Bob’s lab/ }).waitFor();
    await menu(bob, /Bob’s lab/, 'People');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('E-mail address').fill(administrator);
    await sheet.getByRole('radio', { name: /^Manager/ }).check();
    await sheet.getByRole('button', { name: 'Make the invitation' }).click();
    const second = await sheet.getByTestId('invitation-link').innerText();

    // In Bob's own browser it is for another.
    await page.goto(second);
    await page.getByText('You are signed in as bob@example.net').waitFor();
    await picture(bob, 'invitation-for-another');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('This address has an account here').waitFor();
    await picture(bob, 'invitation-has-account');
    await page.getByRole('link', { name: 'Sign in' }).click();
    expect(page.url()).not.toContain('csi_');
    await signIn(page, 'bob@example.net', bobsPassword);
    await page.getByText('You are signed in as bob@example.net').waitFor();
    await page.goto(cloud.url);
    await page.getByRole('button', { name: /Bob’s lab/ }).waitFor();

    await ada.page.goto(second);
    await ada.page.getByRole('button', { name: 'Join the Space' }).waitFor();
    await picture(ada, 'invitation-join');
    await ada.page.getByRole('button', { name: 'Join the Space' }).click();
    await ada.page.getByRole('button', { name: /Bob’s lab/ }).waitFor();
    await menu(ada, /Bob’s lab/, 'Rooms');
    await ada.page.getByPlaceholder('Name of the new room').fill('Racks');
    await ada.page.getByRole('button', { name: 'Create room' }).click();
    await ada.page.getByRole('link', { name: 'Racks' }).waitFor();
  });

  test('deletes a Space by its name, and is in another one then', async () => {
    const { page } = ada;
    await menu(ada, /Bob’s lab/, 'Ada’s machines');
    await page.getByText('db-1').first().waitFor();
    await menu(ada, /Ada’s machines/, 'Space settings');
    await page.getByRole('heading', { name: 'Delete this Space' }).waitFor();
    const button = page.getByRole('button', { name: 'Delete the Space' });
    expect(await button.isDisabled()).toBe(true);
    await picture(ada, 'settings');
    await page.getByLabel(/^Type the name of the Space/).fill('Ada’s machines');
    await button.click();
    await page.getByRole('button', { name: /Bob’s lab/ }).waitFor();
    expect(await cloud.nodes()).toEqual([]);
  });

  test('met no error of a page’s own, and no content that the policy forbids', () => {
    const unexpected = [...ada.problems, ...bob.problems].filter((text) => !/status of (401|403|404|409)/.test(text));
    expect(unexpected).toEqual([]);
  });

  test('leaves no secret of an invitation in the Cloud’s log or folder', () => {
    const secret = link.split('#')[1] ?? 'missing';
    expect(cloud.process.stderr()).not.toContain(secret);
    const found = spawnSync('grep', ['-rlF', secret, cloud.dataFolder], { encoding: 'utf8' });
    expect(found).toMatchObject({ status: 1, stdout: '' });
  });
});
