// The person's side of a claim: what they typed becomes a wish, what happened becomes words and an exit code.

import { hostname as systemHostname } from 'node:os';
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import { parseCloudUrl } from '../config/cloud-url.ts';
import type { AgentConfig } from '../config/load.ts';
import { machineGuidFile, MachineGuidError, readMachineGuid } from '../config/machine-guid.ts';
import type { Proxy, ProxyChoice } from '../config/proxy.ts';
import { Secret } from '../config/secret.ts';
import { claimUsage, parseClaimArguments, type ClaimArguments } from './claim-arguments.ts';
import type { ClaimPatience } from './claim-client.ts';
import { claimDirectoryOf, ClaimDirectoryError, readDefault } from './claim-directory.ts';
import { claimUser, readPasswd } from './claim-user.ts';
import { claimNode, type ClaimWish } from './claim.ts';

/** The exact words of a success, alone on a line of stdout. Scripts look for them. */
export const claimedWords = 'Agent was successfully claimed.';

/** What telling the daemon came to. `reason`: why it does not know yet, one sentence. */
export type Notified = { told: true } | { told: false; isRunning: boolean; reason: string };

export interface ClaimSurroundings {
  config: AgentConfig;
  /** Number of the user who runs this. */
  uid: number;
  /** Name of the node when -hostname= says nothing; undefined: the system's. */
  hostname: undefined | string;
  /** Everything on standard input, for `-token=-`. */
  readStdin: () => Promise<string>;
  /** Tells the running daemon to read claim.d again, and finds out whether it sees `claimId`. */
  notify: (claimId: ClaimId) => Promise<Notified>;
  /** A line for stdout; one for stderr. */
  say: (line: string) => void;
  complain: (line: string) => void;
  patience: ClaimPatience;
}

/** Why there will be no claim: exit code and one sentence. */
class Refused extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, words: string) {
    super(words);
    this.exitCode = exitCode;
  }
}

/** Claims this node as `words` (the options of netdata-claim.sh) say. Answers the exit code; everything is said by then. */
export async function runClaimCommand(words: readonly string[], around: ClaimSurroundings): Promise<number> {
  const given = parseClaimArguments(words);
  if ('help' in given) {
    around.say(claimUsage.trimEnd());
    return 0;
  }
  try {
    if ('fault' in given) throw new Refused(1, given.fault);
    const wish = await makeWish(given, around);
    const result = await claimNode(wish, around.patience, (step) => {
      if (given.verbose) around.complain(`claim: ${step}`);
    });
    if (!result.claimed) throw new Refused(result.exitCode, result.words);
    return await tellDaemon(wish, given, around);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Every line about a claim holds the word, so that the documented greps find it in a container's log.
    around.complain(`claim failed: ${error.message}`);
    return error.exitCode;
  }
}

async function tellDaemon(
  wish: ClaimWish,
  given: ClaimArguments,
  { notify, say, complain }: ClaimSurroundings,
): Promise<number> {
  const notified: Notified = given.noReload ? { told: true } : await notify(wish.claimId);
  if (!notified.told && !(given.daemonNotRunning && !notified.isRunning)) {
    complain(`claim saved: the Cloud accepted it, but the agent does not know yet. ${notified.reason}`);
    complain('claim: the node connects when the agent starts, or after: netdatacli reload-claiming-state');
    return 5;
  }
  say(claimedWords);
  return 0;
}

