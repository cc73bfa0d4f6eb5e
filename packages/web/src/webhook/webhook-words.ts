// Texts of the page of webhooks.

import type { WebhookKind } from '@claimstead/wire/cloud-api/webhooks';

export const webhookWords = {
  urlExample: 'https://example.net/hook',
  title: 'Webhooks',
  intro: 'Addresses of yours that are told what happens in this Space, signed so that they know who tells it.',
  onlyAdmins: 'Only administrators of the Space see its webhooks.',
  add: 'Add a webhook',
  addTitle: 'Add a webhook',
  changeTitle: 'Change the webhook',
  url: 'Address',
  urlHint: 'https, and not in a private network unless whoever operates the Cloud allowed it.',
  kindsLabel: 'Tell it when',
  kinds: {
    'node-claimed': 'a node is claimed',
    'node-live': 'a node becomes live',
    'node-offline': 'a node is offline for 30 seconds',
    'token-used': 'a claiming token is used',
  } satisfies Record<WebhookKind, string>,
  short: {
    'node-claimed': 'claimed',
    'node-live': 'live',
    'node-offline': 'offline',
    'token-used': 'token used',
  } satisfies Record<WebhookKind, string>,
  noneTitle: 'Nobody is told yet',
  none: 'A webhook tells a chat, a pager or a program of yours when a node is claimed, comes or goes.',
  never: 'Nothing was sent yet',
  delivered: (ago: string): string => `Delivered ${ago} ago`,
  failed: (ago: string): string => `Failed ${ago} ago`,
  waiting: (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'waits' : 'wait'}`,
  test: 'Send a test',
  testOf: (url: string): string => `Send a test to ${url}`,
  testDelivered: 'The test was delivered.',
  testFailed: (outcome: string): string => `The test was not delivered: ${outcome}.`,
  change: 'Change',
  changeOf: (url: string): string => `Change ${url}`,
  renew: 'New secret',
  renewOf: (url: string): string => `New secret for ${url}`,
  renewTitle: 'Replace the secret?',
  renewSays: (url: string): string =>
    `From now on nothing is signed with the old secret: until it knows the new one, ${url} takes what it is sent for forged.`,
  renewButton: 'Replace the secret',
  remove: 'Remove',
  removeOf: (url: string): string => `Remove ${url}`,
  removeTitle: 'Remove the webhook?',
  removeSays: (url: string, waiting: number): string =>
    waiting === 0
      ? `${url} is told nothing any more.`
      : `${url} is told nothing any more, and ${waiting.toLocaleString('en')} that ${waiting === 1 ? 'waits is' : 'wait are'} dropped.`,
  removeButton: 'Remove the webhook',
  secretTitle: 'The secret of the webhook',
  secretSays:
    'It is shown now and never again. Whoever has it can tell that what comes is from this Cloud, and can forge it.',
  secretDone: 'I have it',
  howTo: 'How to check a signature stands in docs/webhooks.md.',
} as const;
