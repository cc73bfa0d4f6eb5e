// Somebody looks after their account in a browser: two-step sign-in, a passkey, sessions, tokens, a forgotten password. The authenticator is
// Chromium's virtual one; the Cloud's certificate is trusted by the profile's own store.

import { Secret, TOTP } from 'otpauth';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { createCloudClient, fetchCloud } from '../harness/cloud-client.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { eventually, freePort } from '../harness/programs.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;

let world: World;
let cloud: Cloud;
let browser: Browser;
let password: string;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  // A mail server and an issuer that nobody answers for: what the pages offer is told by the settings alone.
  const nobody = await freePort();
  cloud = await world.cloud({
    args: [
      `--smtp-url-file=${await secretFile('smtp', `smtp://127.0.0.1:${nobody}`)}`,
      '--mail-from=cloud@example.net',
      `--oidc-issuer=http://127.0.0.1:${nobody}`,
      '--oidc-client-id=cloud',
      `--oidc-client-secret-file=${await secretFile('oidc', 'secret')}`,
      '--oidc-label=Example Login',
      '--log-level=debug',
    ],
  });
  ({ password } = cloud);
  browser = await startBrowser(world.folder, cloud.caPem);
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

async function secretFile(name: string, line: string): Promise<string> {
  const file = join(world.folder, name);
  await writeFile(file, `${line}\n`, { mode: 0o600 });
  return file;
}

const picture = (name: string): Promise<void> => takePictures(browser.page, `account-${name}`);
const button = (name: string | RegExp) => browser.page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = () => browser.page.getByRole('dialog');

async function firstStep(): Promise<void> {
  const { page } = browser;
  await signIn(page, administrator, password);
}
async function openAccount(): Promise<void> {
  await browser.page.goto(`${cloud.url}/account`);
  await browser.page.getByRole('heading', { name: 'Your account' }).waitFor();
}
async function signOut(): Promise<void> {
  await button(/^Account: /).click();
  await browser.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await button('Sign in').waitFor();
}
async function askedForPassword(): Promise<void> {
  await dialog().getByLabel('Your password').fill(password);
}