/** Everything that can be checked without writing or asking, in the order in which a person would want to hear of it. */
async function makeWish(given: ClaimArguments, around: ClaimSurroundings): Promise<ClaimWish> {
  const { config } = around;
  const directory = claimDirectoryOf(config.directories.config);
  const user = await claimUser({
    uid: around.uid,
    claimDirectory: directory,
    configDirectory: config.directories.config,
    serviceUser: given.user ?? config.serviceUser,
    passwd: await readPasswd(),
  });
  if ('sentence' in user) throw new Refused(6, user.sentence);
  if (!config.cloud.enabled) {
    throw new Refused(
      3,
      'The cloud is switched off here; set netdata cloud = enable in section [global] of netdata.conf and restart the agent.',
    );
  }
  const token = await chooseToken(given, directory, around);
  const rooms = parseRooms(given.rooms ?? (await defaultOf(directory, 'rooms')) ?? config.claimEnvironment.rooms ?? '');
  const url = chooseUrl(given.url ?? config.claimEnvironment.url, config);
  const proxy = chooseProxy(given.proxy ?? config.claimEnvironment.proxy, config.cloud, around.complain);
  const hostname = given.hostname ?? around.hostname ?? systemHostname();
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (hostname.trim() === '' || hostname.length > 1024 || /[\u0000-\u001f\u007f]/.test(hostname)) {
    throw new Refused(9, 'The host name is empty, too long or not printable; give another with -hostname=NAME.');
  }
  const claimId = given.id === undefined ? undefined : parseClaimId(given.id);
  if (given.id !== undefined && claimId === undefined)
    throw new Refused(8, 'The id of -id= is not a UUID, such as uuidgen prints.');
  const machineGuid = await readMachineGuid(config.directories.lib).catch((error: unknown) => {
    throw error instanceof MachineGuidError ? new Refused(18, error.message) : error;
  });
  if (machineGuid === undefined) {
    throw new Refused(
      18,
      `This node has no machine GUID yet (${machineGuidFile(config.directories.lib)}); start the agent once, then claim it.`,
    );
  }
  // The machine GUID is the id by default: claiming the same node again is then the same claim, not a second node.
  const id = claimId ?? (machineGuid as string as ClaimId);
  if (given.verbose) {
    around.complain(
      `claim: to ${url} as ${hostname}, id ${id}, token ***, rooms ${rooms.join(',') || 'none'}, proxy ${proxy.masked}, state in ${directory}`,
    );
  }
  return { directory, owner: user.owner, url, proxy, token, rooms, claimId: id, machineGuid, hostname };
}

/** -token=, then claim.d/token, then the environment. */
async function chooseToken(given: ClaimArguments, directory: string, around: ClaimSurroundings): Promise<Secret> {
  const typed = given.token === '-' ? (await around.readStdin()).trim() : given.token?.trim();
  const text = typed ?? (await defaultOf(directory, 'token')) ?? around.config.claimEnvironment.token?.reveal() ?? '';
  if (text === '') {
    throw new Refused(
      1,
      'There is no token; an administrator of the Space finds the whole command in the Cloud. Give it with -token=TOKEN.',
    );
  }
  if (!/^[\u0021-\u007e]{1,512}$/.test(text))
    throw new Refused(1, 'The token holds blanks or other characters that no token has; copy it again.');
  return new Secret(text);
}

async function defaultOf(directory: string, name: 'token' | 'rooms'): Promise<string | undefined> {
  return readDefault(directory, name).catch((error: unknown) => {
    throw error instanceof ClaimDirectoryError ? new Refused(2, error.message) : error;
  });
}

function parseRooms(text: string): string[] {
  const rooms = [
    ...new Set(
      text
        .split(',')
        .map((room) => room.trim())
        .filter((room) => room !== ''),
    ),
  ];
  if (rooms.length > 50)
    throw new Refused(
      10,
      'More than 50 rooms are given; claim with fewer and add the node to the others in the Cloud.',
    );
  if (rooms.some((room) => room.length > 128))
    throw new Refused(10, 'The name of a room is longer than 128 characters; check -rooms=.');
  return rooms;
}

function chooseUrl(text: string | undefined, config: AgentConfig): string {
  if (text !== undefined) {
    const parsed = parseCloudUrl(text);
    if ('sentence' in parsed) throw new Refused(1, parsed.sentence);
    return parsed.url;
  }
  if (config.cloud.baseUrl !== undefined) return config.cloud.baseUrl;
  throw new Refused(1, 'The setting [cloud] cloud base url in netdata.conf cannot be used; correct it or give -url=.');
}

function chooseProxy(text: string | undefined, cloud: AgentConfig['cloud'], complain: (line: string) => void): Proxy {
  const configured = cloud.proxy;
  const { proxy, source } = text === undefined ? configured : cloud.readProxy(text, '-proxy');
  if (proxy.kind === 'malformed') throw new Refused(1, proxy.sentence);
  if (proxy.kind !== 'direct') complain(`claim: through the proxy ${proxy.masked} (${source})`);
  if (text !== undefined && !isSameProxy(proxy, configured.proxy)) {
    // Claimed but never connected is what comes of it.
    const other = configured.proxy.kind === 'malformed' ? 'something that cannot be used' : configured.proxy.masked;
    complain(
      `claim: the agent itself will connect with ${other} ([cloud] proxy in netdata.conf) instead of ${proxy.masked}; make them the same`,
    );
  }
  return proxy;
}

function isSameProxy(one: Proxy, other: ProxyChoice['proxy']): boolean {
  if (one.kind === 'direct' || other.kind === 'direct' || other.kind === 'malformed') return one.kind === other.kind;
  const facts = (proxy: typeof one): unknown[] => [
    proxy.kind,
    proxy.host,
    proxy.port,
    proxy.user?.reveal(),
    proxy.password?.reveal(),
  ];
  return facts(one).every((fact, index) => fact === facts(other)[index]);
}
