// Texts of the functions' pages. They stand apart from src/words.ts so that the first page does not load them.

export const functionWords = {
  intro: 'What this node can look up at this very moment. Nothing of it is kept.',
  find: 'Find a row',
  noneTitle: 'This node offers no functions',
  none: 'Its agent has none, or is of a version that cannot be asked.',
  notReachable: 'Nothing can answer for this node now.',
  failedTitle: 'The functions cannot be listed',
  forAdmins: 'Administrators only',
  forAdminsMeans: (missing: readonly string[]): string => `The agent asks for: ${missing.join(', ')}.`,
  back: 'All functions',
  pause: 'Pause',
  resume: 'Resume',
  refresh: 'Ask again',
  every: (seconds: number): string => `every ${seconds} s`,
  asOf: (clock: string): string => `as of ${clock}`,
  columns: 'Columns',
  columnsReset: 'As the agent shows them',
  rows: (shown: number, all: number): string =>
    shown === all
      ? `${all.toLocaleString('en')} ${all === 1 ? 'row' : 'rows'}`
      : `${shown.toLocaleString('en')} of ${all.toLocaleString('en')} rows`,
  refusedTitle: 'The node does not answer this',
  cannotTitle: 'This cannot be shown here',
  cannot: (type: string): string =>
    `The answer is not a table but “${type || 'something without a name'}”. This page shows tables only.`,
  noRows: 'The node answered with an empty table.',
  noMatch: 'No row holds what was typed.',
  table: (label: string): string => `Answer of ${label}`,
  stillOld: (reason: string): string => `Not renewed: ${reason}`,
} as const;
