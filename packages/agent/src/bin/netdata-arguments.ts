// The command line of the daemon. Reading order of this folder: netdata-arguments.ts, netdata.ts, netdatacli.ts, netdata-claim.ts
// (the three programs), claim-surroundings.ts (what a claim gets from a process).

import { splitClaimWords } from '../claim/claim-arguments.ts';
import type { Override } from '../config/netdata-conf.ts';

export interface NetdataArguments {
  /** `run` is the daemon. `get` prints one setting. */
  act: 'run' | 'help' | 'version' | 'get';
  /** -c FILE; undefined: the usual one. */
  configFile: undefined | string;
  overrides: Override[];
  /** Options after the word claim of the last -W claim; undefined: none. */
  claimArguments: undefined | string[];
  /** Of -W get; the value is printed when nobody sets the key. */
  get: undefined | Override;
}

export const netdataUsage = `Usage: netdata [OPTION]...
Collects the metrics of this node, serves them on its port, and links it to a Cloud when it is claimed.
It stays in the foreground; a service manager or a container keeps it.

  -D                           stay in the foreground (the only way there is; accepted for habit)
  -c FILE                      read this file instead of netdata.conf of the configuration directory
  -i ADDRESS                   listen on this address, as [web] bind to
  -p PORT                      listen on this port, as [web] default port
  -W set SECTION KEY VALUE     set an option of netdata.conf; wins over the file
  -W get SECTION KEY DEFAULT   print an option of netdata.conf and exit
  -W "claim OPTIONS"           claim this node with the options of netdata-claim.sh
  -v, -V                       print the version and exit
  -h                           show this text and exit
`;

/** `fault`: one sentence for stderr. */
export function parseNetdataArguments(argv: readonly string[]): NetdataArguments | { fault: string } {
  const parsed: NetdataArguments = {
    act: 'run',
    configFile: undefined,
    overrides: [],
    claimArguments: undefined,
    get: undefined,
  };
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    // A word that silently ended the options, as getopt has it, would take a claim behind it along.
    if (!/^-[^-]/.test(word) && word !== '--help' && word !== '--version')
      return { fault: `Unexpected argument "${word}"` };
    if (word === '--help') return { ...parsed, act: 'help' };
    if (word === '--version') return { ...parsed, act: 'version' };
    for (let rest = word.slice(1); rest !== '';) {
      const letter = rest.charAt(0);
      rest = rest.slice(1);
      if (letter === 'h') return { ...parsed, act: 'help' };
      if (letter === 'v' || letter === 'V') return { ...parsed, act: 'version' };
      if (letter === 'D') continue;
      if (!'ciWp'.includes(letter)) return { fault: `Unknown option -${letter}` };
      const value = rest === '' ? words.shift() : rest;
      rest = '';
      if (value === undefined) return { fault: `Option -${letter} needs a value` };
      const fault = letter === 'W' ? takeWhat(value, words, parsed) : takeValue(letter, value, parsed);
      if (fault !== undefined) return { fault };
    }
  }
  return parsed.get === undefined ? parsed : { ...parsed, act: 'get' };
}

function takeValue(letter: string, value: string, parsed: NetdataArguments): undefined {
  if (letter === 'c') parsed.configFile = value;
  else parsed.overrides.push({ section: 'web', key: letter === 'i' ? 'bind to' : 'default port', value });
  return undefined;
}

/** The word after -W, and the words that belong to it. */
function takeWhat(what: string, words: string[], parsed: NetdataArguments): string | undefined {
  if (what === 'set' || what === 'get') {
    const [section, key, value] = words.splice(0, 3);
    if (section === undefined || key === undefined || value === undefined) {
      return `Option -W ${what} needs three words: SECTION KEY ${what === 'set' ? 'VALUE' : 'DEFAULT'}`;
    }
    if (what === 'set') parsed.overrides.push({ section, key, value });
    else parsed.get = { section, key, value };
    return undefined;
  }
  if (!/^claim(\s|$)/.test(what)) return 'Option -W takes set, get or "claim OPTIONS"';
  const claimArguments = splitClaimWords(what.slice('claim'.length));
  if ('fault' in claimArguments) return claimArguments.fault.replace(/\.$/, '');
  parsed.claimArguments = claimArguments;
  return undefined;
}
