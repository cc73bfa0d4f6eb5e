// The first ten minutes of a new administrator, told once from end to end and through the pages alone: the Cloud starts for the first time, the
// password that it printed becomes an own one, the Space gets its name, the command makes a node live, and a colleague comes to look at it.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../harness/agent.ts';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { run } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let agent: Agent;
let ada: Browser;
let bob: Browser;
/** Every text that the Cloud answered the colleague's browser with. */
const toldBob: Promise<string>[] = [];

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  agent = await world.agent(undefined, { hostname: 'ada-laptop' });
  ada = await startBrowser(join(world.folder, 'ada'), cloud.caPem);
  bob = await startBrowser(join(world.folder, 'bob'), cloud.caPem);
  bob.page.on('requestfinished', (request) =>
    toldBob.push(
      request
        .response()
        .then(async (response) => `${request.url()} ${await response?.text()}`)
        // Pages that were left meanwhile.
        .catch(() => request.url()),
    ),
  );
});
afterAll(async () => {
  await ada?.close();
  await bob?.close();
  await world?.end();
});

suite('the first ten minutes of a new administrator', () => {
  test('first start → account → Space → command → node live → a colleague who sees the room and no token', async () => {
    const { page } = ada;
    const own = 'my own four words';

    // First start: the address leads to the sign-in, the printed password in.
    await page.goto(cloud.url);
    await signIn(page, administrator, cloud.password);

    // Account: a password of one's own, after which the printed one is worth nothing.
    await page.getByLabel('Current password').fill(cloud.password);
    await page.getByLabel('New password', { exact: true }).fill(own);
    await page.getByLabel(/again/i).fill(own);
    await page.getByRole('button', { name: 'Choose a password' }).click();

    // Space.
    await page.getByLabel('Name of the Space').fill('Ada’s machines');
    await page.getByRole('button', { name: 'Continue' }).click();

    // Command: run as it is shown, by somebody with write rights on the node.
    const trust = await page.getByTestId('trust-command').innerText();
    const command = await page.getByTestId('claim-command').innerText();
    const [token = ''] = /cst_\w+/.exec(command) ?? [];
    expect(token).not.toBe('');
    await rm(agent.claimFolder, { recursive: true });
    for (const shown of [trust, command])
      expect(await run('/bin/sh', ['-c', shown], { env: agent.env })).toMatchObject({ code: 0 });

    // Node live, without a touch of the page.
    await page.getByText('ada-laptop').first().waitFor();
    await page.locator('[data-state="live"]').first().waitFor();
    await page
      .getByRole('link', { name: /nodes$/ })
      .first()
      .click();

    // A room for the colleague, with the node in it.
    const menu = async (entry: string): Promise<void> => {
      await page.getByRole('button', { name: /Ada’s machines/ }).click();
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
    };
    await menu('Rooms');
    await page.getByRole('textbox', { name: 'Name of the new room' }).fill('Laptops');
    await page.getByRole('button', { name: /^(Create|Make)/ }).click();
    await menu('Manage Claimed Nodes');
    await page.getByRole('button', { name: 'Details of ada-laptop' }).click();
    await page.getByRole('button', { name: 'Edit rooms' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Laptops' }).check({ force: true });
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // The colleague is invited into it.
    await menu('People');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('E-mail address').fill('bob@example.net');
    await sheet.getByRole('radio', { name: /^Member/ }).check();
    await sheet.getByRole('checkbox', { name: 'Laptops' }).check({ force: true });
    await sheet.getByRole('button', { name: 'Make the invitation' }).click();
    const link = await sheet.getByTestId('invitation-link').innerText();

    const bobs = bob.page;
    await bobs.goto(link);
    await bobs.getByLabel('Your name').fill('Bob');
    await bobs.getByLabel('Choose a password').fill('four words in a row');
    await bobs.getByLabel('The password again').fill('four words in a row');
    await bobs.getByRole('button', { name: 'Accept and sign in' }).click();

    // Sees the room with its node, live, and its charts.
    await bobs.getByText('Laptops').first().waitFor();
    await bobs.locator('[data-state="live"]').first().waitFor();
    const spaceUrl = bobs.url();
    await bobs
      .getByRole('link', { name: /ada-laptop/ })
      .first()
      .click();
    await bobs.waitForFunction(
      () => Number(document.querySelector('[data-chart="system.cpu"]')?.getAttribute('data-last-time')) > 0,
    );

    // And no token: on no page, in no answer, at no address of the API.
    for (const path of ['add-nodes', 'tokens', 'people', 'manage', 'audit']) {
      await bobs.goto(`${spaceUrl}/${path}`);
      await bobs
        .getByText(/^(Only administrators|Your role)/)
        .first()
        .waitFor();
      expect(await bobs.content()).not.toContain('cst_');
    }
    const spaceId = /spaces\/([0-9a-f-]+)/.exec(spaceUrl)?.[1] ?? '';
    const statusOf = (method: string, path: string): Promise<number> =>
      bobs.evaluate(
        async ([how, where]) =>
          (
            await fetch(`/api/cloud/v1/spaces/${where}`, {
              method: how,
              ...(how === 'POST' && {
                body: '{"roomIds":[]}',
                headers: { 'content-type': 'application/json' },
              }),
            })
          ).status,
        [method, `${spaceId}/${path}`] as const,
      );
    expect([
      await statusOf('POST', 'claim-commands'),
      await statusOf('GET', 'claim-tokens'),
      await statusOf('GET', 'audit'),
    ]).toEqual([403, 403, 403]);
    const told = (await Promise.all(toldBob)).join('\n');
    expect(told).toContain('ada-laptop');
    expect(told).not.toContain('cst_');
    expect(told).not.toContain(token.slice(4));
    expect(cloud.process.stderr()).not.toMatch(/cst_|csi_|four words/);
    expect([ada, bob].flatMap(({ problems }) => problems).filter((text) => !/status of 40[13]/.test(text))).toEqual([]);
  });
});
