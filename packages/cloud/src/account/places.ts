// From where an account is signed in to, so that a sign-in from elsewhere can be told to its owner.

import type { AccountId } from '@claimstead/wire/ids';
import type { Place } from './session.ts';

/** A network that was not used for longer is a new one again. */
export const placeKeptMs = 90 * 24 * 3600 * 1000;

export interface PlaceStore {
  /** Notes it, and answers what was known: `first` = no place at all. */
  note(accountId: AccountId, place: Place, atMs: number): Promise<'known' | 'new' | 'first'>;
  /** Removes those that were not used since, but for the last one of an account: a sign-in to one that nobody used for long is not the first. */
  sweep(usedBeforeMs: number): Promise<void>;
}
