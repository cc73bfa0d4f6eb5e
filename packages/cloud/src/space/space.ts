// A Space: nodes, rooms and the people who see them. Reading order: space.ts, space-store.ts (SQL), space-routes.ts (HTTP).

import type { Role } from '@claimstead/wire/cloud-api/roles';
import { foldName } from '@claimstead/wire/cloud-api/spaces';
import type { AccountId, ClaimId, NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { Decision, RoleDecision } from '../member/member.ts';

export interface Space {
  spaceId: SpaceId;
  name: string;
  /** Null until an administrator has named it. */
  namedAtMs: number | null;
  createdAtMs: number;
}

export interface SpaceOfAccount extends Space {
  role: Role;
  /** Nodes that they see. */
  nodeCount: number;
}

export interface SpaceStore {
  /** Every Space of an account, oldest first. */
  ofAccount(accountId: AccountId): Promise<SpaceOfAccount[]>;
  /** Every Space there is, oldest first, with the number of its nodes. */
  all(): Promise<(Space & { nodeCount: number })[]>;
  nameOf(spaceId: SpaceId): Promise<string | undefined>;
  /** Throws `name-taken` when another Space of whoever asks has the name. */
  rename(spaceId: SpaceId, name: string, by: Decision & { isOfOneSpace: boolean }): Promise<void>;
  /**
   * Makes a Space with its room of all nodes and its administrator. Throws `name-taken` when another one has the name, in whatever case:
   * with `sourceNetwork` (its administrator asked) among those of the administrator, because others are not theirs to know of.
   */
  create(space: {
    spaceId: SpaceId;
    roomId: RoomId;
    name: string;
    administratorId: AccountId;
    createdAtMs: number;
    sourceNetwork?: string;
  }): Promise<void>;
  /**
   * Deletes it with everything in it; claims end as if each node had been removed. Undefined = no such Space. Throws `space-name-differs`
   * where `name` is not its name, and `forbidden` where whoever asks is no administrator of it any more.
   */
  remove(spaceId: SpaceId, name: string, by: RoleDecision): Promise<DeletedSpace | undefined>;
}

/** Who and what must hear of it. */
export interface DeletedSpace {
  nodes: { nodeId: NodeId; claimId: ClaimId | null }[];
  members: AccountId[];
}

/** A Space by its id, or by a name that only one has, in whatever case. Two that share the name are none. */
export function findSpace<S extends { spaceId: SpaceId; name: string }>(
  spaces: readonly S[],
  idOrName: string,
): S | undefined {
  const wanted = foldName(idOrName);
  const byId = spaces.find((space) => space.spaceId === wanted);
  const [first, ...others] = spaces.filter((space) => foldName(space.name) === wanted);
  return byId ?? (others.length === 0 ? first : undefined);
}
