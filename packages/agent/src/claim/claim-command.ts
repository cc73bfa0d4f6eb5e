// The person's side of a claim: what they typed becomes a wish, what happened becomes words and an exit code.

import { realpath } from 'node:fs/promises';
import { hostname as systemHostname } from 'node:os';
import { keyWords } from '@claimstead/wire/claim/key-words';
import { parseClaimId, type ClaimId } from '@claimstead/wire/ids';
import { systemAccounts, type FindAccount } from '../config/account.ts';
import type { AgentConfig } from '../config/load.ts';
import { machineGuidFile, MachineGuidError, readMachineGuid } from '../config/machine-guid.ts';
import { systemClock, timed, type PassedHop } from '../dial/hop-timer.ts';
import { adoptClaim } from './adopt-claim.ts';
import { claimUsage, parseClaimArguments, type ClaimArguments } from './claim-arguments.ts';
import { ClaimRefusal, chooseProxy, chooseRooms, chooseToken, chooseUrl } from './claim-choices.ts';
import type { ClaimPatience } from './claim-client.ts';
import { claimDirectoryOf } from './claim-directory.ts';
import { claimUser } from './claim-user.ts';
import { claimNode, type ClaimStep, type ClaimWish } from './claim.ts';

/** The exact words of a success, alone on a line of stdout. Scripts look for them. */
export const claimedWords = 'Agent was successfully claimed.';

/** What telling the daemon came to. `reason`: why it does not know yet, one sentence. */
export type Notified = { told: true } | { told: false; isRunning: boolean; reason: string };

/** A claim that was accepted and that the daemon knows of, for whoever waits for the node to be live. */
export interface WaitRequest {
  claimId: ClaimId;
  /** What the request itself took. */
  claimHops: readonly PassedHop[];
  timeoutMs: number;
  json: boolean;
}

export interface ClaimSurroundings {
  config: AgentConfig;
  /** Number of the user who runs this. */
  uid: number;
  /** Name of the node when -hostname= says nothing; undefined: the system's. */
  hostname: undefined | string;
  /** Everything on standard input, for `-token=-`. */
  readStdin: () => Promise<string>;
  /** The configuration directory of the daemon that runs; undefined: none runs, or it does not say. */
  daemonConfigDirectory: () => Promise<string | undefined>;
  /** Tells the running daemon to read claim.d again, and finds out whether it sees `claimId`. */
  notify: (claimId: ClaimId) => Promise<Notified>;
  /** Follows the node until it is live and answers the exit code; undefined: nobody waits, as in the daemon itself. */
  waitForLive: undefined | ((request: WaitRequest) => Promise<number>);
  /** A line for stdout; one for stderr. */
  say: (line: string) => void;
  complain: (line: string) => void;
  /** What is good to know beside the words of success: stderr, too, or the daemon's log. */
  note: (line: string) => void;
  patience: ClaimPatience;
}

/** Claims this node as `words` (the options of netdata-claim.sh) say. Answers the exit code; everything is said by then. */
export async function runClaimCommand(words: readonly string[], around: ClaimSurroundings): Promise<number> {
  const given = parseClaimArguments(words);
  if ('help' in given) {
    around.say(claimUsage.trimEnd());
    return 0;
  }
  try {
    if ('fault' in given) throw new ClaimRefusal(1, undefined, given.fault);
    const wish = await makeWish(given, around);
    await refuseOtherDaemon(given, around);
    await adoptFirst(wish, around);
    const claimHops: PassedHop[] = [];
    const tellStep = (step: ClaimStep): void => {
      if (given.verbose) around.complain(`claim: ${step}`);
    };
    const result = await claimNode(wish, around.patience, tellStep, (hop) => void claimHops.push(hop));
    if (!result.claimed) throw new ClaimRefusal(result.exitCode, undefined, result.words);
    // Not on stdout, where the words of success stand alone; and before anybody waits for the node, which may wait for an administrator.
    around.note(`claim: words of this node's key: ${keyWords(result.publicPem)}`);
    return await tellDaemon(wish, claimHops, given, around);
  } catch (error) {
    if (!(error instanceof ClaimRefusal)) throw error;
    // Every line about a claim holds the word, so that the documented greps find it in a container's log.
    around.complain(`claim failed: ${error.message}`);
    return error.exitCode;
  }
}

async function tellDaemon(
  wish: ClaimWish,
  claimHops: PassedHop[],
  given: ClaimArguments,
  { notify, say, complain, waitForLive }: ClaimSurroundings,
): Promise<number> {
  const onHop = (hop: PassedHop): void => void claimHops.push(hop);
  const notified: Notified = given.noReload
    ? { told: true }
    : await timed('reload', { clock: systemClock, onHop }, () => notify(wish.claimId));
  if (!notified.told && !(given.daemonNotRunning && !notified.isRunning)) {
    complain(`claim saved: the Cloud accepted it, but the agent does not know yet. ${notified.reason}`);
    complain('claim: the node connects when the agent starts, or after: netdatacli reload-claiming-state');
    return 5;
  }
  if (given.waitSeconds === undefined || waitForLive === undefined) {
    say(claimedWords);
    return 0;
  }
  // With -json stdout is one JSON object and nothing else.
  if (!given.json) say(claimedWords);
  return waitForLive({ claimId: wish.claimId, claimHops, timeoutMs: given.waitSeconds * 1000, json: given.json });
}

