// Rules by which nodes join a room by themselves: GET and PUT /spaces/:spaceId/rooms/:roomId/rules, POST …/rules/preview. A rule looks at the
// host name or at one label; it only ever adds nodes, and acts once on each.

import { z } from 'zod';
import { matchesGlob } from '../glob.ts';

export const mostRoomRules = 20;
/** Nodes that a preview names; the count tells of the rest. */
export const mostPreviewed = 50;

/** Printable and on one line, as host names and labels are. */
const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;
const Pattern = z.string().trim().min(1).max(128).regex(printable, 'must be printable, on one line');

/** `pattern`: `*` is any characters or none, `?` is one; in whatever case. The key of a label is itself, in its own case. */
export const RoomRule = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('host-name'), pattern: Pattern }),
  z.strictObject({ by: z.literal('label'), key: Pattern, pattern: Pattern }),
]);
export type RoomRule = z.infer<typeof RoomRule>;

/** All of them, in their order. */
export const RoomRules = z.strictObject({ rules: z.array(RoomRule).max(mostRoomRules) });
export type RoomRules = z.infer<typeof RoomRules>;

/** `moved`: nodes that have joined the room by this. */
export const RoomRulesSaved = z.object({ rules: z.array(RoomRule), moved: z.int() });

/** Nodes that any of the rules names now. */
export const RoomRulesPreview = z.object({
  count: z.int(),
  /** How many each rule names, in their order. */
  counts: z.array(z.int()),
  nodes: z.array(z.object({ nodeId: z.uuid(), hostname: z.string(), isInRoom: z.boolean() })).max(mostPreviewed),
});
export type RoomRulesPreview = z.infer<typeof RoomRulesPreview>;

/** What a rule looks at. Labels are known while the Cloud runs, once an agent has told them. */
export interface RuledNode {
  hostname: string;
  labels: Readonly<Record<string, string>>;
}

export function ruleNames(rule: RoomRule, { hostname, labels }: RuledNode): boolean {
  if (rule.by === 'host-name') return matchesGlob(rule.pattern, hostname);
  return Object.hasOwn(labels, rule.key) && matchesGlob(rule.pattern, labels[rule.key] ?? '');
}

/** As people and the audit read it. */
export const ruleText = (rule: RoomRule): string =>
  rule.by === 'host-name' ? `host name ${rule.pattern}` : `label ${rule.key} = ${rule.pattern}`;
