// Random sequences of what people may try with roles and invitations, against a model of a few lines; on the real tables. [trust T9]

import { roles, type Role } from '@claimstead/wire/cloud-api/roles';
import { CloudError } from '@claimstead/wire/errors';
import type { AccountId, InvitationId, SpaceId } from '@claimstead/wire/ids';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertAccount } from '../account/account-store.ts';
import { createInvitationStore } from '../invitation/invitation-store.ts';
import { insertSpace } from '../space/space-store.ts';
import { openSqlite } from '../storage/sqlite.ts';
import type { Storage } from '../storage/storage.ts';
import { createMemberStore, insertMember } from './member-store.ts';

const people = ['ada', 'bob', 'cyd', 'dan'] as const;
type Person = (typeof people)[number];
const idOf = (person: Person): AccountId => `00000000-0000-4000-8000-00000000000${people.indexOf(person)}` as AccountId;

type Command =
  | { does: 'change'; by: Person; whom: Person; role: Role }
  | { does: 'remove' | 'revoke'; by: Person; whom: Person }
  | { does: 'invite'; by: Person; whom: Person; role: Role }
  | { does: 'leave' | 'accept'; by: Person };

const person = fc.constantFrom(...people);
const role = fc.constantFrom(...roles);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('change' as const), by: person, whom: person, role }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('invite' as const), by: person, whom: person, role }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('accept' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('remove', 'revoke'), by: person, whom: person }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leave' as const), by: person }) },
);

/** The rules, told once more and differently: only levels and two tables of words. */
class Model {
  readonly members = new Map<Person, Role>([['ada', 'admin']]);
  readonly invited = new Map<Person, { role: Role; by: Person }>();

  apply(asked: Command): string {
    const own = this.members.get(asked.by);
    switch (asked.does) {
      case 'accept': {
        const invitation = this.invited.get(asked.by);
        if (invitation === undefined) return 'invitation-refused';
        this.invited.delete(asked.by);
        this.members.set(asked.by, invitation.role);
        return 'done';
      }
      case 'leave':
        if (own === undefined) return 'not-found';
        if (this.isLast(asked.by)) return 'last-administrator';
        this.set(asked.by, undefined);
        return 'done';
      case 'invite': {
        if (!this.manages(asked.by)) return 'forbidden';
        if (!this.mayHandle(asked.by, asked.role)) return 'role-not-yours-to-give';
        if (this.members.has(asked.whom)) return 'already-member';
        const earlier = this.invited.get(asked.whom);
        if (earlier && !this.mayHandle(asked.by, earlier.role)) return 'role-not-yours-to-give';
        this.invited.set(asked.whom, { role: asked.role, by: asked.by });
        return 'done';
      }
      case 'revoke': {
        const invitation = this.invited.get(asked.whom);
        if (invitation === undefined) return 'not-found';
        if (!this.manages(asked.by)) return 'forbidden';
        if (!this.mayHandle(asked.by, invitation.role)) return 'role-not-yours-to-give';
        this.invited.delete(asked.whom);
        return 'done';
      }
      case 'change':
      case 'remove': {
        const theirs = this.members.get(asked.whom);
        const next = asked.does === 'change' ? asked.role : undefined;
        if (theirs === undefined) return 'not-found';
        if (!this.manages(asked.by)) return 'forbidden';
        if (!this.mayHandle(asked.by, theirs) || (next && !this.mayHandle(asked.by, next)))
          return 'role-not-yours-to-give';
        if (next !== 'admin' && this.isLast(asked.whom)) return 'last-administrator';
        this.set(asked.whom, next);
        return 'done';
      }
    }
  }
  private manages = (who: Person): boolean => ['admin', 'manager'].includes(this.members.get(who) ?? '');
  private mayHandle = (who: Person, what: Role): boolean => this.members.get(who) === 'admin' || what !== 'admin';
  private isLast = (who: Person): boolean =>
    this.members.get(who) === 'admin' && [...this.members.values()].filter((one) => one === 'admin').length === 1;
  private set(who: Person, next: Role | undefined): void {
    if (next) this.members.set(who, next);
    else this.members.delete(who);
    for (const [invited, promise] of this.invited)
      if (promise.by === who && !(this.manages(who) && this.mayHandle(who, promise.role))) this.invited.delete(invited);
  }
}

