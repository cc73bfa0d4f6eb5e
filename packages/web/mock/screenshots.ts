// node mock/run.mjs screenshots DIRECTORY [NAME…]: every page at desktop and phone width, dark and light, to be looked at.
// Fails when a page scrolls sideways, logs an error, or breaks the Content-Security-Policy.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startMockAgent, startMockCloud } from './cloud.ts';
import { makeWorld, playClaim, tell, type Scene, type World } from './world.ts';

interface Shot {
  name: string;
  scene: Scene;
  path: string;
  isSignedIn?: boolean;
  isAgent?: boolean;
  delayMs?: number;
  act?: (page: Page, world: World) => Promise<void>;
  /** How long live things run before the picture. */
  settleMs?: number;
  fullPage?: boolean;
}

const space = '/spaces/00000000-0000-4000-8000-000000000001';
const node = (n: number): string => `/nodes/00000000-0000-4000-8000-${String(100 + n).padStart(12, '0')}`;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

const shots: readonly Shot[] = [
  { name: 'sign-in', scene: 'busy', path: '/sign-in', isSignedIn: false },
  {
    name: 'sign-in-refused',
    scene: 'busy',
    path: '/sign-in',
    isSignedIn: false,
    act: async (page) => {
      await page.getByLabel('E-mail address').fill('admin@localhost');
      await page.getByLabel('Password').first().fill('wrong');
      await button(page, 'Sign in').click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'welcome-password', scene: 'fresh', path: '/welcome' },
  { name: 'welcome-space', scene: 'fresh', path: '/welcome?step=space' },
  { name: 'welcome-claim', scene: 'fresh', path: '/welcome?step=claim', settleMs: 2_500, fullPage: true },
  {
    name: 'welcome-arrived',
    scene: 'fresh',
    path: '/welcome?step=claim',
    fullPage: true,
    settleMs: 700,
    act: async (page, world) => {
      await page.getByTestId('claim-command').waitFor();
      playClaim(world, 40, 'workshop-1');
      await page.getByText('First sample 742').waitFor();
      playClaim(world, 41, 'workshop-2');
    },
  },
  { name: 'nodes', scene: 'busy', path: space, settleMs: 3_000 },
  { name: 'node-contested', scene: 'busy', path: node(7), settleMs: 1_500 },
  { name: 'nodes-room', scene: 'busy', path: `${space}/rooms/00000000-0000-4000-8000-000000000011`, settleMs: 1_500 },
  { name: 'nodes-empty-room', scene: 'busy', path: `${space}/rooms/00000000-0000-4000-8000-000000000014` },
  { name: 'nodes-empty', scene: 'quiet', path: space },
  { name: 'nodes-none-match', scene: 'busy', path: `${space}?find=nothing-like-this` },
  { name: 'nodes-loading', scene: 'busy', path: space, delayMs: 1_500, settleMs: -1 },
  {
    name: 'space-menu',
    scene: 'busy',
    path: space,
    act: (page) => page.getByRole('button', { name: /Alder/ }).click(),
  },
  { name: 'people', scene: 'busy', path: `${space}/people`, settleMs: 500, fullPage: true },
  { name: 'people-loading', scene: 'busy', path: `${space}/people`, delayMs: 1_500, settleMs: -1 },
  {
    name: 'people-refused',
    scene: 'busy',
    path: `${space}/people`,
    act: async (page) => {
      await page.getByLabel('Role of Administrator').selectOption('member');
      await button(page, 'Give it up').click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'invite',
    scene: 'busy',
    path: `${space}/people`,
    act: async (page) => {
      await button(page, 'Invite somebody').click();
      await page.getByLabel('E-mail address').fill('grace@alder.example');
    },
  },
  {
    name: 'invited',
    scene: 'busy',
    path: `${space}/people`,
    act: async (page) => {
      await button(page, 'Invite somebody').click();
      await page.getByLabel('E-mail address').fill('grace@alder.example');
      await button(page, 'Make the invitation').click();
      await page.getByTestId('invitation-link').waitFor();
    },
  },
  { name: 'space-settings', scene: 'busy', path: `${space}/settings` },
  { name: 'rooms-people', scene: 'busy', path: `${space}/rooms` },
  {
    name: 'account-menu',
    scene: 'busy',
    path: space,
    act: (page) => page.getByRole('button', { name: /^Account/ }).click(),
  },
  { name: 'node-live', scene: 'busy', path: node(0), settleMs: 4_000 },
  {
    name: 'node-hover',
    scene: 'busy',
    path: node(3),
    settleMs: 900,
    act: async (page) => {
      await page.waitForTimeout(1_500);
      const over = page.locator('.u-over').first();
      const box = await over.boundingBox();
      if (box) await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5);
    },
  },
  {
    name: 'node-paused',
    scene: 'busy',
    path: node(1),
    settleMs: 1_500,
    act: async (page) => {
      await page.waitForTimeout(1_500);
      await page.getByRole('radio', { name: '15 m' }).check();
      await button(page, 'Earlier').click();
    },
  },
  {
    name: 'node-scrolled',
    scene: 'busy',
    path: node(0),
    settleMs: 2_500,
    act: (page) => page.evaluate(() => window.scrollTo(0, 2600)),
  },
  {
    name: 'node-sections',
    scene: 'busy',
    path: node(0),
    settleMs: 800,
    act: async (page) => {
      await page.waitForTimeout(1_000);
      const open = button(page, 'Sections');
      if (await open.isVisible()) await open.click();
      else await page.getByPlaceholder('Find a chart').fill('disk');
    },
  },
  { name: 'node-stale', scene: 'busy', path: node(4), settleMs: 2_000 },
  { name: 'node-offline', scene: 'busy', path: node(5) },
  { name: 'node-unseen', scene: 'busy', path: node(6) },
  { name: 'node-hostile', scene: 'busy', path: node(9), settleMs: 2_000 },
  { name: 'node-child', scene: 'busy', path: node(13), settleMs: 1_500 },
  { name: 'node-chart-wanted', scene: 'busy', path: `${node(0)}?chart=net_packets.uplink`, settleMs: 2_500 },
  {
    name: 'node-stock-sections',
    scene: 'busy',
    path: `${node(0)}?chart=app.postgres_cpu_utilization`,
    settleMs: 2_500,
  },
  { name: 'node-heatmap', scene: 'busy', path: `${node(0)}?chart=prometheus_app.request_seconds`, settleMs: 2_500 },
  { name: 'alerts', scene: 'busy', path: `${space}/alerts`, settleMs: 800 },
  { name: 'alerts-critical', scene: 'busy', path: `${space}/alerts?status=critical&find=web`, settleMs: 800 },
  {
    name: 'alerts-arrived',
    scene: 'busy',
    path: `${space}/alerts?status=critical`,
    settleMs: 500,
    act: async (page, world) => {
      await page.locator('[data-alert]').first().waitFor();
      const quiet = [...world.nodes.values()].find(({ hostname }) => hostname === 'db-primary');
      if (quiet) tell(world, { ...quiet, alerts: { critical: 1, warning: 0, changedAt: new Date().toISOString() } });
      await page.locator('[data-alert]', { hasText: 'db-primary' }).waitFor({ timeout: 2_000 });
    },
  },
  { name: 'alerts-none', scene: 'quiet', path: `${space}/alerts` },
  { name: 'alerts-loading', scene: 'busy', path: `${space}/alerts`, delayMs: 1_500, settleMs: -1 },
  { name: 'node-alerts', scene: 'busy', path: `${node(0)}/alerts`, settleMs: 800 },
  { name: 'node-alerts-all', scene: 'busy', path: `${node(1)}/alerts?shown=all`, settleMs: 800 },
  {
    name: 'node-alert-details',
    scene: 'busy',
    path: `${node(0)}/alerts?alert=${encodeURIComponent('disk_space./.disk_space_usage')}`,
    settleMs: 1_200,
  },
  { name: 'node-alerts-offline', scene: 'busy', path: `${node(5)}/alerts` },
  { name: 'node-functions', scene: 'busy', path: `${node(0)}/functions` },
  {
    name: 'node-functions-member',
    scene: 'busy',
    path: `${node(0)}/functions`,
    act: async (page, world) => {
      world.space.role = 'member';
      await page.reload();
    },
  },
  { name: 'node-functions-none', scene: 'busy', path: `${node(1)}/functions` },
  { name: 'node-function', scene: 'busy', path: `${node(0)}/functions/processes`, settleMs: 3_000 },
  {
    name: 'node-function-scrolled',
    scene: 'busy',
    path: `${node(0)}/functions/processes?sort=Cmd`,
    settleMs: 1_500,
    act: async (page) => {
      await page.locator('[data-row]').first().waitFor();
      await page
        .getByRole('region')
        .last()
        .evaluate((region) => region.scrollTo(120, 31_000));
    },
  },
  {
    name: 'node-function-columns',
    scene: 'busy',
    path: `${node(0)}/functions/processes?find=nginx`,
    act: (page) => button(page, 'Columns').click(),
  },
  { name: 'node-function-options', scene: 'busy', path: `${node(0)}/functions/network-connections`, settleMs: 1_200 },
  { name: 'node-function-few', scene: 'busy', path: `${node(0)}/functions/mount-points`, settleMs: 1_200 },
  { name: 'node-function-refused', scene: 'busy', path: `${node(0)}/functions/systemd-journal`, settleMs: 1_200 },
  { name: 'node-function-other', scene: 'busy', path: `${node(0)}/functions/topology%3Asnmp`, settleMs: 1_200 },
  { name: 'node-information', scene: 'busy', path: `${node(0)}/information`, fullPage: true },
  { name: 'node-information-child', scene: 'busy', path: `${node(13)}/information` },
  { name: 'manage', scene: 'busy', path: `${space}/manage`, fullPage: true },
  {
    name: 'manage-remove',
    scene: 'busy',
    path: `${space}/manage`,
    act: async (page) => {
      await button(page, 'Remove mill-controller').click();
    },
  },
  {
    name: 'manage-rooms',
    scene: 'busy',
    path: `${space}/manage`,
    act: async (page) => {
      await button(page, 'Rooms of db-primary').click();
    },
  },
  { name: 'rooms', scene: 'busy', path: `${space}/rooms` },
  { name: 'add-nodes', scene: 'busy', path: `${space}/add-nodes`, settleMs: 1_500, fullPage: true },
  { name: 'not-found', scene: 'busy', path: '/spaces/nowhere/else' },
  { name: 'agent', scene: 'busy', path: '/', isAgent: true, settleMs: 3_000 },
];

const widths = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

export async function main([directory = 'dist/screenshots', ...names]: string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const troubles: string[] = [];
  try {
    for (const shot of shots) {
      if (names.length > 0 && !names.some((name) => shot.name.startsWith(name))) continue;
      for (const width of ['desktop', 'phone'] as const) {
        for (const theme of ['dark', 'light'] as const)
          troubles.push(...(await take(browser, shot, width, theme, directory)));
      }
    }
  } finally {
    await browser.close();
  }
  process.stdout.write(troubles.length === 0 ? 'no trouble\n' : `${troubles.join('\n')}\n`);
  process.exitCode = troubles.length === 0 ? 0 : 1;
}

async function take(
  browser: Browser,
  shot: Shot,
  width: keyof typeof widths,
  theme: 'dark' | 'light',
  directory: string,
): Promise<string[]> {
  const label = `${shot.name}-${width}-${theme}`;
  const troubles: string[] = [];
  const world = makeWorld(shot.scene);
  const server = shot.isAgent
    ? await startMockAgent('dist/agent', 0)
    : await startMockCloud(world, 'dist/cloud', 0, shot.delayMs);
  const origin = server.url;
  const context = await browser.newContext({
    viewport: widths[width],
    colorScheme: theme,
    deviceScaleFactor: 1,
    hasTouch: width === 'phone',
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    const isExpected = /status of (401|404|412|503)/.test(message.text());
    if (message.type() === 'error' && !isExpected) troubles.push(`${label}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`${label}: ${error.message}`));
  try {
    if (!shot.isAgent && shot.isSignedIn !== false) {
      world.signedIn.add('shot');
      await context.addCookies([{ name: 'mock-session', value: 'shot', url: origin }]);
    }
    await page.goto(origin + shot.path);
    if (shot.settleMs === -1) await page.waitForTimeout(900);
    else await page.waitForLoadState('networkidle');
    await shot.act?.(page, world);
    await page.waitForTimeout(Math.max(350, shot.settleMs ?? 350));
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 0) troubles.push(`${label}: ${sideways} px wider than the window`);
    await page.screenshot({ path: join(directory, `${label}.png`), fullPage: shot.fullPage ?? false });
  } catch (error) {
    troubles.push(`${label}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  } finally {
    await context.close();
    await server.stop();
  }
  return troubles;
}
