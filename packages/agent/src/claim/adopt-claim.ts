// A stock agent of later years keeps its claim in `<lib>/cloud.d`. Whoever installs this agent over it stays claimed: the claim is taken
// over into claim.d, once. cloud.d itself is never written, so the way back stays open.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import { actAs } from '../config/act-as.ts';
import { replaceFile, type Owner } from '../config/atomic-file.ts';
import { parseCloudUrl, type CloudUrl } from '../config/cloud-url.ts';
import { parseNetdataConf } from '../config/netdata-conf.ts';
import { readBounded } from '../config/read-bounded.ts';
import { certificatesIn } from '../dial/trust.ts';
import { cannotWrite, ClaimDirectoryError, makeClaimDirectory, writeClaim } from './claim-directory.ts';
import { lockClaim } from './claim-lock.ts';
import { readPrivateKey } from './key-pair.ts';

export type Adoption =
  /** There is nothing to take over, or it was decided before. */
  | { outcome: 'none' }
  /** The sentence says what was done, or why it could not be and what helps. */
  | { outcome: 'adopted' | 'failed'; sentence: string };

interface StockClaim {
  claimId: ClaimId;
  url: CloudUrl | undefined;
  privatePem: string;
  publicPem: string;
  /** Certificates that the stock agent was given for a Cloud of its own. */
  chain: string | undefined;
}

const maxFileBytes = 256 * 1024;

/** Names the claims of cloud.d that were taken over or passed by: after an unclaim they must not come back. */
export const adoptionMark = (libDirectory: string): string =>
  join(libDirectory, 'registry', 'claimstead.adopted_claims');

/**
 * Takes the claim of cloud.d over if claim.d has neither a claim nor a key. Where claim.d was first, cloud.d is passed by for good.
 * Never throws for anything that a person can put right.
 */
export async function adoptClaim(
  claimDirectory: string,
  libDirectory: string,
  owner: undefined | Owner,
): Promise<Adoption> {
  const cloudDirectory = join(libDirectory, 'cloud.d');
  try {
    const [knownId, knownKey] = await Promise.all([
      readText(join(claimDirectory, 'claimed_id')),
      readText(join(claimDirectory, 'private.pem')),
    ]);
    // The folders of `lib` are the user's, who may have put links there: root looks at them with that user's eyes.
    const stock = await actAs(owner, async () => {
      const claimId = await readStockId(cloudDirectory);
      if (claimId === undefined || (await readDecided(libDirectory)).includes(claimId)) return undefined;
      const found = await readStockClaim(cloudDirectory, claimId);
      // The same key without a claim is what an adoption leaves that was cut off.
      const isOtherKey = knownKey !== undefined && ('fault' in found || knownKey !== found.privatePem);
      if ((knownId ?? '').trim() === '' && !isOtherKey) return found;
      await decide(libDirectory, claimId, owner);
      return undefined;
    });
    if (stock === undefined) return { outcome: 'none' };
    if ('fault' in stock) return { outcome: 'failed', sentence: stock.fault };
    await makeClaimDirectory(claimDirectory, owner);
    await actAs(owner, async () => {
      await takeOver(claimDirectory, stock, owner);
      await decide(libDirectory, stock.claimId, owner);
    });
    const at = stock.url === undefined ? '' : ` at ${stock.url}`;
    return {
      outcome: 'adopted',
      sentence: `The claim ${stock.claimId}${at} was taken over from ${cloudDirectory} into ${claimDirectory}.`,
    };
  } catch (error) {
    if (error instanceof ClaimDirectoryError) return { outcome: 'failed', sentence: error.message };
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const sentence = `The claim in ${cloudDirectory} cannot be taken over (${code}, ${path ?? cloudDirectory}); check that the user who runs netdata may use it.`;
    return { outcome: 'failed', sentence };
  }
}

/** Anything else that stands in the file is dropped. */
async function readDecided(libDirectory: string): Promise<ClaimId[]> {
  const lines = ((await readText(adoptionMark(libDirectory))) ?? '').split('\n');
  return lines.flatMap((line) => parseClaimId(line) ?? []);
}

