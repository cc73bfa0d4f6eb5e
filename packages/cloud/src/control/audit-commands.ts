// The audit, for `claimstead admin audit`.

import { parseNodeId } from '@claimstead/wire/ids';
import type { AccountStore } from '../account/account.ts';
import type { AuditStore } from '../audit/audit.ts';
import type { SpaceStore } from '../space/space.ts';
import { accountNamed } from './account-commands.ts';
import { spaceNamed } from './space-commands.ts';

/** Rows of one answer: a year of a small fleet, and some megabyte. */
export const mostRowsAnswered = 2000;

/** Which rows, as they are asked for; what is absent narrows nothing. */
export interface AuditWanted {
  /** Id or name; null = every Space, and what belongs to none. */
  space: string | null;
  kind?: string | undefined;
  /** E-mail address or id. */
  account?: string | undefined;
  nodeId?: string | undefined;
  fromMs?: number | undefined;
  /** Not included. */
  untilMs?: number | undefined;
  before?: number | undefined;
  /** Then the next rows after that one, instead of the newest. */
  after?: number | undefined;
  most: number;
}

/** A row of the audit as `admin audit --json` prints it; null = says nothing about one. */
export interface AdminAuditRow {
  seq: number;
  /** ISO 8601. */
  at: string;
  kind: string;
  accountId: string | null;
  /** Of today, as the next one and `hostname`. */
  accountName: string | null;
  accountEmail: string | null;
  spaceId: string | null;
  nodeId: string | null;
  hostname: string | null;
  claimId: string | null;
  tokenId: string | null;
  sourceNetwork: string | null;
  details: Readonly<Record<string, unknown>>;
  /** Of this row and all before it. */
  hash: string;
}

export interface AuditCommands {
  /** Oldest first, whichever rows they are. */
  audit(wanted: AuditWanted): Promise<AdminAuditRow[]>;
}

export interface AuditCommandsParts {
  accounts: AccountStore;
  spaces: SpaceStore;
  audit: AuditStore;
}

export function createAuditCommands({ accounts, spaces, audit }: AuditCommandsParts): AuditCommands {
  return {
    async audit({ space, account, nodeId, most, ...filter }) {
      const spaceId = space === null ? 'all' : spaceNamed(await spaces.all(), space).spaceId;
      // Nobody by that name is refused: no row would look as if nothing had been done.
      const accountId = account === undefined ? undefined : (await accountNamed(accounts, account)).accountId;
      const rows = await audit.page(spaceId, { ...filter, accountId, nodeId: parseNodeId(nodeId) }, most);
      const told = rows.map(({ atMs, ...row }) => ({ ...row, at: new Date(atMs).toISOString() }));
      return filter.after === undefined ? told.toReversed() : told;
    },
  };
}
