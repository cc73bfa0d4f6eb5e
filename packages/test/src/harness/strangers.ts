// Names that strangers choose, and what must not come of them on a page: nothing runs, nothing is refused by the policy, the page gets no
// broader than its window, and no text reorders what stands beside it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { GivenName } from '@claimstead/wire/cloud-api/spaces';
import { takePictures } from './pictures.ts';
import { root } from './programs.ts';

export const payloads = JSON.parse(
  readFileSync(join(root, 'packages/test/vectors/hostile-names.json'), 'utf8'),
) as string[];

/** Those that people may give to a Space, a room, a token or themselves; the others are refused at the door. */
export const givenNames = [...new Set(payloads.flatMap((text) => GivenName.safeParse(text).data ?? []))];

export const payload = (n: number): string => payloads[n % payloads.length] ?? '';

/** From now on every page notes what its policy refused. The answer counts the dialogs that were opened. */
export async function watchForStrangers(page: Page): Promise<() => number> {
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    const seen = window as unknown as { violations: string[] };
    seen.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      seen.violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  return () => dialogs;
}

/** What is wrong with the page as it is now. */
export const troublesOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const seen = window as unknown as { violations: string[] };
    if (Reflect.has(window, '__pwn')) found.push('a script of a stranger ran');
    for (const violation of seen.violations) found.push(`the policy refused ${violation}`);
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) {
      const widest = [...document.querySelectorAll('body *')].find(
        (one) => one.getBoundingClientRect().right >= scrollWidth - 1,
      );
      found.push(`it is ${scrollWidth} px wide in ${window.innerWidth}: ${widest?.tagName} ${widest?.className}`);
    }
    // A panel or a question over the page has its own width.
    for (const panel of document.querySelectorAll('dialog[open], [role="dialog"]'))
      if (panel.scrollWidth > panel.clientWidth + 1) found.push(`the panel “${panel.className}” scrolls sideways`);
    if (document.body.innerText.includes('This page met a fault')) found.push('it broke');
    const marks = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder'])
        if (marks.test(one.getAttribute(name) ?? ''))
          found.push(`a mark reorders ${name} “${one.getAttribute(name)?.slice(0, 40)}”`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent ?? '';
      const parent = node.parentElement;
      if (parent === null || parent.closest('script, style, option, title') !== null) continue;
      if (marks.test(text)) found.push(`a mark reorders “${text.slice(0, 40)}”`);
      if (!/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(text)) continue;
      // Isolated by itself or by what is around it, up to the line that it stands in.
      let around: Element | null = parent;
      while (around !== null && !/isolate|plaintext/.test(getComputedStyle(around).unicodeBidi))
        around = around.parentElement;
      if (around === null || around === document.body) found.push(`“${text.slice(0, 40)}” is not isolated`);
    }
    return [...new Set(found)];
  });

/** What is wrong at both widths, from the top to the bottom. Pictures, and what axe-core says, take a while where there are hundreds of rows. */
export async function lookAtStrangers(page: Page, name: string, withPictures = true): Promise<string[]> {
  const found: string[] = [];
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    // A question over the page holds the page still.
    const isAsked = (await page.locator('dialog[open], [role="dialog"]').count()) > 0;
    for (const share of isAsked ? [0] : [0, 0.5, 1]) {
      await page.evaluate(
        (part) =>
          new Promise((resolve) => {
            window.scrollTo(0, part * document.documentElement.scrollHeight);
            requestAnimationFrame(() => requestAnimationFrame(resolve));
          }),
        share,
      );
      found.push(...(await troublesOf(page)).map((trouble) => `${name}, ${width} px: ${trouble}`));
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => window.scrollTo(0, 0));
  if (withPictures) await takePictures(page, `hostile-${name.replaceAll(' ', '-')}`);
  return [...new Set(found)];
}
