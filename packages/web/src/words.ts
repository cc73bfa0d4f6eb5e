// Every text of the Cloud's pages, by noun. What charts and the agent's own page say stands in charts/chart-words.ts and
// agent-page/agent-words.ts, because that page is loaded without this file; those of pages that are loaded later in
// alert/alert-words.ts, function/function-words.ts, invitation/invitation-words.ts, member/member-words.ts, node/information-words.ts and
// space/space-words.ts. Errors: api/error-words.ts.

import type { NodeState } from '@claimstead/wire/cloud-api/nodes';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const words = {
  product: 'Claimstead',
  title: (page: string): string => `${page} · Claimstead`,

  shared: {
    cancel: 'Cancel',
    save: 'Save',
    close: 'Close',
    again: 'Try again',
    loading: 'Loading…',
    copy: { copy: 'Copy', copied: 'Copied', refused: 'Copy by hand' },
    skip: 'Skip to the content',
    failedTitle: 'This could not be loaded',
    notFoundTitle: 'There is nothing here',
    notFound: 'The address is wrong, or what it named was removed.',
    toStart: 'Go to the nodes',
    brokenTitle: 'This page met a fault',
    broken: 'Reload the page. If it happens again, the Cloud and the page may be of different versions.',
    reload: 'Reload',
    for: (duration: string): string => `for ${duration}`,
    ago: (duration: string): string => `${duration} ago`,
    none: 'none',
  },

  session: {
    signInTitle: 'Sign in',
    signInIntro: 'Your nodes, on your own Cloud.',
    email: 'E-mail address',
    password: 'Password',
    signIn: 'Sign in',
    signOut: 'Sign out',
    account: 'Your account',
    byPasskey: 'Sign in with a passkey',
    byIssuer: (label: string): string => `Sign in with ${label}`,
    forgot: 'Forgot your password?',
    or: 'or',
    api: 'API of this Cloud',
    byCode: 'Sign in with a one-use code',
    byPassword: 'Sign in with a password',
    code: 'One-use code',
    codeHint: 'On the Cloud’s machine, “claimstead admin sign-in” prints one. It works once, for a minute.',
    firstTime:
      'For the first time? The e-mail address and a one-time password were printed when the Cloud first started.',
    changePassword: 'Change password',
    currentPassword: 'Current password',
    newPassword: 'New password',
    repeatPassword: 'New password again',
    passwordRule: (least: number): string =>
      `At least ${least} characters. A few words in a row are easy to keep in mind.`,
    passwordShort: (missing: number): string => `${count(missing, 'more character', 'more characters')} needed.`,
    passwordsDiffer: 'The two new passwords differ.',
    passwordChanged: 'The password is changed. Other browsers that were signed in have to sign in again.',
    accountMenu: (email: string): string => `Account: ${email}`,
    initialPassword: 'Your password is still the one that was printed.',
    colours: 'Colours',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
  },

  welcome: {
    title: 'Welcome',
    stepOf: (step: number, steps: number): string => `Step ${step} of ${steps}`,
    steps: { password: 'Choose a password', space: 'Name your Space', claim: 'Claim a node' },
    passwordTitle: 'Choose a password',
    passwordIntro:
      'You signed in with the one-time password from the console. Choose your own now, so that nobody who saw the console can sign in.',
    later: 'Later',
    spaceTitle: 'Name your Space',
    spaceIntro: 'A Space holds your nodes and the people who look after them. The name can be changed at any time.',
    spaceName: 'Name of the Space',
    goOn: 'Continue',
    claimTitle: 'Claim your first node',
    claimIntro: 'Run this command on the machine you want to see. The page notices the node by itself.',
    toNodes: 'Skip to the nodes',
  },

  space: {
    menu: (name: string): string => `Space: ${name}`,
    switchTo: 'Other Spaces',
    name: 'Name of the Space',
    manage: 'Manage Claimed Nodes',
    audit: 'Audit',
    webhooks: 'Webhooks',
    rooms: 'Rooms',
    tokens: 'Claiming tokens',
    nodes: 'Nodes',
    noSpaceTitle: 'You are in no Space',
    noSpace:
      'Somebody who manages one can invite you. Or make one of your own: it holds the nodes that you claim to it.',
    people: 'People',
    settings: 'Space settings',
    leave: 'Leave this Space',
    create: 'New Space',
    createTitle: 'Make a Space',
    goneTitle: 'This Space is not here',
    gone: 'It was deleted, or you are not in it any more.',
    toOther: 'Go on',
  },

  room: {
    title: 'Rooms',
    intro:
      'A room groups nodes of this Space. Every node is in “All nodes”; it can be in any number of other rooms, too.',
    notForYou: 'Your role in this Space does not change its rooms.',
    all: 'All nodes',
    create: 'Create room',
    newName: 'Name of the new room',
    name: 'Name of the room',
    rename: 'Rename',
    renameOf: (name: string): string => `Rename ${name}`,
    renameTitle: 'Rename the room',
    remove: 'Delete',
    removeOf: (name: string): string => `Delete ${name}`,
    removeTitle: 'Delete this room?',
    removeSays: (name: string, nodes: number): string =>
      nodes === 0
        ? `“${name}” is empty. Claim commands that name it will be refused.`
        : `“${name}” holds ${count(nodes, 'node', 'nodes')}. They stay claimed and stay in “All nodes”. Claim commands that name the room will be refused.`,
    removeButton: 'Delete room',
    holdsAll: 'Every node of the Space',
    slug: (slug: string): string => `-rooms=${slug}`,
    nodes: (n: number): string => count(n, 'node', 'nodes'),
    list: 'Rooms',
    edit: 'Edit rooms',
    editOf: (host: string): string => `Rooms of ${host}`,
    editTitle: 'Rooms of this node',
    pick: 'Rooms that the node joins',
    pickNone: 'The node will be in “All nodes”. There are no other rooms yet.',
    emptyTitle: 'No node in this room',
    empty: 'Add a node to the room in Manage Claimed Nodes, or claim a new one into it.',
  },

  node: {
    states: { unseen: 'Unseen', live: 'Live', stale: 'Stale', offline: 'Offline' } satisfies Record<NodeState, string>,
    stateMeans: {
      unseen: 'Claimed, but it has never connected.',
      live: 'Connected and streaming.',
      stale: 'Something can answer for it, but it does not stream.',
      offline: 'Nothing can answer for it.',
    } satisfies Record<NodeState, string>,
    title: 'Nodes',
    search: 'Find a node',
    filter: 'By state',
    allStates: 'All',
    counts: (n: number): string => count(n, 'node', 'nodes'),
    noMatchTitle: 'No node matches',
    noMatch: 'Nothing fits the search and the chosen state.',
    clear: 'Show all',
    emptyTitle: 'Claim your first node',
    empty: 'Run one command on a machine, and its metrics are here a second later.',
    emptyMember:
      'There is no node that you may see. Whoever looks after this Space can claim one, or put you into a room that holds some.',
    cpuBusy: (percent: string): string => `CPU ${percent}`,
    version: 'Version',
    host: 'Host name',
    state: 'State',
    rooms: 'Rooms',
    noMore: 'In no other room',
    error: 'Last link error',
    notTold: 'Not told yet',
    os: 'Operating system',
    cpus: 'CPUs',
    memory: 'Memory',
    claimed: 'Claimed',
    backToList: 'All nodes',
    banner: {
      unseen: 'This node has never connected',
      stale: (duration: string): string => `Not streaming for ${duration}`,
      offline: (duration: string): string => `Offline for ${duration}`,
    },
    bannerSays: {
      unseen: 'It is claimed. Its agent connects by itself once it runs and can reach the Cloud.',
      stale: 'What is shown is the past. New values appear by themselves when it streams again.',
      offline:
        'Its metrics stay on the node, so they cannot be read now. The page goes on by itself when the node is back.',
    },
    waits: 'Waits for admission',
    waitsMeans: 'It is claimed, and is let in when an administrator admits it.',
    contested: 'Identity contested',
    contestedTitle: 'Several machines use the identity of this node',
    contestedSays: (connected: string, others: readonly string[]): string =>
      `${connected} is connected; ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} refused while it answers.`,
    contestedRemedy:
      'One is probably a copy of the other. On the copy, delete claim.d and the machine GUID, and claim it as a node of its own.',
    bannerSince: (moment: string): string => `Since ${moment}.`,
    bannerCause: (cause: string): string => `Last link error: ${cause}`,
    via: (parent: string, hops: number): string => (hops > 1 ? `through ${parent}, ${hops} hops` : `through ${parent}`),
    viaLabel: 'Seen',
    streamedSince: 'Streamed by a parent for',
    tabs: { charts: 'Charts', alerts: 'Alerts', functions: 'Functions', information: 'Information' },
    tabsOf: (host: string): string => `Pages of ${host}`,
    gone: 'This node was removed',
    goneSays: 'It is no longer claimed to the Space. Claim it again to see it here.',
  },

  alert: {
    title: 'Alerts',
    counts: (critical: number, warning: number): string =>
      [critical > 0 ? `${critical} critical` : '', warning > 0 ? count(warning, 'warning', 'warnings') : '']
        .filter(Boolean)
        .join(', '),
  },

  manage: {
    title: 'Manage Claimed Nodes',
    intro: 'Every node that is claimed to this Space, wherever it is now.',
    remove: 'Remove',
    removeOf: (host: string): string => `Remove ${host}`,
    removeTitle: 'Remove this node?',
    removeSays: [
      'Its claim ends: the Cloud closes its link and refuses it from now on.',
      'It vanishes from every room and page of this Space.',
      'Its metrics stay on the node itself; the Cloud has none. It can be claimed again with a new command.',
    ],
    removeSaysOfChild: [
      'It was not claimed itself: a parent streams it. Parents that stream it now cannot bring it back.',
      'It comes back when it is claimed itself, when such a parent is claimed anew, or when another parent streams it.',
      'It vanishes from every room and page of this Space.',
      'Its metrics stay where they are; the Cloud has none.',
    ],
    removeButton: 'Remove node',
    removeHint:
      'Nodes that are switched off stay here as offline until somebody removes them; ephemeral ones leave by themselves.',
    onlyAdmins: 'Only administrators and managers of the Space can manage its nodes.',
  },

  claim: {
    title: 'Add nodes',
    button: 'Add nodes',
    intro: 'Run the command on each machine that is to be seen here. It can be run on any number of machines.',
    onlyAdmins: 'Only administrators of the Space can see the claiming token and the command.',
    runOn: 'Run on the machine',
    forms: { user: 'su', sudo: 'sudo', dockerExec: 'docker exec', dockerRun: 'docker run' },
    form: 'Form of the command',
    formSays: {
      user: 'In a shell of the user that the agent runs as. This opens one: ',
      sudo: 'From an account that may use sudo. The files get the right owner by themselves.',
      'docker-exec': 'For an agent in a running container; put its name in the place of “netdata” if it has another.',
      'docker-run': 'Makes a container with an agent that claims itself when it starts.',
    } as const,
    expires: (moment: string, taken: number | null): string =>
      `The token in it works until ${moment}${taken === null ? '' : `, on any number of machines; ${count(taken, 'node', 'nodes')} so far`}. It is shown only here; the Cloud keeps no copy.`,
    proxyTitle: 'Through a proxy',
    proxy: 'Proxy',
    proxyHint:
      'none, env, http://host:port, socks5://host:port or socks5h://host:port. Set the same in [cloud] of netdata.conf, which the link obeys. A password here is put into the command by this page alone, but others on the machine may see it while the command runs.',
    proxyFault:
      'Write none, env, or http://, socks5:// or socks5h:// with host and port; special characters of a password with %.',
    neverExpires: 'The token in it works until an administrator revokes it.',
    trustTitle: 'First, trust this Cloud',
    trustSays:
      'This Cloud has a certificate of its own authority. The agent must know that authority, once per machine:',
    commandTitle: 'Then claim',
    commandTitleAlone: 'Claim',
    making: 'Making a command…',
    arrivals: 'Arrivals',
    waiting: 'Waiting for a node',
    waitingHint: 'Nothing to click: a node appears here as soon as its command has run.',
    openCharts: 'Open its charts',
    claimedNow: 'Claimed. Waiting for its link…',
    liveAfter: (time: string): string => `Live ${time} after the claim`,
    sampleAfter: (time: string): string => `First sample ${time} after the claim`,
    waitingSample: 'Waiting for its first sample…',
    slow: 'It takes unusually long. Does the agent run, and can it reach this Cloud?',
    lost: 'The link is gone again.',
    streamedBy: (parent: string): string => `Not claimed itself: ${parent} streams it.`,
    streamed: 'Not claimed itself: a parent streams it.',
  },

  events: {
    lost: 'Live updates are interrupted. Reconnecting…',
    back: 'Live again',
  },
} as const;
