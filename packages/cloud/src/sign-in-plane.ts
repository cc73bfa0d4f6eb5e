// Everything about who somebody is, put together: accounts, sessions, the ways to sign in, and the letters about them.

import type { AccountId } from '@claimstead/wire/ids';
import { accountRoutes } from './account/account-routes.ts';
import { createAccountStore } from './account/account-store.ts';
import type { Account, AccountStore } from './account/account.ts';
import { createEntrance, type Entrance } from './account/entrance.ts';
import { mostOneUseCodes, oneUseCodeLifetimeMs, type OneUseCodes } from './account/one-use-codes.ts';
import type { PasswordHasher } from './account/password.ts';
import { createPlaceStore } from './account/place-store.ts';
import { placeKeptMs } from './account/places.ts';
import { createRefusals, refusalsOfAll, refusalsOfNetwork } from './account/refusals.ts';
import { sessionListRoutes } from './account/session-list-routes.ts';
import { sessionRoutes } from './account/session-routes.ts';
import { createSessionStore } from './account/session-store.ts';
import { createSessions, type Sessions } from './account/session.ts';
import { createShortLived } from './account/short-lived.ts';
import { guessLimit, networkGuessLimit } from './account/sign-in.ts';
import { waysRoutes } from './account/ways-routes.ts';
import { apiTokenRoutes } from './api-token/api-token-routes.ts';
import { createApiTokenStore } from './api-token/api-token-store.ts';
import { createApiTokens, type ApiTokenParts, type ApiTokens } from './api-token/api-token.ts';
import type { AuditStore } from './audit/audit.ts';
import type { Bus } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import { StartError } from './config/data-folder.ts';
import { parseMailUrl, type MailConfig } from './config/load-mail.ts';
import type { CloudConfig } from './config/load.ts';
import { readSecret } from './config/read-secret.ts';
import type { Events } from './events.ts';
import type { createRecentReads } from './http/recent-reads.ts';
import type { RouteEntry } from './http/routes.ts';
import { createRateLimit, type RateLimit } from './limit/rate-limit.ts';
import type { Log } from './log.ts';
import { createLetters, type Letters } from './mail/letters.ts';
import { createMail, type Transport } from './mail/mail.ts';
import { createSmtpTransport } from './mail/smtp-transport.ts';
import { createOidcClient, oidcPendingLimits, type OidcPending } from './oidc/oidc-client.ts';
import { oidcBeginLimit, oidcCallbackPath, oidcRoutes } from './oidc/oidc-routes.ts';
import { createOidcStore } from './oidc/oidc-store.ts';
import type { OidcParts } from './oidc/oidc.ts';
import { challengeLimits, createPasskeyCeremonies } from './passkey/passkey-ceremonies.ts';
import { passkeyRoutes, passkeySignInLimit } from './passkey/passkey-routes.ts';
import { createPasskeyStore } from './passkey/passkey-store.ts';
import { relyingParty } from './passkey/passkey.ts';
import { passwordResetRoutes, resetLimits } from './password-reset/password-reset-routes.ts';
import { createPasswordResetStore } from './password-reset/password-reset-store.ts';
import { createPasswordResets, type PasswordResets } from './password-reset/password-reset.ts';
import { createResetLetters } from './password-reset/reset-letters.ts';
import type { Seal } from './seal/seal.ts';
import { needSecondFactor, pendingSignInLimits, type PendingSignIn } from './second-factor/pending-sign-in.ts';
import { codeLimit, secondFactorRoutes } from './second-factor/second-factor-routes.ts';
import { createSecondFactorStore } from './second-factor/second-factor-store.ts';
import { createSecondFactors, type SecondFactors } from './second-factor/second-factor.ts';
import type { Storage } from './storage/storage.ts';

export interface SignInPlaneParts {
  config: Pick<CloudConfig, 'mail' | 'oidc'>;
  clock: Clock;
  random: (bytes: number) => Buffer;
  newId: () => string;
  storage: Storage;
  seal: Seal;
  hasher: PasswordHasher;
  audit: AuditStore;
  recent: ReturnType<typeof createRecentReads>;
  roleIn: ApiTokenParts['roleIn'];
  isInvited: OidcParts['isInvited'];
  bus: Bus;
  publicUrl: URL;
  ownOrigins: ReadonlySet<string>;
  events: Events;
  log: Log;
}

export interface SignInPlane {
  accounts: AccountStore;
  sessions: Sessions;
  entrance: Entrance;
  apiTokens: ApiTokens;
  codes: OneUseCodes;
  resets: PasswordResets;
  secondFactors: SecondFactors;
  letters: Letters;
  routes: RouteEntry[];
  /** Removes what is over. */
  sweep(): Promise<void>;
  /** Lets letters that are on their way arrive. */
  close(): Promise<void>;
}

