// What who operates the Cloud asks without a browser: its accounts, and what a restore left to do.

import type { SpaceId } from '@claimstead/wire/ids';
import type { ListedAccount } from '../account/account-list-store.ts';
import type { Orphans } from '../backup/orphans.ts';
import type { Restored } from '../backup/restore-store.ts';
import type { SpaceStore } from '../space/space.ts';
import { isDoubtful, type ClaimTokenStore } from '../token/claim-token.ts';

/** An account as `admin account list --json` prints it. Times are ISO 8601. */
export interface AdminAccount {
  accountId: string;
  email: string;
  name: string;
  createdAt: string;
  /** Null = signed in nowhere. */
  lastSeenAt: string | null;
  spaces: { name: string; role: string }[];
}

/** What `admin after-restore --json` prints; null = this database never came out of a backup. */
export type AdminAfterRestore = {
  restoredAt: string;
  backupMadeAt: string;
  /** Tokens of before that let nodes in under their old text: one that was revoked after the backup was made is good again. */
  tokens: { tokenId: string; space: string; createdAt: string }[];
  /** Of before: one that was removed after the backup was made, or sent to another address, is as it was then. */
  webhooks: { webhookId: string; space: string; host: string; createdAt: string }[];
  /** What is to be done about the ways in which people sign in. */
  people: string;
  /** Agents that ask under claims that are not known. */
  orphans: { claimId: string; sourceNetwork: string; firstAt: string; lastAt: string; attempts: number }[];
} | null;

export interface OperationCommands {
  accountList(): Promise<AdminAccount[]>;
  afterRestore(): Promise<AdminAfterRestore>;
}

export interface OperationCommandsParts {
  listAccounts: () => Promise<ListedAccount[]>;
  listWebhooks: () => Promise<{ webhookId: string; spaceId: SpaceId; url: string; createdAtMs: number }[]>;
  /** Undefined = never. */
  restored: Restored | undefined;
  orphans: Orphans;
  spaces: SpaceStore;
  tokens: ClaimTokenStore;
  now: () => number;
}

/** Said by `restore` and by `after-restore`. */
export const peopleAfterRestore =
  'Passwords, passkeys and two-step sign-in are those of then: what was changed because it was stolen has to be changed again. Recovery codes are void: whoever has two-step sign-in makes new ones on the page of their account.';

const iso = (ms: number): string => new Date(ms).toISOString();

export function createOperationCommands(parts: OperationCommandsParts): OperationCommands {
  return {
    accountList: async () =>
      (await parts.listAccounts()).map(({ createdAtMs, lastSeenAtMs, ...account }) => ({
        ...account,
        createdAt: iso(createdAtMs),
        lastSeenAt: lastSeenAtMs === null ? null : iso(lastSeenAtMs),
      })),
    async afterRestore() {
      if (parts.restored === undefined) return null;
      const { restored } = parts;
      const { restoredAtMs, backupMadeAtMs } = restored;
      const regenerated = await parts.tokens.regeneratedSince(undefined, restoredAtMs);
      const names = new Map((await parts.spaces.all()).map(({ spaceId, name }) => [spaceId, name]));
      const tokens = (await parts.tokens.all(undefined)).filter((token) =>
        isDoubtful(token, restored, regenerated, parts.now()),
      );
      return {
        restoredAt: iso(restoredAtMs),
        backupMadeAt: iso(backupMadeAtMs),
        tokens: tokens.map(({ tokenId, spaceId, createdAtMs }) => ({
          tokenId,
          space: names.get(spaceId) ?? spaceId,
          createdAt: iso(createdAtMs),
        })),
        webhooks: (await parts.listWebhooks())
          .filter(({ createdAtMs }) => createdAtMs < restoredAtMs)
          .map(({ webhookId, spaceId, url, createdAtMs }) => ({
            webhookId,
            space: names.get(spaceId) ?? spaceId,
            // Not the whole address, which may be a secret itself.
            host: new URL(url).host,
            createdAt: iso(createdAtMs),
          })),
        people: peopleAfterRestore,
        orphans: parts.orphans.all().map(({ firstAtMs, lastAtMs, ...orphan }) => ({
          ...orphan,
          firstAt: iso(firstAtMs),
          lastAt: iso(lastAtMs),
        })),
      };
    },
  };
}
