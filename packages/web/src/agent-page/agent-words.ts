// Texts of the agent's own page.

export const agentWords = {
  product: 'Claimstead agent',
  skip: 'Skip to the charts',
  theme: 'Colours',
  light: 'Light',
  dark: 'Dark',
  system: 'System',
  thisNode: 'This node',
  unreachable: 'The agent does not answer',
  unreachableHint: 'The page tries again by itself. Is the agent running?',
  connected: 'Connected to the Cloud',
  claimed: 'Claimed, not connected to the Cloud',
  unclaimed: 'Not claimed to a Cloud',
  cpus: (count: string): string => (count === '1' ? '1 CPU' : `${count} CPUs`),
  memory: (size: string): string => `${size} RAM`,
} as const;

export const agentErrorWords = {
  unreachable: 'The agent cannot be reached.',
  status: (status: number): string => `The agent answered with status ${status}.`,
} as const;
