// From what claim.d and the configuration say to an identity that the link can use.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig } from '../config/load.ts';
import type { Proxy } from '../config/proxy.ts';
import { claimDirectoryOf, readClaim, type ClaimState } from '../claim/claim-directory.ts';
import { agentFor } from '../claim/dial-agent.ts';
import { explainDialFailure } from '../claim/dial-failure.ts';
import { loadTrust, type Trust } from '../claim/trust.ts';
import type { LinkIdentity } from './identity.ts';

export interface ClaimReading {
  /** A non-empty claimed_id was read, whether or not a link can be made with it. */
  claimed: boolean;
  /** Undefined when there is nothing to connect with; `sentence` says why when that is a fault. */
  identity: LinkIdentity | undefined;
  sentence: string | undefined;
}

const reading = (claimed: boolean, sentence: string | undefined): ClaimReading => ({
  claimed,
  identity: undefined,
  sentence,
});

export function createIdentitySource(config: AgentConfig): () => Promise<ClaimReading> {
  const directory = claimDirectoryOf(config.directories.config);
  let trust: { made: string; value: Trust } | undefined;

  /** Reading the system's roots costs tens of milliseconds, so it is done again only when the user's certificates changed. */
  const currentTrust = async (): Promise<Trust> => {
    const made = await stat(join(directory, 'cloud_fullchain.pem')).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => 'none',
    );
    if (trust?.made !== made) trust = { made, value: await loadTrust(directory) };
    return trust.value;
  };

  const toIdentity = (claim: Extract<ClaimState, { state: 'claimed' }>, cloudUrl: URL, proxy: Proxy): LinkIdentity => ({
    claimId: claim.claimId,
    cloudUrl,
    privateKey: claim.privateKey,
    proxyWords: proxy.masked,
    async transport(signal) {
      const [{ tlsOptions }, proxyAgent] = await Promise.all([
        currentTrust(),
        proxy.kind === 'direct' ? undefined : agentFor(proxy, signal),
      ]);
      return { proxyAgent, tlsOptions, explain: (host, cause) => explainDialFailure(cause, { host, proxy }).words };
    },
  });

  return async () => {
    const claim = await readClaim(directory);
    if (claim.state === 'unclaimed') return reading(false, undefined);
    if (claim.state === 'broken') return reading(claim.claimId !== undefined, claim.sentence);
    if (!config.cloud.enabled)
      return reading(true, 'The Cloud is switched off: [global] netdata cloud in netdata.conf.');
    const { proxy } = config.cloud.proxy;
    // Going direct would break what the setting stands for.
    if (proxy.kind === 'malformed') return reading(true, proxy.sentence);
    // The claimed URL wins over the configured one: it is where the key was registered.
    const url = claim.url ?? config.cloud.baseUrl;
    if (url === undefined)
      return reading(true, 'No Cloud URL is known for this claim; claim this node again with -url=.');
    return { claimed: true, identity: toIdentity(claim, new URL(url), proxy), sentence: undefined };
  };
}
