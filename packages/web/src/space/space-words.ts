// Texts of the settings of a Space. They stand apart from src/words.ts so that the first page does not load them.

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const spaceWords = {
  title: 'Space settings',
  notForYou: 'Only administrators change the settings of a Space.',
  nameTitle: 'Name',
  nameSays: 'Everybody in the Space sees it, in the menu above.',
  name: 'Name of the Space',
  save: 'Save',
  saved: 'Saved.',
  deleteTitle: 'Delete this Space',
  deleteSays: (nodes: number): string[] => [
    nodes === 0
      ? 'No node is claimed to it. Rooms, claiming tokens and open invitations go with it.'
      : `${count(nodes, 'node', 'nodes')} will be removed: their links end, their keys are refused, and they have to be claimed anew to be seen anywhere.`,
    'Nobody in it sees it any more. Their accounts stay.',
    'Metrics stay on the nodes; the Cloud has none. This cannot be undone.',
  ],
  typeName: (name: string): string => `Type the name of the Space to confirm: ${name}`,
  deleteButton: 'Delete the Space',
} as const;
