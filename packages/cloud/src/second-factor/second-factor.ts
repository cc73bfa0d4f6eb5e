// The second factor of an account: off, being set up (nothing asks for it), or on.

import { CloudError } from '@claimstead/wire/errors';
import type { AccountId } from '@claimstead/wire/ids';
import type { AuditEntry } from '../audit/audit.ts';
import type { Seal } from '../seal/seal.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { totpCodeIn, totpSecretBytes, totpSetup, totpStep } from './totp.ts';

export interface Totp {
  accountId: AccountId;
  sealedSecret: string;
  createdAtMs: number;
  enabledAtMs: number | null;
  lastStep: number;
}

export interface SecondFactorStore {
  totpOf(accountId: AccountId): Promise<Totp | undefined>;
  recoveryCodesLeft(accountId: AccountId): Promise<number>;
  /** Takes the place of one that was being set up; false where one is on. */
  begin(totp: Totp): Promise<boolean>;
  /** Turns on the one that is being set up, with fresh recovery codes; false where there is none. */
  turnOn(
    enabled: { accountId: AccountId; atMs: number; step: number; codeHashes: string[] },
    told: AuditEntry,
  ): Promise<boolean>;
  /** Takes the recovery codes along; false where there was none. */
  turnOff(accountId: AccountId, told: AuditEntry): Promise<boolean>;
  replaceRecoveryCodes(accountId: AccountId, codeHashes: string[], told: AuditEntry): Promise<void>;
  /** True once for each step of an account, and for none before one that was taken. */
  takeStep(accountId: AccountId, step: number): Promise<boolean>;
  /** True once for each code. */
  takeRecoveryCode(accountId: AccountId, codeHash: string, told: AuditEntry): Promise<boolean>;
}

export interface SecondFactors {
  isOn(accountId: AccountId): Promise<boolean>;
  status(accountId: AccountId): Promise<{ isOn: boolean; recoveryCodesLeft: number }>;
  /** Throws `second-factor-exists`. */
  begin(account: { accountId: AccountId; email: string }): Promise<{ secret: string; uri: string }>;
  /** The recovery codes, or undefined where the code is wrong. Throws `not-found` where nothing is being set up. */
  turnOn(accountId: AccountId, typed: string, sourceNetwork: string): Promise<string[] | undefined>;
  turnOff(accountId: AccountId, sourceNetwork: string | undefined): Promise<boolean>;
  /** Throws `not-found` where it is off. */
  newRecoveryCodes(accountId: AccountId, sourceNetwork: string): Promise<string[]>;
  /** Which of the two it was, undefined where it does not fit. A code fits once. */
  check(accountId: AccountId, typed: string, sourceNetwork: string): Promise<'app' | 'recovery code' | undefined>;
}

export interface SecondFactorParts {
  store: SecondFactorStore;
  seal: Seal;
  /** What apps list the account under, beside its address. */
  issuer: string;
  now: () => number;
  random: (bytes: number) => Uint8Array;
}

export function createSecondFactors({ store, seal, issuer, now, random }: SecondFactorParts): SecondFactors {
  const place = (accountId: AccountId): string => `totp ${accountId}`;
  const secretOf = (totp: Totp): Buffer => seal.open(place(totp.accountId), totp.sealedSecret);
  const told = (kind: AuditEntry['kind'], accountId: AccountId, sourceNetwork?: string): AuditEntry => ({
    kind,
    atMs: now(),
    accountId,
    ...(sourceNetwork === undefined ? {} : { sourceNetwork }),
  });
  const onOf = async (accountId: AccountId): Promise<Totp | undefined> => {
    const totp = await store.totpOf(accountId);
    return totp === undefined || totp.enabledAtMs === null ? undefined : totp;
  };
  return {
    isOn: async (accountId) => (await onOf(accountId)) !== undefined,
    async status(accountId) {
      const isOn = (await onOf(accountId)) !== undefined;
      return { isOn, recoveryCodesLeft: isOn ? await store.recoveryCodesLeft(accountId) : 0 };
    },
    async begin({ accountId, email }) {
      const secret = random(totpSecretBytes);
      const sealedSecret = seal.close(place(accountId), secret);
      const begun = await store.begin({ accountId, sealedSecret, createdAtMs: now(), enabledAtMs: null, lastStep: 0 });
      if (!begun) throw new CloudError('second-factor-exists');
      return totpSetup(secret, { issuer, email });
    },
    async turnOn(accountId, typed, sourceNetwork) {
      const totp = await store.totpOf(accountId);
      if (totp === undefined || totp.enabledAtMs !== null) throw new CloudError('not-found');
      const code = totpCodeIn(typed);
      const step = code === undefined ? undefined : totpStep(secretOf(totp), code, now());
      if (step === undefined) return undefined;
      const codes = makeRecoveryCodes(random);
      const enabled = { accountId, atMs: now(), step, codeHashes: codes.map(hashRecoveryCode) };
      if (!(await store.turnOn(enabled, told('second-factor-on', accountId, sourceNetwork))))
        throw new CloudError('not-found');
      return codes;
    },
    turnOff: (accountId, sourceNetwork) =>
      store.turnOff(accountId, told('second-factor-off', accountId, sourceNetwork)),
    async newRecoveryCodes(accountId, sourceNetwork) {
      if ((await onOf(accountId)) === undefined) throw new CloudError('not-found');
      const codes = makeRecoveryCodes(random);
      await store.replaceRecoveryCodes(
        accountId,
        codes.map(hashRecoveryCode),
        told('recovery-codes-made', accountId, sourceNetwork),
      );
      return codes;
    },
    async check(accountId, typed, sourceNetwork) {
      const totp = await onOf(accountId);
      if (totp === undefined) return undefined;
      const code = totpCodeIn(typed);
      if (code !== undefined) {
        const step = totpStep(secretOf(totp), code, now());
        return step !== undefined && (await store.takeStep(accountId, step)) ? 'app' : undefined;
      }
      const entry = told('recovery-code-used', accountId, sourceNetwork);
      return (await store.takeRecoveryCode(accountId, hashRecoveryCode(typed), entry)) ? 'recovery code' : undefined;
    },
  };
}
