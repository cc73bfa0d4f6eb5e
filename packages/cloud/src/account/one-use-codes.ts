// One-use sign-in codes: whoever may enter the data folder asks the private socket for one, and a browser or a script signs in
// with it.

import type { AccountId } from '@claimstead/wire/ids';
import type { ShortLived } from './short-lived.ts';

export const oneUseCodeLifetimeMs = 60_000;
/** More than a person or a script asks for in a minute. */
export const mostOneUseCodes = 100;

export type OneUseCodes = ShortLived<AccountId>;
