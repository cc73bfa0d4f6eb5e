// A Space: nodes, rooms and the people who see them. Reading order: space.ts, space-store.ts (SQL), space-routes.ts (HTTP).

import type { AccountId, SpaceId } from '@claimstead/wire/ids';

export interface Space {
  spaceId: SpaceId;
  name: string;
  /** Null until an administrator has named it. */
  namedAtMs: number | null;
  createdAtMs: number;
}

export type Role = 'admin' | 'member';

export interface SpaceOfAccount extends Space {
  role: Role;
  nodeCount: number;
}

export interface SpaceStore {
  /** Every Space of an account, oldest first. */
  ofAccount(accountId: AccountId): Promise<SpaceOfAccount[]>;
  /** Undefined where the account does not belong to the Space, or there is no such Space. */
  roleIn(spaceId: SpaceId, accountId: AccountId): Promise<Role | undefined>;
  /** The Space that was made first: where `admin token` makes its tokens. */
  first(): Promise<Space | undefined>;
  rename(spaceId: SpaceId, name: string, atMs: number): Promise<void>;
}
