// Texts of Manage Claimed Nodes, which is loaded later than words.ts.

import type { DownCause } from '@claimstead/wire/cloud-api/claimed-nodes';

const nodes = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'node' : 'nodes'}`;

export const manageWords = {
  /** `because`: the rest of a sentence; null where nobody said more. */
  down: {
    'never-connected': () => 'It has never connected.',
    waits: () => 'It waits until somebody admits it.',
    'said-goodbye': () => 'Its agent was stopped.',
    'link-closed': (because) => (because === null ? 'Its link closed.' : `Its link closed because ${because}.`),
    refused: (because) => (because === null ? 'It is refused.' : `It is refused because ${because}.`),
    'parent-gone': (because) =>
      because === null ? 'The parent that streamed it is gone.' : `The parent that streamed it is gone: ${because}.`,
    'not-streaming': () => 'An agent can answer for its past, but nothing new comes.',
    'not-back': () => 'It has not come back since the Cloud was started.',
  } satisfies Record<DownCause, (because: string | null) => string>,
  since: (duration: string): string => `for ${duration}`,

  filterRoom: 'Room',
  filterVersion: 'Version',
  anyRoom: 'Every room',
  anyVersion: 'Every version',
  noVersion: 'Not told',
  contested: 'Contested',
  sortBy: 'Sort by',
  sort: {
    host: 'Host name',
    state: 'State',
    since: 'Time in state',
    version: 'Version',
    claimed: 'Time of claim',
  },
  order: { ascending: 'ascending', descending: 'descending' },
  columns: {
    host: 'Host name',
    state: 'State, and why',
    rooms: 'Rooms',
    version: 'Version',
    claimed: 'Claimed',
    key: 'Key',
    actions: 'Actions',
  },
  keyCaption: 'SHA-256 of its public key',
  noKey: 'None of its own',
  copyKey: (host: string): string => `Copy the key’s fingerprint of ${host}`,
  copied: 'Copied',

  claimedBy: (by: string | null, token: string | null): string =>
    token === null ? 'Not kept' : `${by === null ? '' : `by ${by} `} with “${token}”`,
  claimedFrom: (address: string): string => `from ${address}`,
  details: (host: string): string => `Details of ${host}`,
  facts: {
    state: 'State',
    why: 'Why',
    since: 'Since',
    error: 'Last link error',
    rooms: 'Rooms',
    version: 'Agent version',
    key: 'Key (SHA-256)',
    claimedAt: 'Claimed',
    by: 'By',
    token: 'With token',
    from: 'From',
    nodeId: 'Node id',
    claimId: 'Claim id',
    guid: 'Machine GUID',
  },
  notKept: 'Not kept',
  byConsole: 'Somebody at the Cloud’s own machine, or not kept',
  open: 'Open the node',

  copyWhich:
    'One is probably a copy of the other. Say which is the copy: it becomes a node of its own, and the other keeps this one.',
  isConnected: 'Connected now',
  isRefused: 'Refused',
  seenAgo: (duration: string): string => `asked ${duration} ago`,
  makeNode: 'This is the copy',
  makeNodeOf: (host: string): string => `This is the copy: ${host} becomes a node of its own`,
  copyOnlyAdmins: 'An administrator of the Space can give the copy an identity of its own.',
  settling: (host: string, address: string, moment: string): string =>
    `Being settled: a claim was made ready for ${host} (${address}) on ${moment}. It is over when that machine has been claimed.`,
  copyRunOn: (host: string): string => `Run on ${host}, as root`,
  copyForget: 'First, forget who it was',
  copyClaim: 'Then claim it',
  copyExpires: (moment: string): string =>
    `The token in it claims one machine, until ${moment}. It is shown only here; the Cloud keeps no copy.`,

  choose: (host: string): string => `Choose ${host}`,
  chooseAll: 'Choose all that are shown',
  chosen: (n: number): string => `${nodes(n)} chosen`,
  clear: 'Choose none',
  keys: 'Shift chooses a range; arrows move between rows.',
  move: 'Move to rooms',
  exportCsv: 'Export CSV',
  exportAll: (n: number): string => `Export ${nodes(n)} as CSV`,
  remove: 'Remove',
  ofAll: (shown: number, all: number): string =>
    shown === all ? nodes(all) : `${shown.toLocaleString('en')} of ${nodes(all)}`,
  moreFailed: 'Why nodes are not live, their keys and how they were claimed could not be loaded.',

  removeTitle: (n: number): string => `Remove ${nodes(n)}?`,
  removeSays: (live: number, claimed: number, children: number): string[] => [
    ...(claimed > 0
      ? [
          `${claimed === 1 ? 'One claim ends' : `${claimed.toLocaleString('en')} claims end`}: the Cloud refuses ${claimed === 1 ? 'its key' : 'their keys'} from now on.${live > 0 ? ` ${nodes(live)} ${live === 1 ? 'is' : 'are'} live; the links are closed at once.` : ''}`,
        ]
      : []),
    ...(children > 0
      ? [
          `${nodes(children)} ${children === 1 ? 'is' : 'are'} streamed by a parent. Parents that stream them now cannot bring them back.`,
        ]
      : []),
    'They vanish from every room and page of this Space. Their metrics stay on the machines; the Cloud has none.',
    'Each can be claimed again with a new command.',
  ],
  andMore: (n: number): string => `and ${n.toLocaleString('en')} more`,
  removeButton: (n: number): string => `Remove ${nodes(n)}`,
  removing: (done: number, of: number): string => `Removed ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`,
  stoppedAt: (done: number): string => (done === 0 ? '' : `${nodes(done)} were done before. `),

  moveTitle: (n: number): string => `Rooms of ${nodes(n)}`,
  moveSays: 'What stays “as it is” is left alone. Every node stays in the room of all nodes.',
  moveChoices: { keep: 'As it is', join: 'In', leave: 'Out' },
  inRoom: (n: number, of: number): string => `${n.toLocaleString('en')} of ${of.toLocaleString('en')} are in it`,
  noRooms: 'There are no other rooms yet. Make one first, on the page of rooms.',
  moveButton: (n: number): string => `Move ${nodes(n)}`,
  moving: (done: number, of: number): string => `Moved ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`,
} as const;
