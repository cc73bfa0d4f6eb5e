// Whom the link speaks for, and as whom: read from claim.d at start and at every reload.

import type { KeyObject } from 'node:crypto';
import type { Agent } from 'node:http';
import type { SecureContext } from 'node:tls';

export interface LinkIdentity {
  claimId: string;
  /** Base URL of the Cloud that the node was claimed to; https, no path. */
  cloudUrl: URL;
  privateKey: KeyObject;
  /** Whom to trust as that Cloud. The host name is checked besides. */
  secureContext: SecureContext | undefined;
  /** Undefined = directly. */
  proxyAgent: Agent | undefined;
  /** As shown and logged; credentials are masked. */
  proxyWords: string;
}
