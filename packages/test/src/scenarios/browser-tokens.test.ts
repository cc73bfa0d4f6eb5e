// An administrator makes a claiming token with limits, claims with it, gives it a new text and takes it away; and finds the command in the
// form that a machine needs.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProxySetting } from '@claimstead/wire/claim/claim-command';
import type { Agent } from '../harness/agent.ts';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { eventually, run } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let agent: Agent;
let spaceUrl: string;
let browser: Browser;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  agent = await world.agent(undefined, { hostname: 'ada-rack' });
  browser = await startBrowser(world.folder, cloud.caPem);
  const client = await cloud.client();
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  const id = spaces[0]?.id ?? '';
  await client.send('POST', `/spaces/${id}/rooms`, { name: 'Cellar' });
  spaceUrl = `${cloud.url}/spaces/${id}`;
  const { page } = browser;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByLabel('Name of the Space').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

const picture = (name: string): Promise<void> => takePictures(browser.page, name);
const fits = (): Promise<boolean> => noSidewaysScroll(browser.page);
const claimWith = (token: string): ReturnType<typeof run> =>
  run('/bin/sh', ['-c', `netdata-claim.sh -token=${token} -url=${cloud.url}`], { env: agent.env });

suite('claiming tokens', () => {
  let text = '';

  test('are none at first', async () => {
    const { page } = browser;
    await page.goto(spaceUrl);
    await page.locator('button[title^="Space:"]').click();
    await page.getByRole('menuitem', { name: 'Claiming tokens' }).click();
    await page.getByText('No token is in use').waitFor();
    expect(await fits()).toBe(true);
    await picture('tokens-none');
  });

  test('are made in a panel that says what is wrong, and shown once', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Rack 4');
    await page.getByRole('radio', { name: 'At most' }).check();
    await page.getByLabel('Nodes that it may still claim').fill('two');
    await page.getByRole('checkbox', { name: 'Cellar' }).check();
    await page.getByLabel('Networks that claims may come from').fill('127.0.0.0/8\neverywhere');
    const save = page.getByRole('dialog').getByRole('button', { name: 'Make a token' });
    await save.click();
    await page.getByText('“everywhere” is no network').waitFor();
    await picture('tokens-make');
    await page.getByLabel('Networks that claims may come from').fill('127.0.0.0/8\n2001:db8::/32');
    await page.getByLabel('Nodes that it may still claim').fill('2');
    await save.click();
    text = await page.getByTestId('token-text').innerText();
    expect(text).toMatch(/^cst_\w{38}$/);
    expect(await page.getByTestId('claim-command').innerText()).toBe(
      `netdata-claim.sh -token=${text} -rooms=cellar -url=${cloud.url}`,
    );
    await picture('tokens-made');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Rack 4').waitFor();
    expect(await page.content()).not.toContain(text);
  });

  test('count what they claim, without anybody asking', async () => {
    const { page } = browser;
    const trusted = await run('/bin/sh', ['-c', trustCommand()], { env: agent.env });
    expect(trusted).toMatchObject({ code: 0 });
    expect(await claimWith(text)).toMatchObject({ code: 0 });
    await page.getByText('1 node so far, 1 left').waitFor();
    expect(await fits()).toBe(true);
    await picture('tokens');
  });

  test('get a new text, and the old one is refused', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Regenerate Rack 4' }).click();
    await page.getByText('is refused from the next claim on').waitFor();
    await picture('tokens-regenerate');
    await page.getByRole('button', { name: 'Make the new text' }).click();
    const anew = await page.getByTestId('token-text').innerText();
    expect(anew).not.toBe(text);
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await claimWith(text)).toMatchObject({ code: 12 });
    text = anew;
    expect(await claimWith(text)).toMatchObject({ code: 0 });
  });

  test('are revoked with words that say what stays', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Revoke Rack 4' }).click();
    await page.getByText(/stay claimed and connected/).waitFor();
    await picture('tokens-revoke');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
    await page.getByText('No token is in use').waitFor();
    await page.getByRole('radio', { name: 'Ended' }).check();
    await page.getByText('Revoked').waitFor();
    await picture('tokens-ended');
    expect(await claimWith(text)).toMatchObject({ code: 12 });
  });
});

suite('the standing token', () => {
  test('is made once, and can be viewed again', async () => {
    const { page } = browser;
    await page.goto(`${spaceUrl}/tokens`);
    await page.getByRole('button', { name: 'Make the standing token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Images');
    await page.getByRole('dialog').getByRole('button', { name: 'Make the standing token' }).click();
    const text = await page.getByTestId('token-text').innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'View Images' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'View', exact: true }).click();
    expect(await page.getByTestId('token-text').innerText()).toBe(text);
    await picture('tokens-standing-viewed');
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await page.getByRole('button', { name: 'Make the standing token' }).count()).toBe(0);
    expect(await fits()).toBe(true);
    await picture('tokens-standing');
  });
});

