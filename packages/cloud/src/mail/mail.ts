// Letters to people, where the operator named a mail server; otherwise none are written and nobody is offered one. Reading order: mail.ts (the
// queue), letters.ts (what they say), smtp-transport.ts (the library nodemailer).

import type { Clock } from '../clock.ts';
import type { Events } from '../events.ts';

export type LetterKind = 'invitation' | 'password-reset' | 'new-place';

export interface Letter {
  kind: LetterKind;
  to: string;
  subject: string;
  text: string;
}

/** Rejects when the server did not take it. */
export type Transport = (letter: Letter) => Promise<void>;

export interface Mail {
  /** Answers at once: what the mail server does is nobody's reason to wait, or to fail. */
  send(letter: Letter): void;
  /** What is on its way may arrive; what waits for another try is given up. */
  close(): Promise<void>;
}

/** Waits between tries: a restart of the mail server, a full queue, a greylisting. */
export const retryAfterMs = [10_000, 60_000, 5 * 60_000];
/** Letters on their way or waiting: 1,000 × 2 KiB. More are a flood, or a server that is gone for long. */
export const mostLetters = 1000;

export function createMail(parts: { transport: Transport; clock: Clock; events: Events }): Mail {
  const { transport, clock, events } = parts;
  const running = new Set<Promise<void>>();
  const waiting = new Set<() => void>();
  let isClosed = false;

  const attempt = async (letter: Letter, tries: number): Promise<void> => {
    try {
      await transport(letter);
      events.letterSent({ letter: letter.kind });
    } catch (error) {
      const afterMs = retryAfterMs[tries];
      const reason = reasonOf(error);
      if (isClosed || afterMs === undefined || isForGood(error))
        return events.letterLost({ letter: letter.kind, reason });
      events.letterDelayed({ letter: letter.kind, reason });
      const cancel = clock.after(afterMs, () => {
        waiting.delete(cancel);
        start(letter, tries + 1);
      });
      waiting.add(cancel);
    }
  };
  const start = (letter: Letter, tries: number): void => {
    const work = attempt(letter, tries).finally(() => running.delete(work));
    running.add(work);
  };
  return {
    send(letter) {
      if (isClosed || running.size + waiting.size >= mostLetters)
        return events.letterLost({ letter: letter.kind, reason: isClosed ? 'stopping' : 'too many wait' });
      start(letter, 0);
    },
    async close() {
      isClosed = true;
      for (const cancel of waiting) cancel();
      waiting.clear();
      await Promise.all(running);
    },
  };
}

/** The server's number or the system's word: what a server says in full may repeat the letter. */
function reasonOf(error: unknown): string {
  const { code, responseCode } =
    error instanceof Error ? (error as Error & { code?: unknown; responseCode?: unknown }) : {};
  return (
    [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ') || 'unknown'
  );
}

/** 5yz of SMTP: the same letter will not be taken later either [RFC 5321 §4.2.1]. */
const isForGood = (error: unknown): boolean =>
  error instanceof Error && 'responseCode' in error && Number(error.responseCode) >= 500;
