// What 1,000 live nodes cost a browser: how soon their list can be used, how fast a filter answers, and whether frames are dropped while every
// sparkline gets a new value each second. The nodes are children of one agent, so that the links of a thousand agents are not measured, too.
// How busy the machine was stands on stderr: other work shows in every figure.

import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { startBrowser } from '../harness/browser.ts';
import { administrator } from '../harness/cloud.ts';
import { startManyNodes } from '../harness/many-nodes.ts';
import { noSidewaysScroll, takePictures } from '../harness/pictures.ts';
import { createWorld } from '../harness/world.ts';
import { countFrom, pause, percentile, printFigure } from './figure.ts';

const count = countFrom('BENCH_NODES', 1000);
const watchedMs = 10_000;
const hostnames = Array.from({ length: count }, (_, n) => `${['web', 'db', 'cache', 'edge'][n % 4]}-${n}.example`);

const tellLoad = (what: string): void =>
  void process.stderr.write(
    `  ${what}: load ${loadavg()
      .map((n) => n.toFixed(1))
      .join(' ')}\n`,
  );

/** Milliseconds from the start of the navigation to a frame after the first rows were drawn. */
async function interactiveMs(page: Page, url: string): Promise<number> {
  await page.goto(url);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.querySelector('[data-node]') === null) requestAnimationFrame(look);
          else requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
        };
        look();
      }),
  );
}

/** Milliseconds from a typed letter to the frame that shows its result; one for each. */
const filterMs = (page: Page, words: readonly string[]): Promise<number[]> =>
  page.evaluate(async (typed) => {
    const field = document.querySelector<HTMLInputElement>('input[type="search"]');
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const shown = (): string => document.querySelector('[data-rows]')?.getAttribute('data-rows') ?? '';
    const times: number[] = [];
    for (const word of typed) {
      const before = shown();
      const start = performance.now();
      setValue?.call(field, word);
      field?.dispatchEvent(new Event('input', { bubbles: true }));
      while (shown() === before) {
        if (performance.now() - start > 10_000) throw new Error(`“${word}” changed nothing`);
        await new Promise(requestAnimationFrame);
      }
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return times;
  }, words);

/** Frames that were due and not drawn, in per cent, and the longest time without one. */
const frames = (page: Page, ms: number): Promise<{ droppedPercent: number; longestMs: number }> =>
  page.evaluate(async (wantedMs) => {
    const frameMs = 1000 / 60;
    const gaps: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    const end = last + wantedMs;
    while (last < end) {
      const now = await new Promise<number>(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1), 0);
    return { droppedPercent: (100 * dropped) / (wantedMs / frameMs), longestMs: Math.max(...gaps) };
  }, ms);

const world = await createWorld();
try {
  const cloud = await world.cloud();
  await startManyNodes(cloud, hostnames);
  const browser = await startBrowser(world.folder, cloud.caPem, { hasMotion: true });
  const { page } = browser;
  await page.goto(cloud.url);
  await page.getByLabel('E-mail address').fill(administrator);
  await page.getByLabel('Password', { exact: true }).fill(cloud.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Later' }).click();
  const { spaces } = (await (await cloud.client()).send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  const space = `${cloud.url}/spaces/${spaces[0]?.id}`;
  for (const [name, url] of [
    ['nodes', space],
    ['Manage Claimed Nodes', `${space}/manage`],
  ] as const) {
    tellLoad(name);
    const loads: number[] = [];
    for (let round = 0; round < 3; round++) {
      loads.push(await interactiveMs(page, url));
      // What comes after the list (every node as an event) belongs to no other round.
      await pause(3000);
    }
    printFigure({
      name: `${name}, ${count} nodes: usable`,
      value: percentile(loads, 0.5),
      unit: 'ms',
      goal: { words: '<= 1000 ms', isMet: (ms) => ms <= 1000 },
    });
    const typed = ['web', 'web-1', 'web-10', 'web-100', '', 'db', 'db-9', '', 'cache', ''];
    printFigure({
      name: `${name}, ${count} nodes: filter, p95 of ${typed.length}`,
      value: percentile(await filterMs(page, typed), 0.95),
      unit: 'ms',
      goal: { words: '<= 50 ms', isMet: (ms) => ms <= 50 },
    });
    await pause(2000);
    const { droppedPercent, longestMs } = await frames(page, watchedMs);
    printFigure({ name: `${name}, ${count} nodes: frames dropped`, value: droppedPercent, unit: '%' });
    printFigure({ name: `${name}, ${count} nodes: longest time without a frame`, value: longestMs, unit: 'ms' });
    tellLoad(name);
    if (!(await noSidewaysScroll(page))) throw new Error(`${name} scrolls sideways`);
    await takePictures(page, `bench-${name.split(' ')[0]?.toLowerCase()}`);
  }
  await browser.close();
} finally {
  await world.end();
}
