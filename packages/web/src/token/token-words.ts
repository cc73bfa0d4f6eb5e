// Texts about claiming tokens. They stand apart from src/words.ts so that the first page does not load them.

import type { ClaimTokenView } from '@claimstead/wire/cloud-api/claim-tokens';

const nodes = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'node' : 'nodes'}`;

export const tokenWords = {
  title: 'Claiming tokens',
  intro:
    'A token lets whoever holds it add nodes to this Space, and nothing else. Make one for each roll-out, so that one can be taken away without the others.',
  onlyAdmins: 'Only administrators of the Space can see its claiming tokens.',
  make: 'Make a token',
  making: 'New claiming token',
  states: {
    valid: 'In use',
    expired: 'Expired',
    'used-up': 'Used up',
    revoked: 'Revoked',
  } satisfies Record<ClaimTokenView['state'], string>,
  filter: 'Which tokens',
  inUse: 'In use',
  ended: 'Ended',
  endedHint: 'Tokens that have ended are kept for 90 days, so that it can be said why they are refused.',
  noneTitle: 'No token is in use',
  none: 'Add nodes makes one for each command by itself. For a longer roll-out, make one with a name here.',
  noneEndedTitle: 'No token has ended',
  noneEnded: 'Expired, used-up and revoked tokens are listed here for 90 days.',

  fromAddNodes: 'Made by Add nodes',
  standing: 'Standing token',
  makeStanding: 'Make the standing token',
  standingSays:
    'For images and configuration management: one token of the Space that never ends, and that its administrators can view again. The Cloud keeps it sealed; the audit tells who looked. Revoke it when it is not needed any more.',
  view: 'View',
  viewOf: (name: string): string => `View ${name}`,
  uses: 'Uses',
  usesTaken: (taken: number, left: number | null): string =>
    left === null ? `${nodes(taken)} so far, no limit` : `${nodes(taken)} so far, ${left.toLocaleString('en')} left`,
  ends: 'Ends',
  endsIn: (duration: string): string => `in ${duration}`,
  ago: (duration: string): string => `${duration} ago`,
  never: 'never',
  lastUsed: 'Last used',
  notUsed: 'not yet',
  rooms: 'Rooms',
  noRooms: 'All nodes only',
  networks: 'Networks',
  anywhere: 'from anywhere',
  made: 'Made',
  by: (name: string): string => `by ${name}`,
  byGone: 'by somebody who has left',
  byConsole: 'at the Cloud’s own machine',
  noAdministrator: (name: string | null): string =>
    `${name ?? 'Whoever made it'} is no administrator of this Space any more, and may still know its text. It works on: revoke it, unless somebody else needs it.`,
  restoredFrom: (when: string): string =>
    `This Cloud came out of a backup of ${when}. The token may have been revoked or regenerated since then: regenerate or revoke it.`,
  change: 'Change',
  changeOf: (name: string): string => `Change ${name}`,
  changing: 'Change this token',
  regenerate: 'Regenerate',
  regenerateOf: (name: string): string => `Regenerate ${name}`,
  regenerateTitle: 'Give this token a new text?',
  regenerateSays: (name: string): string[] => [
    `The present text of “${name}” is refused from the next claim on, wherever it is written down: in scripts, images and chats.`,
    'Its settings and counts stay. Nodes that it has claimed stay claimed and connected.',
  ],
  regenerateButton: 'Make the new text',
  revoke: 'Revoke',
  revokeOf: (name: string): string => `Revoke ${name}`,
  revokeTitle: 'Revoke this token?',
  revokeSays: (name: string, taken: number): string[] => [
    `“${name}” is refused from the next claim on, and cannot be brought back.`,
    taken === 0 ? 'It has claimed no node.' : `The ${nodes(taken)} that it has claimed stay claimed and connected.`,
  ],
  revokeButton: 'Revoke token',

  name: 'Name',
  nameHint: 'What it is for: a rack, a project, a person.',
  endsAfter: 'Ends',
  lifetimes: { 1: 'in 1 day', 7: 'in 7 days', 30: 'in 30 days', 90: 'in 90 days', 365: 'in 1 year' } as Record<
    number,
    string
  >,
  keepsEnd: 'as it is',
  limit: 'How many nodes',
  noLimit: 'Any number',
  upTo: 'At most',
  limitLeft: 'Nodes that it may still claim',
  limitFault: 'A whole number from 1 to 1,000,000.',
  networksLabel: 'Networks that claims may come from',
  networksHint:
    'One a line, such as 192.0.2.0/24 or 2001:db8::/32; none = from anywhere. A claim from elsewhere is refused as if the token did not exist, and the audit tells.',
  networkFault: (line: string): string => `“${line}” is no network and no address.`,
  admitsByHand: 'Its nodes wait for admission',
  admitsByHandHint: 'An administrator compares the words of each node’s key and admits it, or removes it.',
  admission: 'Admission',
  byHand: 'by an administrator',
  shownOnce: 'Copy it now: the text of the token is shown this once. The Cloud keeps only its hash.',
  done: 'Done',
  text: 'The token',
} as const;