suite('the account page', () => {
  test('is reached from the menu, after a sign-in that offers every way there is', async () => {
    const { page } = browser;
    await page.goto(cloud.url);
    await button('Sign in with Example Login').waitFor();
    await button('Sign in with a passkey').waitFor();
    expect(await noSidewaysScroll(page)).toBe(true);
    await picture('sign-in');
    await firstStep();
    await page.getByRole('heading', { name: 'Choose a password' }).waitFor();
    await button(/^Account: /).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.getByText('You have no passkey yet.').waitFor();
    await page.getByText('You have no API token.').waitFor();
    expect(await noSidewaysScroll(page)).toBe(true);
    await picture('empty');
  });

  test('changes the name and the password', async () => {
    const { page } = browser;
    const profile = page.getByRole('region', { name: 'Profile' });
    await profile.getByLabel('Name').fill('Ada Lovelace');
    await button('Save name').click();
    await profile.getByText('The name is saved.').waitFor();
    const section = page.getByRole('region', { name: 'Password', exact: true });
    await section.getByLabel('Current password').fill(password);
    await section.getByLabel('New password', { exact: true }).fill('a password of my own');
    await section.getByLabel('New password again').fill('a password of my own');
    await button('Change password').click();
    await section.getByText(/^The password is changed/).waitFor();
    password = 'a password of my own';
  });

  let code: () => string;
  let recoveryCodes: string[];

  test('turns two-step sign-in on with the secret of the page, and shows the recovery codes once', async () => {
    const { page } = browser;
    const section = page.getByRole('region', { name: 'Two-step sign-in' });
    await section.getByRole('button', { name: 'Turn on' }).click();
    await askedForPassword();
    await picture('two-step-password');
    await dialog().getByRole('button', { name: 'Continue' }).click();
    const secret = await page.getByTestId('totp-secret').innerText();
    const totp = new TOTP({ secret: Secret.fromBase32(secret.trim()) });
    code = () => totp.generate();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    await picture('two-step-code');
    await dialog().getByLabel('Code of the app').fill('000000');
    await dialog().getByRole('button', { name: 'Turn on' }).click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByLabel('Code of the app').fill(code());
    await dialog().getByRole('button', { name: 'Turn on' }).click();
    await page.getByTestId('recovery-codes').waitFor();
    recoveryCodes = (await page.getByTestId('recovery-codes').locator('li').allInnerTexts()).map((text) => text.trim());
    expect(recoveryCodes).toHaveLength(10);
    await picture('recovery-codes');
    const download = page.waitForEvent('download');
    await dialog().getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('claimstead-recovery-codes.txt');
    await dialog().getByRole('button', { name: 'Done' }).click();
    await section.getByText('10 recovery codes left').waitFor();
  });

  test('asks for the second step at the next sign-in: a code that was used is refused, a recovery code is taken', async () => {
    const { page } = browser;
    await signOut();
    await firstStep();
    await page.getByRole('heading', { name: 'Second step' }).waitFor();
    // The code that turned it on, if it is still of now; it is void either way.
    await page.getByLabel('Code').fill('000000');
    await button('Sign in').click();
    await page.getByRole('alert').waitFor();
    await picture('second-step');
    await page.getByLabel('Code').fill(recoveryCodes[0] ?? '');
    await button('Sign in').click();
    await button(/^Account: /).waitFor();
    await openAccount();
    await page.getByText('9 recovery codes left').waitFor();
  });

  test('adds a passkey by an authenticator, which then signs in alone', async () => {
    const { page } = browser;
    const session = await browser.context.newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await button('Add a passkey').click();
    await dialog().getByLabel('Name of the passkey').fill('Ada’s laptop');
    await askedForPassword();
    await picture('passkey-add');
    await dialog().getByRole('button', { name: 'Add a passkey' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Passkeys' }).getByText('Ada’s laptop').waitFor();
    await signOut();
    await button('Sign in with a passkey').click();
    await button(/^Account: /).waitFor();
    await openAccount();
    await page
      .getByRole('region', { name: 'Passkeys' })
      .getByText(/^used \d+ s ago$/)
      .waitFor();
  });

  test('makes a token, shows it once, and it works until it is revoked', async () => {
    const { page } = browser;
    await button('Make a token').click();
    await dialog().getByLabel('Name').fill('Night report');
    await picture('token-make');
    await dialog().getByRole('button', { name: 'Make a token' }).click();
    const token = (await page.getByTestId('api-token').innerText()).trim();
    await picture('token-made');
    await dialog().getByRole('button', { name: 'Done' }).click();
    const ask = () =>
      fetchCloud(cloud, 'GET', '/api/cloud/v1/spaces', { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).json<{ spaces: { role: string }[] }>().spaces.map(({ role }) => role)).toEqual(['observer']);
    const section = page.getByRole('region', { name: 'API tokens' });
    await section.getByText(/Observer$/).waitFor();
    expect(await page.content()).not.toContain(token);
    expect(await noSidewaysScroll(page)).toBe(true);
    await section.scrollIntoViewIfNeeded();
    await picture('tokens');
    await button('Revoke the token Night report').click();
    await picture('token-revoke');
    await button('Revoke token').click();
    await section.getByText('You have no API token.').waitFor();
    expect((await ask()).status).toBe(401);
    expect(cloud.process.stderr()).not.toMatch(/csa_/);
  });

  test('lists where one is signed in, and signs out elsewhere', async () => {
    const { page } = browser;
    const { stdout } = await cloud.admin('sign-in');
    const other = await createCloudClient({ ...cloud, oneUseCode: stdout.trim() });
    expect((await other.send('GET', '/session')).status).toBe(200);
    await openAccount();
    const section = page.getByRole('region', { name: 'Where you are signed in' });
    await section.getByText('This browser').waitFor();
    await section.getByText('Another program').waitFor();
    await section.scrollIntoViewIfNeeded();
    await picture('sessions');
    await button('Sign out everywhere else').click();
    await section.getByText('Another program').waitFor({ state: 'detached' });
    expect((await other.send('GET', '/session')).status).toBe(401);
  });

  test('signs this browser out, too, when somebody else ends its session', async () => {
    const { page } = browser;
    await button('Sign out everywhere').click();
    await picture('sign-out-everywhere');
    await dialog().getByRole('button', { name: 'Sign out everywhere' }).click();
    await button('Sign in').waitFor();
    expect(page.url()).toContain('/sign-in');
  });

  test('sends a link for a new password, and the page behind the link takes it', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/sign-in`);
    await button('Forgot your password?').click();
    await page.getByLabel('E-mail address').fill(administrator);
    await picture('forgot');
    await button('Send the link').click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await picture('forgot-sent');
    const { stdout } = await cloud.admin('reset-password', administrator, '--remove-second-factor');
    expect(stdout).toMatch(/^https:\/\/localhost:\d+\/reset-password#[\w-]{43}\n$/);
    await page.goto('about:blank');
    await page.goto(stdout.trim());
    await page.getByRole('heading', { name: 'New password' }).waitFor();
    await eventually(() => (page.url() === `${cloud.url}/reset-password` ? true : undefined));
    await page.getByLabel('New password', { exact: true }).fill('yet another password');
    await page.getByLabel('New password again').fill('yet another password');
    await picture('reset');
    await button('Save password').click();
    await page.getByRole('heading', { name: 'The new password is saved' }).waitFor();
    await picture('reset-done');
    await page.getByRole('link', { name: 'To the sign-in' }).click();
    password = 'yet another password';
    await firstStep();
    await button(/^Account: /).waitFor();
  });

  test('says when the issuer did not answer, and when a sign-in there was refused', async () => {
    const { page } = browser;
    await page.goto(`${cloud.url}/`);
    await signOut();
    await button('Sign in with Example Login').click();
    await page.getByRole('alert').waitFor();
    await page.goto(`${cloud.url}/sign-in?refused=oidc-refused`);
    await page.getByText(/no account here is yours/).waitFor();
    await picture('refused');
    await page.goto(`${cloud.url}/sign-in?refused=%3Cscript%3E`);
    await page.getByText(/did not come to an end/).waitFor();
  });

  test('met no error of a page’s own', () => {
    const unexpected = browser.problems.filter((text) => !/status of (401|502)/.test(text));
    expect(unexpected).toEqual([]);
  });
});
