// A link for a new password, made and sent a while after the answer to whoever asked for it.

import type { AccountStore } from '../account/account.ts';
import type { Clock } from '../clock.ts';
import type { Letters } from '../mail/letters.ts';
import type { PasswordResets } from './password-reset.ts';

export interface ResetLetters {
  /** To the account under that address, if there is one. */
  send(email: string, sourceNetwork: string): void;
  /** What was promised is sent now: the answer of it was given. */
  close(): Promise<void>;
}

/**
 * Long after the answer, and nobody knows when: a write to the disk holds up whatever is asked at that moment, which would tell that there is
 * such an account. [trust T39]
 */
export const mostDelayMs = 2000;
const withinMs = (random: (bytes: number) => Uint8Array): number =>
  100 + (Buffer.from(random(2)).readUInt16BE() / 65_536) * (mostDelayMs - 100);

export function createResetLetters(parts: {
  accounts: Pick<AccountStore, 'byEmail'>;
  resets: Pick<PasswordResets, 'makeLink'>;
  letters: Pick<Letters, 'passwordReset'>;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  onFailed: (error: unknown) => void;
}): ResetLetters {
  /** Each with what ends its wait. */
  const waiting = new Map<() => void, () => void>();
  const running = new Set<Promise<void>>();
  const write = async (email: string, sourceNetwork: string): Promise<void> => {
    const account = await parts.accounts.byEmail(email);
    if (account === undefined) return;
    const { link } = await parts.resets.makeLink(account, sourceNetwork);
    parts.letters.passwordReset(account.email, { link, sourceNetwork });
  };
  return {
    send(email, sourceNetwork) {
      const start = (): void => {
        waiting.delete(start);
        const work = write(email, sourceNetwork)
          .catch(parts.onFailed)
          .finally(() => running.delete(work));
        running.add(work);
      };
      waiting.set(start, parts.clock.after(withinMs(parts.random), start));
    },
    async close() {
      for (const [start, cancel] of waiting) {
        cancel();
        start();
      }
      await Promise.all(running);
    },
  };
}
