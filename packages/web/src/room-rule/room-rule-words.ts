// Texts about room rules. They stand apart from src/words.ts so that the first page does not load them.

const nodes = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'node' : 'nodes'}`;

export const roomRuleWords = {
  open: 'Rules',
  openOf: (room: string): string => `Rules of ${room}`,
  title: (room: string): string => `Rules of ${room}`,
  intro:
    'Nodes that any of these rules names join the room by themselves: now, and whenever one comes, is renamed or gets other labels. In a pattern * is any characters and ? is one, in whatever case.',
  once: 'A rule acts once on each node and takes none out. A node that you take out of the room stays out, until its rule is changed.',
  none: 'There is no rule yet.',
  rule: (n: number): string => `Rule ${n}`,
  by: 'Looks at',
  hostName: 'Host name',
  label: 'Label',
  key: 'Name of the label',
  pattern: 'Pattern',
  example: { 'host-name': 'web-*', label: 'production' },
  keyExample: 'environment',
  add: 'Add a rule',
  most: (n: number): string => `A room has ${n} rules at most.`,
  remove: (n: number): string => `Take rule ${n} away`,
  names: (n: number): string => `names ${nodes(n)} now`,
  fault: 'Up to 128 printable characters on one line.',
  missing: 'Say what it looks for, or take the rule away.',
  preview: 'Nodes that match now',
  previewCount: (n: number): string =>
    n === 0 ? 'No node matches now.' : `${nodes(n)} match${n === 1 ? 'es' : ''} now.`,
  previewMore: (n: number): string => `and ${nodes(n)} more`,
  previewLabels: 'Labels are known of nodes that have connected since the Cloud was started.',
  inRoom: 'in the room',
  save: 'Save rules',
  saved: (moved: number): string =>
    moved === 0 ? 'Saved. No node had to join the room.' : `Saved. ${nodes(moved)} joined the room.`,
} as const;
