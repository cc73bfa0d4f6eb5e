// People and invitations of the mock's one Space: names of every kind, and enough of a Cloud to change them.

import { InvitationCreate, type InvitationView } from '@claimstead/wire/cloud-api/invitations';
import { MemberChange, type MemberView } from '@claimstead/wire/cloud-api/members';
import { CloudError } from '@claimstead/wire/errors';
import type { World } from './world.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

const names: readonly [name: string, email: string, role: MemberView['role']][] = [
  ['Administrator', 'admin@localhost', 'admin'],
  ['Ada Lovelace', 'ada@alder.example', 'manager'],
  [
    'Zoë Ångström-Featherstonehaugh of the Northern Workshops',
    `${'z'.repeat(58)}@workshops.north.alder.example`,
    'member',
  ],
  ['עדה', 'ada.he@alder.example', 'observer'],
  ['\u202egnp.exe', 'trick@alder.example', 'member'],
  ['日本 太郎', 'taro@alder.example', 'troubleshooter'],
];

export function peopleRoutes(world: World) {
  let invitations: InvitationView[] = [];
  let members = names.map(([name, email, role], n): MemberView => {
    const roomIds = role === 'member' ? world.rooms.slice(1, 2 + n).map(({ id }) => id) : [];
    return { accountId: uuid(n === 0 ? 2 : 700 + n), name, email, role, roomIds, joinedAt: ago(3 + n * 40) };
  });
  const one = (id: string | undefined): MemberView => {
    const member = members.find(({ accountId }) => accountId === id);
    if (member === undefined) throw new CloudError('not-found');
    return member;
  };
  const keep = (id: string, next: MemberView[]): MemberView[] => {
    if (one(id).role === 'admin') throw new CloudError('last-administrator');
    return next;
  };
  const invite = (body: unknown) => {
    const { email, role, roomIds, lifetimeDays } = InvitationCreate.parse(body);
    const expiresAt = ago(-lifetimeDays);
    const invitationId = uuid(800 + invitations.length);
    const by = { invitedBy: 'Administrator', createdAt: ago(0), expiresAt };
    const invitation: InvitationView = { invitationId, email, role, roomIds, ...by };
    invitations = [invitation, ...invitations];
    return {
      invitation,
      link: `https://cloud.alder.example:8443/invitation#csi_${'not-a-real-secret'.padEnd(43, '0')}`,
    };
  };
  return [
    ['GET', /^\/spaces\/[^/]+\/members$/, () => ({ members, next: null })],
    [
      'PATCH',
      /^\/spaces\/[^/]+\/members\/([^/]+)$/,
      ([, id = '']: RegExpMatchArray, body: unknown) => {
        const change = MemberChange.parse(body);
        const roomIds = change.roomIds ?? one(id).roomIds;
        const changed = { ...one(id), role: change.role ?? one(id).role, roomIds };
        const next = members.map((member) => (member.accountId === id ? changed : member));
        members = changed.role === one(id).role ? next : keep(id, next);
        return changed;
      },
    ],
    [
      'DELETE',
      /^\/spaces\/[^/]+\/members\/([^/]+)$/,
      ([, id = '']: RegExpMatchArray) =>
        void (members = keep(
          id,
          members.filter(({ accountId }) => accountId !== id),
        )),
    ],
    ['GET', /^\/spaces\/[^/]+\/invitations$/, () => ({ invitations, next: null })],
    ['POST', /^\/spaces\/[^/]+\/invitations$/, (_: RegExpMatchArray, body: unknown) => invite(body)],
    [
      'DELETE',
      /^\/spaces\/[^/]+\/invitations\/([^/]+)$/,
      ([, id]: RegExpMatchArray) => void (invitations = invitations.filter(({ invitationId }) => invitationId !== id)),
    ],
  ] satisfies [method: string, path: RegExp, handler: unknown][];
}