let folder: string;
let storage: Storage;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claimstead-roles-'));
  storage = await openSqlite({ file: join(folder, 'roles.db'), now: () => 1, synchronous: 'OFF', lockWaitMs: 1000 });
  await storage.write(async (tx) => {
    for (const name of people)
      await insertAccount(tx, {
        accountId: idOf(name),
        email: `${name}@x`,
        name,
        passwordHash: '-',
        passwordIsInitial: false,
        createdAtMs: 1,
      });
  });
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const sequences = Number(process.env['CLAIMSTEAD_ROLE_SEQUENCES'] ?? 2_000);

it(`agree with a model in every one of ${sequences} sequences of commands`, { timeout: 600_000 }, async () => {
  const members = createMemberStore(storage);
  const invitations = createInvitationStore(storage);
  const seen = new Set<string>();
  const run = async (spaceId: SpaceId, secrets: Map<Person, string>, asked: Command): Promise<string> => {
    const by = { accountId: idOf(asked.by), atMs: 1, sourceNetwork: '::', atMost: null };
    const found = (is: unknown): string => (is === undefined || is === false ? 'not-found' : 'done');
    const at = { atMs: 1, sourceNetwork: '::' };
    switch (asked.does) {
      case 'change': {
        const change = { role: asked.role, roomIds: undefined, revokesTokens: false };
        return found(await members.change({ spaceId, accountId: idOf(asked.whom) }, change, by));
      }
      case 'remove':
        return found(await members.remove({ spaceId, accountId: idOf(asked.whom) }, { revokesTokens: false }, by));
      case 'leave':
        return found(await members.leave(spaceId, by));
      case 'accept':
        await invitations.accept(secrets.get(asked.by) ?? 'none', { accountId: by.accountId }, at);
        return 'done';
      case 'invite': {
        const secretHash = randomUUID();
        const invitationId = randomUUID() as InvitationId;
        const times = { createdAtMs: 1, expiresAtMs: 2 };
        const promise = { role: asked.role, roomIds: [], invitedBy: by.accountId, email: `${asked.whom}@x` };
        await invitations.add({ invitationId, spaceId, secretHash, ...promise, ...times }, by);
        secrets.set(asked.whom, secretHash);
        return 'done';
      }
      case 'revoke': {
        const list = await invitations.pageInSpace(spaceId, undefined, 1000, 1);
        const one = list.find(({ email }) => email === `${asked.whom}@x`);
        return found(one && (await invitations.revoke(spaceId, one.invitationId, by)));
      }
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 14 }), async (commands) => {
      const spaceId = randomUUID() as SpaceId;
      await storage.write(async (tx) => {
        await insertSpace(tx, { spaceId, name: 'S', namedAtMs: 1, createdAtMs: 1 });
        await insertMember(tx, { spaceId, accountId: idOf('ada'), role: 'admin', joinedAtMs: 1 });
      });
      const model = new Model();
      const secrets = new Map<Person, string>();
      for (const asked of commands) {
        const expected = model.apply(asked);
        const outcome = await run(spaceId, secrets, asked).catch((error: unknown) => {
          if (error instanceof CloudError) return error.kind;
          throw error;
        });
        seen.add(`${asked.does} ${outcome}`);
        expect([asked, outcome]).toEqual([asked, expected]);
      }
      const actual = (await members.pageInSpace(spaceId, undefined, 1000)).map(
        ({ name, role: has }) => `${name} ${has}`,
      );
      expect(actual.toSorted()).toEqual([...model.members].map(([who, has]) => `${who} ${has}`).toSorted());
      const open = (await invitations.pageInSpace(spaceId, undefined, 1000, 1)).map(
        ({ email, role: promised }) => `${email} ${promised}`,
      );
      expect(open.toSorted()).toEqual([...model.invited].map(([who, { role: is }]) => `${who}@x ${is}`).toSorted());
    }),
    { numRuns: sequences, endOnFailure: true },
  );
  // It compared something: every refusal of every command was met.
  expect(seen.size).toBeGreaterThanOrEqual(20);
});
