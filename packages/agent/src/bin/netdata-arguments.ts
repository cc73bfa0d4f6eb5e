// The command line of the daemon. Reading order of this folder: netdata-arguments.ts, netdata.ts, netdatacli.ts, netdata-claim.ts
// (the three programs), claim-surroundings.ts (what a claim gets from a process), background.ts (-d).

import { basename } from 'node:path';
import { splitClaimWords } from '../claim/claim-arguments.ts';
import type { Override } from '../config/netdata-conf.ts';
import type { SettingName } from '../config/setting.ts';

export interface NetdataArguments {
  /** `run` is the daemon. `get` prints one setting. */
  act: 'run' | 'help' | 'version' | 'get';
  /** -c FILE; undefined: the usual one. */
  configFile: undefined | string;
  overrides: Override[];
  /** Options after the word claim of the last -W claim; undefined: none. */
  claimArguments: undefined | string[];
  /** Of -W get; `usual` is printed when nobody sets the key. */
  get: undefined | (SettingName & { usual: string });
  /** -d: go into the background; the last of -d and -D counts. */
  inBackground: boolean;
  /** -P; undefined: no PID file. */
  pidFile: undefined | string;
  /** -s: where /proc and /sys are mounted. */
  hostPrefix: string;
  /** What was read and does nothing, one sentence each: loud, so that nobody waits for it. */
  notices: string[];
}

/** The one argument of a daemon that -d started; its own come through a pipe. */
export const backgroundMark = '--options-on-stdin';

export const netdataUsage = `Usage: netdata [OPTION]...
Collects the metrics of this node, serves them on its port, and links it to a Cloud when it is claimed.

  -D                           stay in the foreground, as without -d
  -d                           run in the background; what goes wrong at the start is told first
  -c FILE                      read this file instead of netdata.conf of the configuration directory
  -i ADDRESS                   listen on this address, as [web] bind to
  -p PORT                      listen on this port, as [web] default port
  -u USER                      become this user after the start, as [global] run as user
  -P FILE                      write the process number into this file
  -s PREFIX                    find /proc and /sys below this folder, as in a container that mounts the host's
  -t SECONDS                   collect every so many seconds; 1 is the only one there is
  -W set SECTION KEY VALUE     set an option of netdata.conf; wins over the file
  -W get SECTION KEY DEFAULT   print an option of netdata.conf and exit
  -W set2 CONF SECTION KEY VALUE, -W get2 CONF SECTION KEY DEFAULT
                               the same for CONF netdata or cloud (claim.d/cloud.conf)
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
    inBackground: false,
    pidFile: undefined,
    hostPrefix: '/',
    notices: [],
  };
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    // The documented container command repeats the program's name behind options that its image has put before it.
    if (basename(word) === 'netdata' && !word.startsWith('-')) {
      parsed.notices.push(`The word "${word}" on the command line is not an option; it is skipped.`);
      continue;
    }
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
      if (letter === 'D' || letter === 'd') {
        parsed.inBackground = letter === 'd';
        continue;
      }
      if (!'cipuPstW'.includes(letter)) return { fault: `Unknown option -${letter}` };
      const value = rest === '' ? words.shift() : rest;
      rest = '';
      if (value === undefined) return { fault: `Option -${letter} needs a value` };
      const fault = letter === 'W' ? takeWhat(value, words, parsed) : takeValue(letter, value, parsed);
      if (fault !== undefined) return { fault };
    }
  }
  return parsed.get === undefined ? parsed : { ...parsed, act: 'get' };
}

const settingOf: Readonly<Record<string, readonly [string, string]>> = {
  i: ['web', 'bind to'],
  p: ['web', 'default port'],
  u: ['global', 'run as user'],
};

function takeValue(letter: string, value: string, parsed: NetdataArguments): string | undefined {
  if (value === '') return `Option -${letter} needs a value`;
  const setting = settingOf[letter];
  if (setting !== undefined) {
    const [section, key] = setting;
    parsed.overrides.push({ conf: 'netdata', section, key, value, option: `-${letter}` });
  } else if (letter === 'c') {
    parsed.configFile = value;
  } else if (letter === 'P') {
    parsed.pidFile = value;
  } else if (letter === 's') {
    if (!value.startsWith('/')) return `Option -s needs an absolute path, such as /host, not "${value}"`;
    parsed.hostPrefix = value;
  } else if (value !== '1') {
    return `Option -t ${value} is not supported: this agent collects every second; leave it out`;
  }
  return undefined;
}

/** The word after -W, and the words that belong to it. */
function takeWhat(what: string, words: string[], parsed: NetdataArguments): string | undefined {
  const [, verb, withConf] = /^(set|get)(2?)$/.exec(what) ?? [];
  if (verb !== undefined) return takeSetting(verb, withConf === '2', words, parsed);
  if (/^claim(\s|$)/.test(what)) {
    const claimArguments = splitClaimWords(what.slice('claim'.length));
    if ('fault' in claimArguments) return claimArguments.fault.replace(/\.$/, '');
    parsed.claimArguments = claimArguments;
    return undefined;
  }
  const ignored = /^(stacksize|debug_flags)=/.exec(what)?.[1];
  if (ignored !== undefined) {
    parsed.notices.push(`Option -W ${ignored}= means nothing to this agent; it is ignored.`);
    return undefined;
  }
  const upstream = /^(unittest|createdataset|stresstest|simple-pattern)\b/.exec(what)?.[1];
  if (upstream !== undefined) return `Option -W ${upstream} does not exist in this agent; leave it out`;
  return 'Option -W takes set, get, set2, get2 or "claim OPTIONS"';
}

function takeSetting(verb: string, withConf: boolean, words: string[], parsed: NetdataArguments): string | undefined {
  const option = `-W ${verb}${withConf ? '2' : ''}`;
  const names = `${withConf ? 'CONF ' : ''}SECTION KEY ${verb === 'set' ? 'VALUE' : 'DEFAULT'}`;
  const wanted = withConf ? 4 : 3;
  const taken = words.splice(0, wanted);
  if (taken.length < wanted) return `Option ${option} needs ${withConf ? 'four' : 'three'} words: ${names}`;
  const [section = '', key = '', value = ''] = taken.slice(-3);
  const conf = withConf ? (taken[0] ?? '') : 'netdata';
  if (conf !== 'netdata' && conf !== 'cloud')
    return `Option ${option} knows the configurations netdata and cloud, not "${conf}"`;
  if (verb === 'set') parsed.overrides.push({ conf, section, key, value, option });
  else parsed.get = { conf, section, key, usual: value };
  return undefined;
}
