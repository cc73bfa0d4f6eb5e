// The last step of every way to sign in: the session that begins, and the one that it takes the place of.

import type { Events } from '../events.ts';
import type { Letters } from '../mail/letters.ts';
import type { Account } from './account.ts';
import { browserWords } from './browser-words.ts';
import type { PlaceStore } from './places.ts';
import { sessionCookie, sessionSecretIn, type Place, type Sessions, type SignedIn } from './session.ts';

/** How somebody proved who they are, as the audit tells it. */
export type SignInWay =
  | 'password'
  | 'oidc'
  | `${'password' | 'oidc'}, ${'app' | 'recovery code'}`
  | 'one-use code'
  | 'invitation'
  | 'passkey';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface Visitor {
  sourceNetwork: string;
  headers: Headers;
}

export const placeOf = ({ sourceNetwork, headers }: Visitor): Place => ({
  sourceNetwork,
  browser: browserWords(headers['user-agent']),
});

export interface Entrance {
  /** `cookie` is the value of Set-Cookie. */
  enter(account: Account, by: SignInWay, visitor: Visitor): Promise<{ signedIn: SignedIn; cookie: string }>;
}

export interface EntranceParts {
  sessions: Sessions;
  places: Pick<PlaceStore, 'note'>;
  letters: Pick<Letters, 'newPlace'>;
  now: () => number;
  events: Events;
}

export function createEntrance({ sessions, places, letters, now, events }: EntranceParts): Entrance {
  return {
    async enter(account, by, visitor) {
      const { sourceNetwork } = visitor;
      // The cookie that the browser was known by is good for nothing afterwards.
      const secret = sessionSecretIn(visitor.headers['cookie']);
      const earlier = secret === undefined ? undefined : await sessions.bySecret(secret);
      if (earlier !== undefined) await sessions.end(earlier, sourceNetwork);
      const place = placeOf(visitor);
      const atMs = now();
      // First, because it may be refused: then nothing was a sign-in, and a place that is new stays so.
      const opened = await sessions.open(account, place, { kind: 'signed-in', details: { by } });
      if ((await places.note(account.accountId, place, atMs)) === 'new')
        letters.newPlace(account.email, { place, atMs });
      events.signedIn({ accountId: account.accountId, sourceNetwork });
      return { signedIn: opened.signedIn, cookie: sessionCookie(opened.secret) };
    },
  };
}
