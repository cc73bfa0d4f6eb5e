import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultAlerts } from './default-alerts.ts';
import { readDefinitions } from './read-definitions.ts';

let config = '';
beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), 'health-'));
});
afterEach(() => rmSync(config, { recursive: true, force: true }));

const alert = (name: string): string =>
  `alarm: ${name}\non: system.uptime\ncalc: $uptime\nevery: 10s\nwarn: $this > 0\n`;

it('has the built-in alerts where nobody wrote one', async () => {
  expect(await readDefinitions(config)).toEqual({ definitions: defaultAlerts, findings: [] });
});

it('reads the files by name after them, and one that cannot be used stops none', async () => {
  const folder = join(config, 'health.d');
  mkdirSync(join(folder, 'folder.conf'), { recursive: true });
  writeFileSync(join(folder, 'b.conf'), alert('b'));
  writeFileSync(join(folder, 'a.conf'), `${alert('a')}\nalarm: broken\n`);
  writeFileSync(join(folder, 'big.conf'), '#'.repeat(256 * 1024 + 1));
  writeFileSync(join(folder, 'b.conf.bak'), alert('old'));
  const { definitions, findings } = await readDefinitions(config);
  expect(definitions.slice(defaultAlerts.length).map(({ name }) => name)).toEqual(['a', 'b']);
  expect(definitions.at(-1)?.source).toEqual({ file: join(folder, 'b.conf'), line: 1 });
  expect(findings).toHaveLength(3);
  expect(findings[0]).toBe(
    `${join(folder, 'a.conf')}:7: alarm broken is left out, because it has no "on" line that names its chart or context.`,
  );
  expect(findings[1]).toContain('big.conf (larger than 256 KiB)');
  expect(findings[2]).toContain('folder.conf (EISDIR)');
});

it('says when the folder is none', async () => {
  writeFileSync(join(config, 'health.d'), '');
  const { definitions, findings } = await readDefinitions(config);
  expect(definitions).toEqual(defaultAlerts);
  expect(findings).toEqual([expect.stringContaining('health.d (ENOTDIR)')]);
});
