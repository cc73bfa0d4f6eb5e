// What axe-core finds on a page as it stands, in its present size and colours.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The serious and critical findings, one sentence each with the first places; empty = none. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  // By the debugger, not by a script element: the page's own policy forbids those, and stays as it is.
  await page.evaluate(source);
  const { violations, passes } = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
      resultTypes: ['violations'],
      // Not among what it looks at by itself: 24 px for a finger, or as much room around it.
      rules: { 'target-size': { enabled: true } },
    }),
  );
  if (passes.length === 0) throw new Error('axe-core looked at nothing');
  return (
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      // What is half way below a bar that stays while the list scrolls is as large as the others once it is scrolled.
      .map(({ id, nodes, ...finding }) => ({
        ...finding,
        id,
        nodes: nodes.filter(
          ({ failureSummary }) => id !== 'target-size' || failureSummary?.includes('partially obscured') !== true,
        ),
      }))
      .filter(({ nodes }) => nodes.length > 0)
      .map(({ id, help, nodes }) => {
        const places = nodes
          .slice(0, 3)
          .map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary ?? ''})`);
        return `${id}: ${help}: ${places.join('; ')}`.replace(/\s+/g, ' ');
      })
  );
}
