import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';
import { agentOptions, configurationMarkdown } from './options.ts';

test('the page is what the table says', () => {
  const file = new URL('../../../../docs/agent-configuration.md', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(configurationMarkdown());
});

test('the table says what the agent does', () => {
  const config = loadConfig({ env: {}, overrides: [], configFile: undefined, installationFile: undefined });
  const usual = (section: string, key: string): string | undefined =>
    agentOptions.find((option) => option.section === section && option.key === key)?.default;
  expect(config.directories).toEqual(
    Object.fromEntries(Object.keys(config.directories).map((key) => [key, usual('directories', key)])),
  );
  expect(usual('web', 'bind to')).toBe(config.web.address);
  expect(usual('web', 'default port')).toBe(String(config.web.port));
  expect(usual('global', 'history')).toBe(String(config.retentionSeconds));
  expect(usual('cloud', 'cloud base url')).toBe(config.cloud.baseUrl);
  expect(usual('cloud', 'proxy')).toBe(config.cloud.proxy.proxy.kind === 'direct' ? 'none' : undefined);
  expect(usual('global', 'netdata cloud')).toBe(config.cloud.enabled ? 'enable' : 'disable');
});
