import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLine, openFileLog, withoutFlood, type Log } from './log.ts';

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

test('a log whose folder is gone is written on, and says that it was not opened anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  try {
    const [there, away] = [join(folder, 'log'), join(folder, 'away')];
    mkdirSync(there);
    const log = openFileLog(join(there, 'error.log'), () => new Date());
    renameSync(there, away);
    expect(() => log.reopen()).toThrow(/Cannot open .*error\.log anew \(ENOENT\)/);
    log.info('MAIN', 'still there');
    expect(readFileSync(join(away, 'error.log'), 'utf8')).toContain('still there');
    renameSync(away, there);
    log.reopen();
    log.info('MAIN', 'again');
    expect(readFileSync(join(there, 'error.log'), 'utf8')).toContain('again');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
