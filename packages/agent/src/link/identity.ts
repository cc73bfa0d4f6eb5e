// Whom the link speaks for, and as whom: read from claim.d at start and at every reload.

import type { KeyObject } from 'node:crypto';
import type { Route } from '../dial/route.ts';

export interface LinkIdentity {
  claimId: string;
  /** Base URL of the Cloud that the node was claimed to; https, no path. */
  cloudUrl: URL;
  /** The name that the claim chose for this node; undefined: the agent's own. */
  hostname: string | undefined;
  privateKey: KeyObject;
  /** How to reach it, asked anew for every attempt: a person may just have placed a certificate. Throws one sentence. */
  route(): Promise<Route>;
  /** As shown and logged; credentials are masked. */
  proxyWords: string;
  /** The proxy that the claim went through, masked, when it is another one: worth a word when the link does not come up. */
  otherClaimProxy: string | undefined;
}

/** Whether a link that was made for one serves the other as well. How to reach the Cloud matters only to the next connection. */
export const isSameIdentity = (one: LinkIdentity, other: LinkIdentity): boolean =>
  one.claimId === other.claimId &&
  one.cloudUrl.href === other.cloudUrl.href &&
  one.proxyWords === other.proxyWords &&
  one.hostname === other.hostname &&
  one.privateKey.equals(other.privateKey);
