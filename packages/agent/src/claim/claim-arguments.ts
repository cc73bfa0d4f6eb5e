// The options of netdata-claim.sh, which are also those inside `netdata -W "claim …"`.

/** What was given; undefined: nothing was said, an empty text: something empty was said. */
export interface ClaimArguments {
  token: undefined | string;
  rooms: undefined | string;
  url: undefined | string;
  id: undefined | string;
  hostname: undefined | string;
  proxy: undefined | string;
  user: undefined | string;
  verbose: boolean;
  noReload: boolean;
  daemonNotRunning: boolean;
  /** -check: find out what a claim would meet, and change nothing. */
  check: boolean;
  /** -json: what -check or -wait has to tell is one JSON object. */
  json: boolean;
  /** -wait: how long to wait for the node to be live after the claim, in s; undefined: not at all. */
  waitSeconds: undefined | number;
}

export const claimUsage = `Usage: netdata-claim.sh [OPTION]...
Claims this node to a Space of a Cloud. Run it with sudo, or as the user that runs netdata.

  -token=TOKEN          claiming token of the Space; "-" reads it from standard input;
                        without it: claim.d/token, NETDATA_CLAIM_TOKEN, claim.conf
  -rooms=ROOM[,ROOM]    rooms that the node joins; without it: the file claim.d/rooms
  -url=URL              the Cloud, https://host[:port]; without it: [cloud] cloud base url
  -id=UUID              claim under this id instead of the machine GUID
  -hostname=NAME        name of the node instead of the system's
  -proxy=PROXY          none, env, socks5://[user:password@]host:port, socks5h://... or http://...;
                        without it: [cloud] proxy
  -noproxy              the same as -proxy=none
  -user=NAME            the user that runs netdata, who shall own the files
  -daemon-not-running   the agent is not running; it finds the claim when it starts
  -noreload             do not tell the running agent
  -wait[=SECONDS]       wait until the node is live, 60 seconds by default, and say how long each hop took
  -check                claim nothing: find out what a claim and the link would meet; uses no token up
  -json                 with -check or -wait: print one JSON object instead of lines
  -verbose              say what is done; the token is never shown
  -help, --help         show this text

Exit codes: 0 claimed, 1 wrong argument, 2 directory or key, 3 cloud disabled, 4 no connection,
5 claimed but the agent was not told, 6 wrong user, 7 unknown answer, 8 node id, 9 host name,
10 room, 11 public key, 12 token, 13 claimed already, 14 in progress, 15 fault of the Cloud,
16 gateway timeout, 17 Cloud not available, 18 the agent never ran here, 19 claimed but not live in time.
`;

const valued = {
  '-token': 'token',
  '-rooms': 'rooms',
  '-url': 'url',
  '-id': 'id',
  '-hostname': 'hostname',
  '-proxy': 'proxy',
  '-user': 'user',
} as const;
const flags = {
  '-verbose': 'verbose',
  '-noreload': 'noReload',
  '-daemon-not-running': 'daemonNotRunning',
  '-check': 'check',
  '-json': 'json',
} as const;

const usualWaitSeconds = 60;
const mostWaitSeconds = 3_600;

/** Of an option that is given twice the last one counts. `fault`: one sentence that never repeats a value, which may be a token. */
export function parseClaimArguments(words: readonly string[]): ClaimArguments | { help: true } | { fault: string } {
  const given: ClaimArguments = {
    token: undefined,
    rooms: undefined,
    url: undefined,
    id: undefined,
    hostname: undefined,
    proxy: undefined,
    user: undefined,
    verbose: false,
    noReload: false,
    daemonNotRunning: false,
    check: false,
    json: false,
    waitSeconds: undefined,
  };
  for (const word of words) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (equals < 0 && (name === '-help' || name === '--help' || name === '-h')) return { help: true };
    if (equals < 0 && name === '-noproxy') {
      given.proxy = 'none';
    } else if (name === '-insecure') {
      return {
        fault:
          "Option -insecure is not supported: verification is never switched off. Put the certificate of the Cloud's authority into claim.d/cloud_fullchain.pem.",
      };
    } else if (name === '-wait') {
      const seconds = equals < 0 ? usualWaitSeconds : Number(/^\d{1,4}$/.exec(word.slice(equals + 1))?.[0]);
      if (!(seconds >= 1 && seconds <= mostWaitSeconds))
        return { fault: `Option -wait takes seconds, from 1 to ${mostWaitSeconds}: -wait=60.` };
      given.waitSeconds = seconds;
    } else if (equals < 0 && Object.hasOwn(flags, name)) {
      given[flags[name as keyof typeof flags]] = true;
    } else if (equals >= 0 && Object.hasOwn(valued, name)) {
      given[valued[name as keyof typeof valued]] = word.slice(equals + 1);
    } else if (Object.hasOwn(valued, name)) {
      return { fault: `Option ${name} needs its value after an equals sign: ${name}=VALUE.` };
    } else {
      const shown = /^-[a-z-]{1,30}$/.test(name) ? ` ${name}` : '';
      return { fault: `Unknown argument${shown}; netdata-claim.sh --help lists the options.` };
    }
  }
  if (given.json && !given.check && given.waitSeconds === undefined)
    return { fault: 'Option -json says how -check or -wait answer; give one of them with it.' };
  if (given.check && given.waitSeconds !== undefined)
    return { fault: 'Options -check and -wait exclude each other: a check claims nothing that could be waited for.' };
  return given;
}

/** Splits the one word of `-W "claim …"` after "claim". Quotes group and are taken away; nothing else has a meaning, no shell is involved. */
export function splitClaimWords(text: string): string[] | { fault: string } {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') return { fault: `A quote (${quote}) in the arguments of -W claim is not closed.` };
  if (word !== undefined) words.push(word);
  return words;
}
