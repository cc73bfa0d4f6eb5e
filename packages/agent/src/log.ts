// What the agent writes for people: one line per event, in the shape that users of error.log know,
// `2026-11-22 17:20:01: netdata INFO  : ACLK : text`, so that `grep -i ACLK` and
// `grep -E 'ACLK|claim|cloud'` find the link and the claim. Secrets never get here: callers hand in masked text.

import { closeSync, openSync, writeSync } from 'node:fs';

/** Who speaks. Lines of the link and the claim carry `ACLK` and `claim` so that the documented greps find them. */
export type LogThread = 'MAIN' | 'ACLK' | 'claim' | 'COLLECT' | 'HEALTH' | 'WEB';

export interface Log {
  info(thread: LogThread, text: string): void;
  error(thread: LogThread, text: string): void;
}

/** A log that can be told to open its file anew, after a rotation. */
export interface FileLog extends Log {
  /** Throws an Error with one sentence when it cannot; then nothing has changed. */
  reopen(): void;
}

/** A control character in a hostile name must not start a line of its own or move a terminal's cursor. */
function oneLine(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function stamp(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return (
    `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
    `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  );
}

/** One line of error.log, without its newline. Local time. */
export function logLine(at: Date, level: 'INFO' | 'ERROR', thread: LogThread, text: string): string {
  return `${stamp(at)}: netdata ${level.padEnd(5)} : ${thread} : ${oneLine(text)}`;
}

/** What the documented greps look for; a line with one of them is never left out. */
const wanted = /ACLK|claim|cloud/;
/** Lines of one thread within `floodWindowMs`. What goes wrong every second says so a hundred times and no more. */
const floodLines = 100;
const floodWindowMs = 10 * 60_000;

/**
 * Keeps one thread that has too much to say from filling the disk, and from hiding what others say. Each thread has its own measure; lines
 * of the link and the claim have none. What was left out is counted, and told with the next line of that thread.
 */
export function withoutFlood(log: Log, nowMs: () => number): Log {
  const threads = new Map<LogThread, { sinceMs: number; lines: number }>();
  const through = (level: 'info' | 'error', thread: LogThread, text: string): void => {
    if (thread === 'ACLK' || thread === 'claim' || wanted.test(text)) {
      log[level](thread, text);
      return;
    }
    const now = nowMs();
    let known = threads.get(thread);
    // A clock that was set back must not silence anybody for hours.
    if (known === undefined || now - known.sinceMs >= floodWindowMs || now < known.sinceMs) {
      const leftOut = (known?.lines ?? 0) - floodLines;
      if (leftOut > 0) log.error(thread, `${leftOut} lines were left out, because there were too many of them`);
      known = { sinceMs: now, lines: 0 };
      threads.set(thread, known);
    }
    known.lines += 1;
    if (known.lines <= floodLines) log[level](thread, text);
    if (known.lines === floodLines)
      log.error(
        thread,
        `there are too many lines; more of them are left out for up to ${floodWindowMs / 60_000} minutes`,
      );
  };
  return {
    info: (thread, text) => through('info', thread, text),
    error: (thread, text) => through('error', thread, text),
  };
}

/** Appends to `file`; a file that cannot be opened is reported by the caller. Writes are synchronous: lines are few and must survive a crash. */
export function openFileLog(file: string, now: () => Date): FileLog {
  let fd = openSync(file, 'a', 0o640);
  const write = (level: 'INFO' | 'ERROR', thread: LogThread, text: string): void => {
    try {
      writeSync(fd, `${logLine(now(), level, thread, text)}\n`);
    } catch {
      // A full disk must not stop monitoring; the next line tries again.
    }
  };
  const lines: Log = {
    info: (thread, text) => write('INFO', thread, text),
    error: (thread, text) => write('ERROR', thread, text),
  };
  return {
    ...withoutFlood(lines, () => now().getTime()),
    reopen: () => {
      let next: number;
      try {
        next = openSync(file, 'a', 0o640);
      } catch (cause) {
        const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
        throw new Error(`Cannot open ${file} anew (${code}), so the old file is written on; make its folder again.`, {
          cause,
        });
      }
      closeSync(fd);
      fd = next;
    },
  };
}
