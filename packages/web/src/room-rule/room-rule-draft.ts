// Rules as somebody types them, and what they come to. Pure.

import { RoomRule } from '@claimstead/wire/cloud-api/room-rules';

export interface RuleDraft {
  /** Of this page alone. */
  id: number;
  by: RoomRule['by'];
  key: string;
  pattern: string;
}

export const draftOf = (rule: RoomRule, id: number): RuleDraft => ({
  id,
  by: rule.by,
  key: rule.by === 'label' ? rule.key : '',
  pattern: rule.pattern,
});

/** What is said of it so far; undefined while it cannot be. */
export function ruleOf({ by, key, pattern }: RuleDraft): RoomRule | undefined {
  const said = by === 'label' ? { by, key, pattern } : { by, pattern };
  return RoomRule.safeParse(said).data;
}

export const isUnsaid = (text: string): boolean => text.trim() === '';
