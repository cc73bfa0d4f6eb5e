// Texts about people in a Space. They stand apart from src/words.ts so that the first page does not load them.

import type { Role } from '@claimstead/wire/cloud-api/roles';

export const roleNames: Readonly<Record<Role, string>> = {
  admin: 'Administrator',
  manager: 'Manager',
  troubleshooter: 'Troubleshooter',
  observer: 'Observer',
  member: 'Member',
};

/** What a role may do, for who chooses one. [wire/cloud-api/roles.ts] */
export const roleMeans: Readonly<Record<Role, string>> = {
  admin: 'Everything, claiming tokens and the Space itself included.',
  manager: 'Nodes, rooms and people; no claiming tokens, no administrators.',
  troubleshooter: 'Sees every node, and what its functions tell.',
  observer: 'Sees the nodes of their rooms, and little of what functions tell.',
  member: 'Sees the nodes of their rooms, and what functions tell of them.',
};

export const memberWords = {
  title: 'People',
  intro: 'Who belongs to this Space, what they may do, and which nodes they see.',
  notForYou: 'Your role in this Space does not show who else is in it.',
  person: 'Person',
  role: 'Role',
  rooms: 'Sees',
  joined: 'Joined',
  you: 'you',
  roleOf: (name: string): string => `Role of ${name}`,
  seesAll: 'Every node',
  seesRooms: (n: number): string => (n === 1 ? '1 room' : `${n.toLocaleString('en')} rooms`),
  seesNone: 'No node yet',
  roomsOf: (name: string): string => `Rooms of ${name}`,
  editRooms: 'Change rooms',
  roomsTitle: 'Rooms that they see',
  roomsHint: 'They see the nodes of these rooms, as long as their role does not show them every node.',
  roomsNone: 'There is no room to choose from.',
  remove: 'Remove',
  removeOf: (name: string): string => `Remove ${name}`,
  removeTitle: 'Remove this person?',
  removeSays: [
    'They see nothing of this Space any more, also where they have it open now.',
    'Invitations that they sent and nobody has accepted yet end.',
    'Their account stays; somebody can invite them again.',
  ],
  removeButton: 'Remove from the Space',
  demoteTitle: 'Take the role of administrator?',
  demoteSays: (role: string): string => `They will be ${role} of this Space.`,
  demoteButton: 'Change the role',
  tokens: (n: number): string =>
    n === 1
      ? 'A claiming token that they made still works, and they may know its text:'
      : `${n.toLocaleString('en')} claiming tokens that they made still work, and they may know their texts:`,
  tokensMore: (n: number): string => `and ${n.toLocaleString('en')} more`,
  revokesTokens: 'Revoke them in the same step',
  revokesTokensHint: 'They are refused from the next claim on. Nodes that they have claimed stay.',
  leave: 'Leave',
  leaveTitle: 'Leave this Space?',
  leaveSays: (space: string): string =>
    `You will not see the nodes of “${space}” any more, until somebody invites you again.`,
  leaveButton: 'Leave the Space',
  lowerTitle: 'Give up your own role?',
  lowerSays: (role: string): string => `You will be ${role} of this Space. Somebody else has to give your role back.`,
  lowerButton: 'Give it up',
  refused: 'The change was refused, so it is as it was before.',
  whoSees: 'Who sees it',
  whoSeesOf: (room: string): string => `Who sees ${room}`,
  people: (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'person' : 'people'}`,
  byRole: 'By their role, with every node',
  byRoom: 'Put into this room',
  nobodyByRoom: 'Nobody was put into this room.',
  toPeople: 'Change that under People',
} as const;

const withArticle: Readonly<Record<Role, string>> = {
  admin: 'an administrator',
  manager: 'a manager',
  troubleshooter: 'a troubleshooter',
  observer: 'an observer',
  member: 'a member',
};
/** A role inside of a sentence. */
export const roleInSentence = (role: Role): string => withArticle[role];
