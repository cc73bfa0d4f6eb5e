// What a claim is made of, each part chosen among option, claim.d, environment, claim.conf, netdata.conf and what is usual, in this order.

import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import { parseCloudUrl, type CloudUrl } from '../config/cloud-url.ts';
import type { AgentConfig } from '../config/load.ts';
import type { Proxy, ProxyChoice } from '../config/proxy.ts';
import { Secret } from '../config/secret.ts';
import { ClaimDirectoryError, readDefault } from './claim-directory.ts';

/** Why there will be no claim: the exit code, the doctor's word for it where there is one, and one sentence. */
export class ClaimRefusal extends Error {
  readonly exitCode: number;
  readonly code: undefined | DoctorCode;
  constructor(exitCode: number, code: undefined | DoctorCode, words: string) {
    super(words);
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** -token=, claim.d/token, then the defaults. `-` reads standard input. Throws ClaimRefusal. */
export async function chooseToken(
  typed: undefined | string,
  directory: string,
  { claimDefaults }: Pick<AgentConfig, 'claimDefaults'>,
  readStdin: () => Promise<string>,
): Promise<Secret> {
  const option = typed === '-' ? (await readStdin()).trim() : typed?.trim();
  const text = option ?? (await defaultOf(directory, 'token')) ?? claimDefaults.token?.reveal() ?? '';
  if (text === '') {
    throw new ClaimRefusal(
      1,
      'token-missing',
      'There is no token; an administrator of the Space finds the whole command in the Cloud. Give it with -token=TOKEN.',
    );
  }
  if (!/^[\u0021-\u007e]{1,512}$/.test(text)) {
    const words = 'The token holds blanks or other characters that no token has; copy it again.';
    throw new ClaimRefusal(1, 'token-missing', words);
  }
  return new Secret(text);
}

/** -rooms=, claim.d/rooms, then the defaults: a list with commas, blanks around them and repetitions allowed. Throws ClaimRefusal. */
export async function chooseRooms(
  typed: undefined | string,
  directory: string,
  { claimDefaults }: Pick<AgentConfig, 'claimDefaults'>,
): Promise<string[]> {
  const text = typed ?? (await defaultOf(directory, 'rooms')) ?? claimDefaults.rooms ?? '';
  const named = text.split(',').map((room) => room.trim());
  const rooms = [...new Set(named.filter((room) => room !== ''))];
  if (rooms.length > 50) {
    const words = 'More than 50 rooms are given; claim with fewer and add the node to the others in the Cloud.';
    throw new ClaimRefusal(10, 'room-unknown', words);
  }
  // One of them may be shown in a sentence of this command.
  if (rooms.some((room) => room.length > 128 || /\p{Cc}/u.test(room))) {
    const words = 'The name of a room is longer than 128 characters, or not printable; check -rooms=.';
    throw new ClaimRefusal(10, 'room-unknown', words);
  }
  return rooms;
}

/** -url=, the defaults, then `[cloud] cloud base url` or what is usual. Throws ClaimRefusal. */
export function chooseUrl(typed: undefined | string, { cloud, claimDefaults }: AgentConfig): CloudUrl {
  const text = typed ?? claimDefaults.url;
  if (text !== undefined) {
    const parsed = parseCloudUrl(text);
    if ('sentence' in parsed) throw new ClaimRefusal(1, 'url-invalid', parsed.sentence);
    return parsed.url;
  }
  if (cloud.baseUrl !== undefined) return cloud.baseUrl;
  const words = 'The setting [cloud] cloud base url in netdata.conf cannot be used; correct it or give -url=.';
  throw new ClaimRefusal(1, 'url-invalid', words);
}

/**
 * -proxy=, the defaults, then `[cloud] proxy`. `warning`: the link will go another way than this claim, which is how nodes get claimed and
 * never connect. Throws ClaimRefusal.
 */
export function chooseProxy(
  typed: undefined | string,
  { cloud, claimDefaults }: AgentConfig,
): { proxy: Proxy; source: string; warning: undefined | string } {
  const text = typed ?? claimDefaults.proxy;
  const { proxy, source } =
    text === undefined
      ? cloud.proxy
      : cloud.readProxy(text, typed === undefined ? 'NETDATA_CLAIM_PROXY or claim.conf' : '-proxy');
  if (proxy.kind === 'malformed') throw new ClaimRefusal(1, 'proxy-invalid', proxy.sentence);
  if (text === undefined || isSameProxy(proxy, cloud.proxy.proxy)) return { proxy, source, warning: undefined };
  const other = cloud.proxy.proxy.kind === 'malformed' ? 'something that cannot be used' : cloud.proxy.proxy.masked;
  const warning = `the agent itself will connect with ${other} ([cloud] proxy in netdata.conf) instead of ${proxy.masked}; make them the same`;
  return { proxy, source, warning };
}

async function defaultOf(directory: string, name: 'token' | 'rooms'): Promise<string | undefined> {
  return readDefault(directory, name).catch((error: unknown) => {
    throw error instanceof ClaimDirectoryError ? new ClaimRefusal(2, 'claim-directory-unusable', error.message) : error;
  });
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
