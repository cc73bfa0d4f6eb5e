// Room rules in SQL.

import { ruleNames, ruleText, type RoomRule } from '@claimstead/wire/cloud-api/room-rules';
import { CloudError } from '@claimstead/wire/errors';
import type { NodeId, RoomId } from '@claimstead/wire/ids';
import { insertAudit } from '../audit/audit-store.ts';
import { joinRooms } from '../node/claimed-nodes-store.ts';
import { anyOf } from '../storage/any-of.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import { mostRulesOfSpace, ruleKey, type LabelsOf, type RoomRuleStore, type RuledMove } from './room-rule.ts';

export function createRoomRuleStore(storage: Storage, newRuleId: () => string): RoomRuleStore {
  return {
    of: async (roomId) => (await rulesOf(storage.read, roomId)).map(({ rule }) => rule),
    save: ({ spaceId, roomId }, rules, by) =>
      storage.write(async (tx) => {
        const room = await tx
          .selectFrom('room')
          .select('name')
          .where('roomId', '=', roomId)
          .where('spaceId', '=', spaceId)
          .where('holdsAllNodes', '=', 0)
          .executeTakeFirst();
        if (room === undefined) return false;
        const before = new Map((await rulesOf(tx, roomId)).map((one) => [ruleKey(one.rule), one]));
        const after = new Map(rules.map((rule, position) => [ruleKey(rule), { rule, position }]));
        const { ofOthers } = await tx
          .selectFrom('roomRule')
          .innerJoin('room', 'room.roomId', 'roomRule.roomId')
          .select((e) => e.fn.countAll<number>().as('ofOthers'))
          .where('room.spaceId', '=', spaceId)
          .where('room.roomId', '!=', roomId)
          .executeTakeFirstOrThrow();
        if (after.size > before.size && Number(ofOthers) + after.size > mostRulesOfSpace)
          throw new CloudError('forbidden', {
            detail: `The rooms of a Space have ${mostRulesOfSpace} rules at most; remove one of another room first.`,
          });
        const removed = [...before].flatMap(([key, one]) => (after.has(key) ? [] : [one]));
        const added = [...after].flatMap(([key, one]) => (before.has(key) ? [] : [one]));
        for (const { ruleId } of removed) await tx.deleteFrom('roomRule').where('ruleId', '=', ruleId).execute();
        for (const [key, { rule, position }] of after) {
          const known = before.get(key);
          if (known !== undefined)
            await tx.updateTable('roomRule').set({ position }).where('ruleId', '=', known.ruleId).execute();
          else
            await tx
              .insertInto('roomRule')
              .values({
                ruleId: newRuleId(),
                roomId,
                position,
                labelKey: rule.by === 'label' ? rule.key : null,
                pattern: rule.pattern,
              })
              .execute();
        }
        if (removed.length + added.length > 0)
          await insertAudit(tx, {
            kind: 'room-rules-changed',
            spaceId,
            ...by,
            details: {
              roomId,
              name: room.name,
              added: added.map(({ rule }) => ruleText(rule)),
              removed: removed.map(({ rule }) => ruleText(rule)),
            },
          });
        return true;
      }),
    async ruledNodes(spaceId) {
      const ruled = storage.read
        .selectFrom('node')
        .select('nodeId')
        .where((e) =>
          e(
            'node.spaceId',
            'in',
            e.selectFrom('room').innerJoin('roomRule', 'roomRule.roomId', 'room.roomId').select('room.spaceId'),
          ),
        )
        .orderBy('nodeId');
      const rows = await (spaceId === undefined ? ruled : ruled.where('node.spaceId', '=', spaceId)).execute();
      return rows.map(({ nodeId }) => nodeId);
    },
    async nodesIn(roomId) {
      const rows = await storage.read.selectFrom('nodeRoom').select('nodeId').where('roomId', '=', roomId).execute();
      return rows.map(({ nodeId }) => nodeId);
    },
    naming: async (nodeId, roomId, labelsOf) =>
      (await namingNow(storage.read, nodeId, { roomId }, labelsOf)).map(({ ruleId }) => ruleId),
    act: (named, labelsOf, atMs) =>
      storage.write(async (tx) => {
        const moves: RuledMove[] = [];
        for (const { nodeId, ruleIds } of named) {
          let hasMoved = false;
          // Read anew: a rule or the node may have gone meanwhile.
          const naming = await namingNow(tx, nodeId, { ruleIds }, labelsOf);
          for (const { ruleId, rule, room, hostname, spaceId } of naming) {
            await tx.insertInto('roomRuleNode').values({ ruleId, nodeId }).execute();
            const joined = await joinRooms(tx, nodeId, [room.roomId]);
            if (joined.length === 0) continue;
            const details = { hostname, joined, left: [], because: 'room-rule', room: room.name, rule: ruleText(rule) };
            await insertAudit(tx, { kind: 'node-moved', atMs, spaceId, nodeId, details });
            if (!hasMoved) moves.push({ nodeId, spaceId });
            hasMoved = true;
          }
        }
        return moves;
      }),
  };
}

const toRule = ({ labelKey: key, pattern }: { labelKey: string | null; pattern: string }): RoomRule =>
  key === null ? { by: 'host-name', pattern } : { by: 'label', key, pattern };

async function rulesOf(queries: Queries, roomId: RoomId): Promise<{ ruleId: string; rule: RoomRule }[]> {
  const rows = await queries
    .selectFrom('roomRule')
    .select(['ruleId', 'labelKey', 'pattern'])
    .where('roomId', '=', roomId)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ ruleId: row.ruleId, rule: toRule(row) }));
}

/** The rules that name the node as it is now and have not acted on it: of these, of one room, or of all. */
async function namingNow(
  queries: Queries,
  nodeId: NodeId,
  among: { roomId?: RoomId | undefined; ruleIds?: readonly string[] },
  labelsOf: LabelsOf,
) {
  const { roomId, ruleIds } = among;
  const waiting = queries
    .selectFrom('node')
    .innerJoin('room', 'room.spaceId', 'node.spaceId')
    .innerJoin('roomRule', 'roomRule.roomId', 'room.roomId')
    .leftJoin('roomRuleNode', (join) =>
      join.onRef('roomRuleNode.ruleId', '=', 'roomRule.ruleId').onRef('roomRuleNode.nodeId', '=', 'node.nodeId'),
    )
    .select(['roomRule.ruleId', 'roomRule.labelKey', 'roomRule.pattern', 'room.roomId', 'room.name'])
    .select(['node.hostname', 'node.spaceId'])
    .where('node.nodeId', '=', nodeId)
    .where('node.waitsSinceMs', 'is', null)
    .where('roomRuleNode.ruleId', 'is', null)
    .orderBy('room.roomId')
    .orderBy('roomRule.position')
    .$if(roomId !== undefined, (some) => some.where('room.roomId', '=', roomId ?? null))
    .$if(ruleIds !== undefined, (some) => some.where('roomRule.ruleId', 'in', anyOf(ruleIds ?? [])));
  const rows = await waiting.execute();
  const labels = labelsOf(nodeId);
  return rows
    .map(({ ruleId, roomId: id, name, hostname, spaceId, ...row }) => ({
      ruleId,
      rule: toRule(row),
      room: { roomId: id, name },
      hostname,
      spaceId,
    }))
    .filter(({ rule, hostname }) => ruleNames(rule, { hostname, labels }));
}
