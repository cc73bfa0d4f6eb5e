// A room rule: nodes of some host name or label join a room by themselves. Reading order: room-rule.ts (what is kept), room-rule-store.ts (SQL),
// room-rule-keeper.ts (when rules act), room-rule-routes.ts (HTTP). What a rule names: wire/cloud-api/room-rules.ts. Why it acts once on each node:
// docs/decisions/0030-room-rules.md.

import type { RoomRule, RuledNode } from '@claimstead/wire/cloud-api/room-rules';
import type { NodeId, RoomId, SpaceId } from '@claimstead/wire/ids';
import type { Decision } from '../member/member.ts';

/** Of all rooms of a Space: each is compared whenever a node is told of, in the one process that serves every Space. */
export const mostRulesOfSpace = 500;

/** The labels of a node, as far as they were told since the Cloud was started. */
export type LabelsOf = (nodeId: NodeId) => RuledNode['labels'];

/** A node with the rules that name it. */
export interface NamedNode {
  nodeId: NodeId;
  ruleIds: readonly string[];
}

/** A node that a rule has put into a room. */
export interface RuledMove {
  nodeId: NodeId;
  spaceId: SpaceId;
}

export interface RoomRuleStore {
  /** In their order. */
  of(roomId: RoomId): Promise<RoomRule[]>;
  /**
   * Replaces the whole list; rules that are in both lists remember on which nodes they have acted. False = no such room.
   * Throws `forbidden` where the Space would have too many.
   */
  save(room: { spaceId: SpaceId; roomId: RoomId }, rules: readonly RoomRule[], by: Decision): Promise<boolean>;
  /** Nodes of Spaces with rules, or of that one. */
  ruledNodes(spaceId: SpaceId | undefined): Promise<NodeId[]>;
  nodesIn(roomId: RoomId): Promise<NodeId[]>;
  /** Rules that name the node now and have not acted on it yet, of one room or of all; none names a node that waits for admission. */
  naming(nodeId: NodeId, roomId: RoomId | undefined, labelsOf: LabelsOf): Promise<string[]>;
  /** Lets these rules act, as far as they still name their node; one transaction. */
  act(named: readonly NamedNode[], labelsOf: LabelsOf, atMs: number): Promise<RuledMove[]>;
}

/** The same rule twice is one. */
export function distinctRules(rules: readonly RoomRule[]): RoomRule[] {
  return [...new Map(rules.map((rule) => [ruleKey(rule), rule])).values()];
}

/** Equal of equal rules. */
export const ruleKey = (rule: RoomRule): string =>
  JSON.stringify(rule.by === 'label' ? [rule.pattern, rule.key] : [rule.pattern]);
