import { expect, it } from 'vitest';
import { alertsMarkdown, defaultAlerts } from './default-alerts.ts';
import { definitionKeys } from './definition.ts';
import { parseAlertFile } from './definition-file.ts';
import { healthWorld, start } from './testing.ts';

const page = alertsMarkdown();

it('tells of every alert and of every line', () => {
  for (const { name } of defaultAlerts) expect(page).toContain(`| \`${name}\` |`);
  for (const key of definitionKeys) expect(page).toMatch(new RegExp(`^\\|.*\`${key}:`, 'm'));
});

it('has an example that works and takes the place of the built-in alert', () => {
  const example = /```\n([\s\S]+?)```/.exec(page)?.[1] ?? '';
  const { definitions, findings } = parseAlertFile(example, 'example');
  expect(findings).toEqual([]);
  const world = healthWorld([...defaultAlerts, ...definitions]);
  world.second(start, { '/ disk.space': { used: 75, avail: 25 } });
  expect([...world.health.alerts()].map(({ status, info }) => [status, info])).toEqual([
    ['warning', 'How full family of / is.'],
  ]);
});