/** Throws StartError where the mail server that was given is none. */
export function createSignInPlane(parts: SignInPlaneParts): SignInPlane {
  const { config, clock, random, newId, storage, hasher, audit, recent, bus, publicUrl, events, log } = parts;
  const now = (): number => clock.nowMs();
  const elapsed = (): number => clock.elapsedMs();
  const limit = (options: { tries: number; windowMs: number; maxKeys: number }): RateLimit =>
    createRateLimit({ ...options, now: elapsed });
  const shortLived = <Value>(limits: { lifetimeMs: number; mostOpen: number }) =>
    createShortLived<Value>({ ...limits, now: elapsed, random });

  const accounts = createAccountStore(storage);
  const accountById = recent(accounts.byId);
  const onEnded = (accountId: AccountId, sessionId: string | null): void =>
    bus.publish('session-ended', { accountId, sessionId });
  const sessionStore = createSessionStore(storage);
  const sessions = createSessions({
    store: { ...sessionStore, byHash: recent(sessionStore.byHash) },
    accountById,
    now,
    random,
    newId,
    onEnded,
  });
  const tokenStore = createApiTokenStore(storage);
  const apiTokens = createApiTokens({
    store: tokenStore,
    recentByHash: recent(tokenStore.byHash),
    accountById,
    roleIn: parts.roleIn,
    now,
    random,
    newId,
    onEnded,
  });
  const mail = config.mail && createMail({ transport: openTransport(config.mail), clock, events });
  const letters = createLetters(mail, publicUrl);
  const places = createPlaceStore(storage);
  const entrance = createEntrance({ sessions, places, letters, now, events });
  const codes = shortLived<AccountId>({ lifetimeMs: oneUseCodeLifetimeMs, mostOpen: mostOneUseCodes });
  const noteRefusal = createRefusals({
    audit,
    ofNetwork: limit(refusalsOfNetwork),
    ofAll: limit(refusalsOfAll),
    now,
    events,
    onFailed: (error) => log.error('a refused sign-in was not written into the audit', { error }),
  });
  const guesses = limit(guessLimit);
  const signInParts = { accounts, hasher, codes, guesses, networkGuesses: limit(networkGuessLimit), noteRefusal };

  const secondFactors = createSecondFactors({
    store: createSecondFactorStore(storage),
    seal: parts.seal,
    issuer: `Claimstead ${publicUrl.hostname}`,
    now,
    random,
  });
  const pending = shortLived<PendingSignIn>(pendingSignInLimits);
  const secondStep = async ({ accountId, passwordHash }: Account, by: PendingSignIn['by']) =>
    (await secondFactors.isOn(accountId))
      ? needSecondFactor(pending, { accountId, passwordHash, by }, now())
      : undefined;

  const rp = relyingParty(publicUrl, parts.ownOrigins);
  const passkeys = createPasskeyStore(storage);
  const [registrations, signIns] = [shortLived<AccountId>(challengeLimits), shortLived<true>(challengeLimits)];
  const ceremonies = rp && createPasskeyCeremonies({ store: passkeys, rp, registrations, signIns, now });

  const resetStore = createPasswordResetStore(storage);
  const onAllSessionsEnded = sessions.allEnded;
  const resets = createPasswordResets({
    store: resetStore,
    hasher,
    publicUrl,
    now,
    random,
    onAllSessionsEnded,
    events,
  });

  const resetLetters = createResetLetters({
    accounts,
    resets,
    letters,
    clock,
    random,
    onFailed: (error) => log.error('a password reset could not be made', { error }),
  });

  const oidc =
    config.oidc &&
    oidcRoutes({
      ...config.oidc,
      client: createOidcClient({
        ...config.oidc,
        clientSecret: readSecret(config.oidc.clientSecret),
        redirectUri: `${publicUrl.origin}${oidcCallbackPath}`,
      }),
      pending: shortLived<OidcPending>(oidcPendingLimits),
      begins: limit(oidcBeginLimit),
      store: createOidcStore(storage),
      accountById: accounts.byId,
      accountByEmail: accounts.byEmail,
      isInvited: parts.isInvited,
      unknownPassword: () => hasher.hash(random(32).toString('base64url')),
      publicUrl,
      secondStep,
      noteRefusal,
      entrance,
      now,
      newId,
    });

  return {
    accounts,
    sessions,
    entrance,
    apiTokens,
    codes,
    resets,
    secondFactors,
    letters,
    routes: [
      ...waysRoutes({
        passkeyHost: rp?.id ?? null,
        passwordReset: letters.isOn,
        oidc: config.oidc === undefined ? null : { label: config.oidc.label },
      }),
      ...sessionRoutes({ sessions, signInParts, entrance, secondStep, events }),
      ...sessionListRoutes({ sessions, events }),
      ...accountRoutes({ accounts, sessions, signInParts, secondFactors, bus, now, events }),
      ...secondFactorRoutes({
        accounts,
        secondFactors,
        pending,
        codeGuesses: limit(codeLimit),
        signInParts,
        entrance,
        events,
      }),
      ...passkeyRoutes({
        accounts,
        passkeys,
        ceremonies,
        signInBegins: limit(passkeySignInLimit),
        signInParts,
        entrance,
        now,
        newId,
        events,
      }),
      ...(oidc ?? []),
      ...apiTokenRoutes({ tokens: apiTokens, events }),
      ...passwordResetRoutes({
        resets,
        letters,
        resetLetters,
        ofNetwork: limit(resetLimits.ofNetwork),
        ofAddress: limit(resetLimits.ofAddress),
      }),
    ],
    async sweep() {
      await sessions.sweep();
      await apiTokens.sweep();
      await resetStore.sweep(now());
      await places.sweep(now() - placeKeptMs);
    },
    async close() {
      await resetLetters.close();
      await mail?.close();
    },
  };
}

/** Throws StartError; the line itself holds a password and is not repeated. */
function openTransport({ server, from }: MailConfig): Transport {
  const url = parseMailUrl(readSecret(server));
  if (url === undefined)
    throw new StartError('The mail server must be given as smtps://USER:PASSWORD@HOST:PORT or smtp://HOST:PORT.');
  return createSmtpTransport({ url, from });
}
