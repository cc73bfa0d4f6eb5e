import { expect, test } from 'vitest';
import { alertsMarkdown, defaultAlerts } from './default-alerts.ts';

test('the page of alerts tells of each that is built in, with what it watches and what it means', () => {
  const page = alertsMarkdown();
  expect(defaultAlerts.length).toBeGreaterThan(5);
  for (const { name, on, info } of defaultAlerts) {
    expect(page).toContain(`| \`${name}\` | \`${on}\` |`);
    expect(page).toContain(info);
  }
});
