// Debian's Chromium, trusting the Cloud's CA through a certificate store of its own: certificate errors are never ignored.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

export const chromiumPath = '/usr/bin/chromium';

/** Undefined when a browser can be started; otherwise what to install. */
export const browserIsMissing = (): string | undefined => {
  if (!existsSync(chromiumPath)) return 'Debian’s chromium is not installed';
  if (!existsSync('/usr/bin/certutil')) return 'certutil of Debian’s libnss3-tools is not installed';
  return undefined;
};

export interface Browser {
  context: BrowserContext;
  page: Page;
  /** What pages wrote to the console as errors, and what they threw. */
  problems: string[];
  close(): Promise<void>;
}

export async function startBrowser(
  folder: string,
  caPem: string,
  options: { width?: number; height?: number; dark?: boolean; hasMotion?: boolean } = {},
): Promise<Browser> {
  const home = join(folder, 'browser-home');
  const store = join(home, '.pki/nssdb');
  await mkdir(store, { recursive: true });
  const ca = join(home, 'ca.pem');
  await writeFile(ca, caPem);
  execFileSync('certutil', ['-N', '--empty-password', '-d', `sql:${store}`]);
  if (caPem !== '') execFileSync('certutil', ['-A', '-d', `sql:${store}`, '-n', 'cloud', '-t', 'C,,', '-i', ca]);
  const context = await chromium.launchPersistentContext(join(home, 'profile'), {
    executablePath: chromiumPath,
    headless: true,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    // A program is faster than a menu that grows while it opens: pressed on an entry, released where none is any more.
    reducedMotion: options.hasMotion === true ? 'no-preference' : 'reduce',
    env: { ...(process.env as Record<string, string>), HOME: home },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  // Two files of tests share this machine, and a node may take a minute to connect.
  context.setDefaultTimeout(60_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return { context, page, problems, close: () => context.close() };
}

/** Through the form of the page that is open. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