suite('admission', () => {
  test('lets a node wait, with the words that its machine shows, until somebody admits it', async () => {
    const { page } = browser;
    await page.goto(`${spaceUrl}/tokens`);
    await page.getByRole('checkbox', { name: 'Every node that is claimed anew waits for admission' }).check();
    await eventually(async () =>
      (await page.getByRole('checkbox', { name: /claimed anew waits/ }).isEnabled()) ? true : undefined,
    );
    expect(await fits()).toBe(true);
    await picture('tokens-admission');
    const other = await world.agent(undefined, { name: 'other', hostname: 'grace-rack' });
    expect(await run('/bin/sh', ['-c', trustCommand()], { env: other.env })).toMatchObject({ code: 0 });
    const token = await cloud.token();
    const claimed = await run(
      '/bin/sh',
      ['-c', `netdata-claim.sh -token=${token} -url=${cloud.url} -hostname=grace-rack`],
      {
        env: other.env,
      },
    );
    expect(claimed).toMatchObject({ code: 0, stdout: 'Agent was successfully claimed.\n' });
    const said = /words of this node's key: ([a-z ]+)/.exec(claimed.stderr)?.[1] ?? '';
    expect(said.split(' ')).toHaveLength(6);
    await page.goto(`${spaceUrl}/manage`);
    await page.getByTestId('waiting-nodes').getByText(said).waitFor();
    const state = await eventually(async () => {
      const { stdout } = await run('netdatacli', ['aclk-state'], { env: other.env });
      return stdout.includes('waits') ? stdout : undefined;
    });
    expect(state).toContain(`Key Words: ${said}`);
    expect(state).toContain('Last Error Code: waits-for-admission');
    expect(await fits()).toBe(true);
    await picture('admission-waiting');
    await page.getByRole('button', { name: 'Admit grace-rack' }).click();
    await page.getByTestId('waiting-nodes').waitFor({ state: 'detached' });
    await run('netdatacli', ['reload-claiming-state'], { env: other.env });
    await eventually(async () =>
      (await cloud.nodes()).some(({ hostname, state: now }) => hostname === 'grace-rack' && now === 'live')
        ? true
        : undefined,
    );
  });
});

suite('Add nodes', () => {
  test('has the command in four forms, and takes a proxy that never leaves the page', async () => {
    const { page } = browser;
    const bodies: string[] = [];
    page.on('request', (request) => bodies.push(`${request.url()} ${request.postData() ?? ''}`));
    await page.goto(`${spaceUrl}/add-nodes`);
    const command = page.getByTestId('claim-command');
    await command.waitFor();
    await page.getByTestId('token-says').getByText('0 nodes so far').waitFor();
    await picture('add-nodes');
    for (const [label, start] of [
      ['sudo', 'sudo netdata-claim.sh -token='],
      ['docker exec', 'docker exec -it netdata netdata-claim.sh -token='],
      ['docker run', 'docker run -d --name=netdata'],
    ] as const) {
      await page.getByRole('radio', { name: label, exact: true }).check();
      await eventually(async () => ((await command.innerText()).startsWith(start) ? true : undefined));
      expect(await fits()).toBe(true);
    }
    await picture('add-nodes-docker-run');
    await page.getByText('Through a proxy').click();
    await page.getByLabel('Proxy', { exact: true }).fill("http://ada:it's@proxy");
    await page.getByText(/special characters of a password with %/).waitFor();
    await picture('add-nodes-proxy');
    const proxy = 'http://ada:CANARY%21@proxy.example:3128';
    expect(ProxySetting.parse(proxy)).toBe(proxy);
    await page.getByLabel('Proxy', { exact: true }).fill(proxy);
    await eventually(async () => ((await command.innerText()).includes(`-proxy=${proxy}`) ? true : undefined));
    expect(bodies.filter((body) => body.includes('CANARY'))).toEqual([]);
  });

  test('is made of a page that met no error of its own', () => {
    // Before the sign-in nobody is signed in.
    expect(browser.problems.filter((problem) => !/status of 401/.test(problem))).toEqual([]);
    expect(cloud.process.stderr()).not.toMatch(/cst_|CANARY/);
  });
});

/** As the page shows it; the agent of this test needs to know the Cloud's authority before anything. */
function trustCommand(): string {
  return `mkdir -p "$NETDATA_USER_CONFIG_DIR/claim.d" && cat > "$NETDATA_USER_CONFIG_DIR/claim.d/cloud_fullchain.pem" <<'CA'\n${cloud.caPem}CA`;
}