async function decide(libDirectory: string, claimId: ClaimId, owner: undefined | Owner): Promise<void> {
  const decided = [...(await readDecided(libDirectory)), claimId];
  await mkdir(join(libDirectory, 'registry'), { mode: 0o755 }).catch(() => undefined);
  await replaceFile(adoptionMark(libDirectory), decided.map((id) => `${id}\n`).join(''), { mode: 0o644, owner });
}

/** The id stands in a file of its own, later in cloud.conf. */
async function readStockId(directory: string): Promise<ClaimId | undefined> {
  const file = parseClaimId(((await readText(join(directory, 'claimed_id'))) ?? '').trim());
  if (file !== undefined) return file;
  const global = await readStockConf(directory);
  return parseClaimId((global?.get('claimed_id') ?? global?.get('claimed id') ?? '').trim());
}

async function readStockConf(directory: string): Promise<ReadonlyMap<string, string> | undefined> {
  return parseNetdataConf((await readText(join(directory, 'cloud.conf'))) ?? '').sections.get('global');
}

async function readStockClaim(directory: string, claimId: ClaimId): Promise<StockClaim | { fault: string }> {
  const file = join(directory, 'private.pem');
  const remedy = `claim this node anew, or delete ${directory}`;
  const pem = await readText(file);
  if (pem === undefined) return { fault: `The claim in ${directory} has no private.pem; ${remedy}.` };
  const pair = readPrivateKey(pem);
  if ('fault' in pair)
    return { fault: `The claim in ${directory} cannot be taken over: ${file} ${pair.fault}; ${remedy}.` };
  const global = await readStockConf(directory);
  const url = global?.get('url') ?? global?.get('cloud base url');
  const parsed = url === undefined ? undefined : parseCloudUrl(url);
  if (parsed !== undefined && 'sentence' in parsed)
    return { fault: `The claim in ${directory} cannot be taken over: ${parsed.sentence} Otherwise ${remedy}.` };
  const certificates = certificatesIn((await readText(join(directory, 'cloud_fullchain.pem'))) ?? '');
  const chain = certificates.length === 0 ? undefined : `${certificates.join('\n')}\n`;
  return { claimId, url: parsed?.url, privatePem: pair.privatePem, publicPem: pair.publicPem, chain };
}

/** As after a claim: the key first, claimed_id last, so that a crash leaves no half of a claim. */
async function takeOver(directory: string, stock: StockClaim, owner: undefined | Owner): Promise<void> {
  const lock = await lockClaim(directory, owner).catch((error: unknown) => {
    throw cannotWrite(directory, error);
  });
  if ('holder' in lock)
    throw new ClaimDirectoryError(
      `A claim of this node is in progress (process ${lock.holder}), so the one of cloud.d is left alone.`,
    );
  try {
    await replaceFile(join(directory, 'private.pem'), stock.privatePem, { mode: 0o600, owner });
    await replaceFile(join(directory, 'public.pem'), stock.publicPem, { mode: 0o644, owner });
    const chainFile = join(directory, 'cloud_fullchain.pem');
    if (stock.chain !== undefined && (await readText(chainFile)) === undefined)
      await replaceFile(chainFile, stock.chain, { mode: 0o644, owner });
    const claim = { claimId: stock.claimId, url: stock.url, proxyWords: undefined, hostname: undefined };
    await writeClaim(directory, claim, owner, () => undefined);
  } catch (error) {
    throw error instanceof ClaimDirectoryError ? error : cannotWrite(directory, error);
  } finally {
    await lock.release();
  }
}

/** Undefined when there is no such file. Throws what the system says otherwise: a claim that cannot be read is not no claim. */
async function readText(file: string): Promise<string | undefined> {
  try {
    return await readBounded(file, maxFileBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EFBIG')
      throw new ClaimDirectoryError(`${file} is larger than ${maxFileBytes} bytes, so it is not what it should be.`);
    throw error;
  }
}
