// What people look at: pages wide and narrow, light and dark, free of serious findings of axe-core; as pictures where a folder for them is
// named.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accessibilityFindings } from './accessibility.ts';

/** Pictures of every page go here when it is set. */
const folder = process.env['CLAIMSTEAD_PICTURES'];

/** Looks at the page in every size and colour, and takes it; throws when somebody could not read or use it. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const findings: string[] = [];
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.evaluate(settle);
      const look = `${name}-${width}-${colorScheme}`;
      if (folder !== undefined) await page.screenshot({ path: join(folder, `${look}.png`) });
      findings.push(...(await accessibilityFindings(page)).map((finding) => `${look}: ${finding}`));
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  if (findings.length > 0) throw new Error(findings.join('\n'));
}

/**
 * Runs in the page: ends what moves until nothing has begun to move for some frames. What is half way, a colour or a dialog that fades in,
 * has the look and the contrast of neither. (To wait for the end is no way: what is not painted may never come to it.)
 */
async function settle(): Promise<void> {
  for (let stillFrames = 0; stillFrames < 5; stillFrames++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    // Those that never end, as what shows that a page waits, go on.
    const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    for (const one of moving) one.finish();
    if (moving.length > 0) stillFrames = 0;
  }
}

export const noSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
