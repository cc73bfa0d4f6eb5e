// From what claim.d and the configuration say to an identity that the link can use.

import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { claimDirectoryOf, readClaim, type ClaimState } from '../claim/claim-directory.ts';
import type { AgentConfig } from '../config/load.ts';
import type { Proxy } from '../config/proxy.ts';
import { loadTrust, trustFiles, type Trust } from '../dial/trust.ts';
import type { LinkIdentity } from './identity.ts';

export interface ClaimReading {
  /** A non-empty claimed_id was read, whether or not a link can be made with it. */
  claimed: boolean;
  /** Undefined when there is nothing to connect with; `sentence` says why when that is a fault. */
  identity: LinkIdentity | undefined;
  sentence: string | undefined;
  /** The configuration directory is there and claimed_id is not: the claim was deleted. What cannot be read is not gone. */
  isGone: boolean;
}

const reading = (claimed: boolean, sentence: string | undefined, isGone = false): ClaimReading => ({
  claimed,
  identity: undefined,
  sentence,
  isGone,
});

/** What a reading depends on; asked at every reading, because a person may have changed it. */
export type IdentityConfig = Pick<AgentConfig, 'directories'> & {
  cloud: Pick<AgentConfig['cloud'], 'obstacle' | 'baseUrl' | 'proxy'>;
};

export function createIdentitySource(currentConfig: () => IdentityConfig): () => Promise<ClaimReading> {
  let trust: { made: string; value: Trust } | undefined;

  /** Reading the system's roots costs tens of milliseconds, so it is done again only when they, or the user's certificates, changed. */
  const currentTrust = async (directory: string): Promise<Trust> => {
    const stamps = trustFiles(directory).map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => `${file} ${mtimeMs} ${size} ${ino}`,
        () => file,
      ),
    );
    const made = (await Promise.all(stamps)).join('\n');
    if (trust?.made !== made) trust = { made, value: await loadTrust(directory) };
    return trust.value;
  };

  const toIdentity = (
    directory: string,
    claim: Extract<ClaimState, { state: 'claimed' }>,
    cloudUrl: URL,
    proxy: Proxy,
  ): LinkIdentity => ({
    claimId: claim.claimId,
    cloudUrl,
    hostname: claim.hostname,
    privateKey: claim.privateKey,
    proxyWords: proxy.masked,
    otherClaimProxy: claim.proxyWords === proxy.masked ? undefined : claim.proxyWords,
    route: async () => ({ proxy, trust: await currentTrust(directory) }),
  });

  return async () => {
    const { directories, cloud } = currentConfig();
    const directory = claimDirectoryOf(directories.config);
    const claim = await readClaim(directory);
    if (claim.state === 'unclaimed') return reading(false, undefined, await isDeleted(directories.config));
    if (claim.state === 'broken') return reading(claim.claimId !== undefined, claim.sentence);
    if (cloud.obstacle !== undefined) return reading(true, cloud.obstacle);
    const { proxy } = cloud.proxy;
    // Going direct would break what the setting stands for.
    if (proxy.kind === 'malformed') return reading(true, proxy.sentence);
    // The claimed URL wins over the configured one: it is where the key was registered.
    const url = claim.url ?? cloud.baseUrl;
    if (url === undefined)
      return reading(true, 'No Cloud URL is known for this claim; claim this node again with -url=.');
    return {
      claimed: true,
      identity: toIdentity(directory, claim, new URL(url), proxy),
      sentence: undefined,
      isGone: false,
    };
  };
}

/** A link whose target is away, as of a volume that is not mounted, is not deleted: the Cloud would forget the node for ever. */
async function isDeleted(configDirectory: string): Promise<boolean> {
  const directory = claimDirectoryOf(configDirectory);
  if (!(await isDirectory(configDirectory))) return false;
  if (await isAbsent(directory)) return true;
  return (await isDirectory(directory)) && (await isAbsent(join(directory, 'claimed_id')));
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Not even a link of that name is there. */
const isAbsent = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