/** Everything that can be checked without writing or asking, in the order in which a person would want to hear of it. Throws ClaimRefusal. */
export async function makeWish(
  given: ClaimArguments,
  around: Pick<ClaimSurroundings, 'config' | 'uid' | 'hostname' | 'readStdin' | 'complain'>,
  findAccount: FindAccount = systemAccounts,
): Promise<ClaimWish> {
  const { config } = around;
  const directory = claimDirectoryOf(config.directories.config);
  const user = await claimUser({
    uid: around.uid,
    claimDirectory: directory,
    configDirectory: config.directories.config,
    serviceUser: given.user === undefined ? config.serviceUser : { name: given.user, place: 'option -user=' },
    findAccount,
  });
  if ('sentence' in user) throw new ClaimRefusal(6, 'wrong-user', user.sentence);
  const { obstacle, available } = config.cloud;
  if (obstacle !== undefined) throw new ClaimRefusal(3, available ? 'cloud-disabled' : 'cloud-not-installed', obstacle);
  const token = await chooseToken(given.token, directory, config, around.readStdin);
  const rooms = await chooseRooms(given.rooms, directory, config);
  const url = chooseUrl(given.url, config);
  const { proxy, source, warning } = chooseProxy(given.proxy, config);
  if (proxy.kind !== 'direct') around.complain(`claim: through the proxy ${proxy.masked} (${source})`);
  if (warning !== undefined) around.complain(`claim: ${warning}`);
  const hostname = given.hostname ?? around.hostname ?? systemHostname();
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (hostname.trim() === '' || hostname.length > 1024 || /[\u0000-\u001f\u007f]/.test(hostname)) {
    const words = 'The host name is empty, too long or not printable; give another with -hostname=NAME.';
    throw new ClaimRefusal(9, 'hostname-refused', words);
  }
  const { claimId, machineGuid } = await chooseId(given.id, config.directories.lib);
  if (given.verbose) {
    around.complain(
      `claim: to ${url} as ${hostname}, id ${claimId}, token ***, rooms ${rooms.join(',') || 'none'}, proxy ${proxy.masked}, state in ${directory}`,
    );
  }
  const isHostnameChosen = given.hostname !== undefined;
  return {
    directory,
    owner: user.owner,
    url,
    proxy,
    token,
    rooms,
    claimId,
    machineGuid,
    hostname,
    isHostnameChosen,
  };
}

/** -id=, else the machine GUID: claiming the same node again is then the same claim, not a second node. */
async function chooseId(typed: string | undefined, lib: string): Promise<Pick<ClaimWish, 'claimId' | 'machineGuid'>> {
  const claimId = typed === undefined ? undefined : parseClaimId(typed);
  if (typed !== undefined && claimId === undefined)
    throw new ClaimRefusal(8, 'node-id-refused', 'The id of -id= is not a UUID, such as uuidgen prints.');
  const machineGuid = await readMachineGuid(lib).catch((error: unknown) => {
    throw error instanceof MachineGuidError ? new ClaimRefusal(18, 'machine-guid-missing', error.message) : error;
  });
  if (machineGuid === undefined) {
    const words = `This node has no machine GUID yet (${machineGuidFile(lib)}); start the agent once, then claim it.`;
    throw new ClaimRefusal(18, 'machine-guid-missing', words);
  }
  return { claimId: claimId ?? (machineGuid as string as ClaimId), machineGuid };
}

/** Of two installations on a machine the command may find the settings of one and the daemon of the other; the key would lie where nobody reads it. */
async function refuseOtherDaemon(given: ClaimArguments, around: ClaimSurroundings): Promise<void> {
  if (given.noReload || given.daemonNotRunning) return;
  const theirs = await around.daemonConfigDirectory();
  if (theirs === undefined) return;
  const ours = around.config.directories.config;
  const [real, known] = await Promise.all([theirs, ours].map((path) => realpath(path).catch(() => path)));
  if (real === known) return;
  throw new ClaimRefusal(
    2,
    undefined,
    `The agent that runs reads its configuration from ${theirs}, this command from ${ours}: they are two installations. Run the netdata-claim.sh of that agent, or set NETDATA_USER_CONFIG_DIR=${theirs}.`,
  );
}

/** A key that a stock agent left is used for this claim, so that its Cloud knows the node again. One that cannot be used is no reason not to claim. */
async function adoptFirst(wish: ClaimWish, { config, complain }: ClaimSurroundings): Promise<void> {
  const adopted = await adoptClaim(wish.directory, config.directories.lib, wish.owner);
  if (adopted.outcome !== 'none') complain(`claim: ${adopted.sentence}`);
}
