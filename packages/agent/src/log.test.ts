import { expect, test } from 'vitest';
import { logLine, withoutFlood, type Log } from './log.ts';

test('a line is one line, with its time, level and thread', () => {
  const at = new Date(2026, 10, 2, 3, 4, 5);
  expect(logLine(at, 'INFO', 'ACLK', 'a\nb\u001b[31m')).toBe(
    '2026-11-02 03:04:05: netdata INFO  : ACLK : a\\u000ab\\u001b[31m',
  );
});

test('a flood is held back, counted, and hides nothing of the claim and the link', () => {
  const lines: string[] = [];
  const raw: Log = {
    info: (thread, text) => void lines.push(`${thread} ${text}`),
    error: (thread, text) => void lines.push(`${thread} ${text}`),
  };
  let nowMs = 0;
  const log = withoutFlood(raw, () => nowMs);
  for (let index = 0; index < 1000; index++) {
    log.error('COLLECT', `disk ${index}`);
    log.info('ACLK', 'ACLK: retry');
    log.info('claim', 'again');
    log.error('MAIN', 'the cloud proxy');
  }
  const count = (thread: string): number => lines.filter((line) => line.startsWith(thread)).length;
  expect([count('COLLECT'), count('ACLK'), count('claim'), count('MAIN')]).toEqual([101, 1000, 1000, 1000]);
  log.info('WEB', 'somebody else');
  expect(lines.at(-1)).toBe('WEB somebody else');
  nowMs = 10 * 60_000;
  log.info('COLLECT', 'better');
  expect(lines.slice(-2)).toEqual([
    'COLLECT 900 lines were left out, because there were too many of them',
    'COLLECT better',
  ]);
});
