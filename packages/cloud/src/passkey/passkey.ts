// Passkeys: WebAuthn credentials that sign in without a password, and count as both factors, because the authenticator asks who is there. The
// protocol is @simplewebauthn/server's. Reading order: passkey.ts, passkey-ceremonies.ts (the protocol), passkey-store.ts (SQL),
// passkey-routes.ts (HTTP).

import type { AccountId } from '@claimstead/wire/ids';
import { isIP } from 'node:net';
import type { AuditEntry } from '../audit/audit.ts';

export interface Passkey {
  passkeyId: string;
  accountId: AccountId;
  /** Base64url, as is the COSE key. */
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: string[];
  name: string;
  createdAtMs: number;
  lastUsedAtMs: number | null;
}

export interface PasskeyStore {
  /** Oldest first. */
  ofAccount(accountId: AccountId): Promise<Passkey[]>;
  byCredentialId(credentialId: string): Promise<Passkey | undefined>;
  /** False where the credential is known already, or the account has `most` of them. */
  add(passkey: Passkey, most: number, told: AuditEntry): Promise<boolean>;
  /** False where its counter was passed meanwhile: then the same signature came twice, or there are two of the authenticator. */
  used(passkey: Passkey, counter: number, atMs: number): Promise<boolean>;
  /** Undefined where the account has none of that id. */
  remove(accountId: AccountId, passkeyId: string, told: AuditEntry): Promise<Passkey | undefined>;
}

/** More than anybody carries. */
export const mostPasskeys = 20;

/** Whose passkeys these are to a browser; undefined where the Cloud is reached by an address, for which WebAuthn makes none. */
export interface RelyingParty {
  /** The host name. */
  id: string;
  /** Of the pages that may ask: that host at the ports of this Cloud. */
  origins: string[];
}

export function relyingParty(publicUrl: URL, ownOrigins: ReadonlySet<string>): RelyingParty | undefined {
  const id = publicUrl.hostname;
  if (isIP(id.replaceAll(/[[\]]/g, '')) !== 0) return undefined;
  return { id, origins: [...ownOrigins].filter((origin) => new URL(origin).hostname === id) };
}
