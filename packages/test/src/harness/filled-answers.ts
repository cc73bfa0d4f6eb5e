// Answers of the Cloud's API with the names of strangers in every text that somebody gave, one row for each of the payloads: what an older Cloud,
// an issuer or a restored database may hold although it is refused at the door today.

import { randomUUID } from 'node:crypto';
import { payload, payloads } from './strangers.ts';

export type Row = Record<string, unknown>;

/** One row for each payload, made of the first that came or of what is given. */
const filled = (rows: unknown, change: (n: number) => Row, otherwise: Row): Row[] => {
  const first = (rows as Row[] | undefined)?.[0] ?? otherwise;
  return payloads.map((_, n) => ({ ...first, ...change(n) }));
};
const id = (): string => randomUUID();
const now = new Date().toISOString();

/** How each answer is filled. The first Space keeps its id: pages look for it. */
export const fillings: readonly (readonly [RegExp, (answer: Row) => Row])[] = [
  [
    /\/spaces$/,
    ({ spaces }) => ({
      spaces: filled(spaces, (n) => ({ ...(n === 0 ? {} : { id: id() }), name: payload(n + 6) }), {}),
    }),
  ],
  [
    /\/rooms$/,
    ({ rooms }) => ({
      rooms: filled(rooms, (n) => ({ id: id(), name: payload(n), slug: payload(n), holdsAllNodes: false }), {}),
    }),
  ],
  [
    /\/members$/,
    ({ members, next }) => ({
      next,
      members: filled(
        members,
        (n) => ({ accountId: id(), name: payload(n), email: payload(n + 1), role: 'member' }),
        {},
      ),
    }),
  ],
  [
    /\/invitations$/,
    ({ invitations, next }) => ({
      next,
      invitations: filled(
        invitations,
        (n) => ({ invitationId: id(), email: payload(n), invitedBy: payload(n + 1) }),
        {},
      ),
    }),
  ],
  [
    /\/invitations\/look$/,
    () => ({
      spaceName: payload(16),
      email: payload(17),
      role: 'member',
      rooms: payloads,
      invitedBy: payload(18),
      expiresAt: now,
      hasAccount: false,
    }),
  ],
  [
    /\/claim-tokens$/,
    ({ tokens, next }) => ({
      next,
      tokens: filled(
        tokens,
        (n) => ({
          id: id(),
          name: payload(n),
          kind: n % 2 === 0 ? 'named' : 'command',
          state: 'valid',
          madeBy: { accountId: id(), name: payload(n + 1), isAdministrator: n % 3 === 0 },
          rooms: [{ id: id(), name: payload(n + 2) }],
          sourceNetworks: [payload(n + 3)],
        }),
        {},
      ),
    }),
  ],
  [
    /\/webhooks$/,
    ({ webhooks }) => ({
      webhooks: filled(
        webhooks,
        (n) => ({ id: id(), url: payload(n), last: { at: now, isDelivered: n % 2 === 0, outcome: payload(n + 1) } }),
        {},
      ),
    }),
  ],
  [
    /\/account\/tokens$/,
    ({ tokens }) => ({ tokens: filled(tokens, (n) => ({ id: id(), name: payload(n), spaceId: id() }), {}) }),
  ],
  [
    /\/account\/passkeys$/,
    () => ({ passkeys: filled([], (n) => ({ id: id(), name: payload(n) }), { since: now, lastUsedAt: null }) }),
  ],
  [
    /\/account\/sessions$/,
    ({ sessions }) => ({
      sessions: filled(
        sessions,
        (n) => ({ id: id(), isCurrent: false, browser: payload(n), sourceNetwork: payload(n + 1) }),
        {},
      ),
    }),
  ],
  [/\/account$/, (account) => ({ ...account, name: payload(3), email: payload(15) })],
  [
    /\/session$/,
    (seen) => ({ ...seen, account: { ...(seen['account'] as Row), name: payload(3), email: payload(15) } }),
  ],
  [/\/session\/ways$/, (ways) => ({ ...ways, oidc: { label: payload(17) }, passwordReset: true })],
  [
    /\/audit$/,
    (page) => ({
      ...page,
      rows: filled(
        page['rows'],
        (n) => ({
          seq: 1_000_000 - n,
          says: payload(n),
          kind: payload(n + 1),
          account: n % 3 === 0 ? null : { id: id(), name: n % 3 === 1 ? null : payload(n + 2), email: payload(n + 3) },
          node: { id: id(), hostname: payload(n + 4) },
          claimId: payload(n + 5),
          tokenId: payload(n + 6),
          sourceNetwork: payload(n + 7),
          details: {
            [payload(n + 8)]: payload(n + 9),
            apiToken: payload(n + 10),
            rooms: [payload(n), payload(n + 1)],
            deep: { [payload(n)]: payload(n + 2) },
          },
        }),
        {},
      ),
    }),
  ],
  [
    /\/audit\/choices$/,
    () => ({
      kinds: payloads.map((text, n) => ({ kind: `${n}`, says: text, group: payload(n + 1) })),
      people: payloads.map((text, n) => ({ id: id(), name: n % 2 ? text : null, email: payload(n + 1) })),
    }),
  ],
];
