// The two traces of ARCHITECTURE.md are the way into the code: every file in them exists, and reading one takes a sitting.

import { expect, it } from 'vitest';
import { files, lineCount, read } from './repository.ts';

/** Lines of code that a trace may ask a newcomer to read, all files together. */
const budgets = { 'Trace: a claim': 1_000, 'Trace: a metrics query': 1_400 };

/** The paths in backticks in the second column of the table below a heading. */
function filesOfTrace(heading: string): string[] {
  const section =
    read('ARCHITECTURE.md')
      .split(/^#+ /m)
      .find((part) => part.startsWith(heading)) ?? '';
  return section.split('\n').flatMap((line) => /^\|\s*\d+\s*\|\s*(?:\[)?`([^`]+)`/.exec(line)?.[1] ?? []);
}

for (const [heading, budgetLines] of Object.entries(budgets)) {
  it(`"${heading}" names files that exist, and no more than ${budgetLines} lines`, () => {
    const trace = filesOfTrace(heading);
    expect(trace.length).toBeGreaterThanOrEqual(8);
    expect(trace.filter((path) => !files.includes(path))).toEqual([]);
    const lines = Object.fromEntries(trace.map((path) => [path, lineCount(path)]));
    const total = Object.values(lines).reduce((sum, count) => sum + count, 0);
    expect(total, JSON.stringify(lines, null, 1)).toBeLessThanOrEqual(budgetLines);
  });
}
