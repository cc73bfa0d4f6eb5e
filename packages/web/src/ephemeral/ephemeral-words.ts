// Texts about ephemeral nodes. They stand apart from src/words.ts so that the first page does not load them.

export const ephemeralWords = {
  badge: 'Ephemeral',
  leavesIn: (duration: string): string => `Leaves in ${duration}`,
  leavesSoon: 'Leaves now',
  means: (after: string): string =>
    `It leaves the Space by itself when it has been offline for ${after}: its key is refused from then on.`,
  fact: 'Leaves by itself',
  choose: 'When it leaves by itself',
  stays: 'Never: it stays until somebody removes it',
  after: (duration: string): string => `After ${duration} offline`,
  ifAway: (moment: string): string => `On ${moment}, if nothing comes from it until then.`,
  token: 'Nodes leave by themselves',
  tokenHint:
    'For containers and machines that come and go: a node that this token brings into the Space is removed when it has been offline for so long, and its key is refused from then on.',
  tokenStays: 'never',
  tokenAfter: (duration: string): string => `after ${duration} offline`,
  tokenFact: 'Its nodes leave',
} as const;
