// Error → what the page says. The Cloud's own sentence is shown where the page knows nothing better (null).

import type { ErrorKind } from '@claimstead/wire/errors';
import { AgentRefusal } from './agent.ts';
import { ApiError, type LocalErrorKind } from './client.ts';

/** Complete by its type: a new kind of the table does not compile until somebody has thought of it here. */
export const errorWords: Readonly<Record<ErrorKind | LocalErrorKind, string | null>> = {
  'cloud-unreachable': 'The Cloud cannot be reached. Check your connection; the page tries again by itself.',
  'answer-unreadable':
    'The Cloud answered in a way that this page does not understand. Reload the page: it may be older than the Cloud.',

  'invalid-request': null,
  'not-found': 'It does not exist, or it is not for you to see.',
  'method-not-allowed': 'This page and the Cloud are of different versions. Reload the page.',
  'request-too-large': null,
  'headers-too-large': null,
  'media-type-not-taken': 'This page and the Cloud are of different versions. Reload the page.',
  'too-many-requests': 'That was too much at once. Wait a little and try again.',
  overloaded: null,
  stopping: null,
  'out-of-service': 'The Cloud is being worked on. The page goes on by itself when it is back.',
  'storage-unavailable': null,
  internal: null,

  'sign-in-required': 'Your session has ended. Sign in again.',
  'sign-in-refused': 'E-mail address and password do not fit. Check both and try again.',
  'sign-in-expired': 'This sign-in took too long, or was used already. Begin again.',
  'second-factor-refused': null,
  'second-factor-exists': null,
  'passkey-refused': null,
  'passkeys-need-a-name': null,
  'reset-refused': null,
  'mail-is-off': null,
  'api-token-refused': null,
  'api-token-not-enough': null,
  'oidc-refused':
    'You are signed in there, but no account here is yours under a verified address. Ask an administrator to invite you.',
  'oidc-failed': 'The sign-in there did not come to an end. Try again, or sign in another way.',
  'too-many-sign-ins': null,
  'password-too-weak': null,
  forbidden: null,
  'origin-refused':
    'The Cloud takes this only from its own address. Open the page under the address the Cloud was started with.',
  'last-administrator': null,
  'role-not-yours-to-give': null,
  'already-member': null,
  'invitation-refused': null,
  'invitation-has-account': null,
  'invitation-for-another': null,
  'space-name-differs': null,
  'name-taken': 'That name is taken. Choose another.',

  // Agents meet these, people only in words that the Cloud chose.
  'claim-invalid-node-id': null,
  'claim-invalid-node-name': null,
  'claim-invalid-room-id': 'One of the rooms does not exist any more. Choose the rooms again.',
  'claim-invalid-public-key': null,
  'claim-token-refused': null,
  'claim-token-expired': null,
  'claim-token-used-up': null,
  'claim-token-revoked': null,
  'claim-token-elsewhere': null,
  'claim-taken': null,
  'claim-key-in-use': null,
  'claim-invalid-request': null,
  'link-unknown-claim': null,
  'link-removed': null,
  'link-unclaimed': null,
  'link-challenge-refused': null,
  'link-contested': null,
  'link-waits-for-admission': null,

  'node-offline': 'The node is not connected, so nothing can answer for it now.',
  'relay-path-refused': null,
  'relay-query-refused': null,
  'relay-timeout': null,
  'relay-link-lost': null,
  'relay-answer-too-large': 'The answer is too large to be relayed. Choose a shorter time.',
  'relay-answer-invalid': null,
  'relay-too-many': null,
  'relay-cancelled': null,
};

/** What an agent's status means, in our words; what the agent itself says stands behind them. */
function agentWords({ status, message }: AgentRefusal): string {
  const meaning =
    status === 401 || status === 403 || status === 412 || status === 451
      ? 'The agent does not allow this to your role.'
      : status === 404
        ? 'The agent does not know this, or what answers it does not run now.'
        : status === 504 || status === 408
          ? 'The agent did not answer in time.'
          : `The agent answered with status ${status}.`;
  return message === '' ? meaning : `${meaning} It says: ${message}`;
}

/** Faults of the Cloud's own are looked up by their id, so it is said with them. */
const isLookedUp = new Set<string>(['internal', 'storage-unavailable']);

export function wordsOf(error: unknown): string {
  if (error instanceof AgentRefusal) return agentWords(error);
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const sentence = errorWords[error.kind] ?? error.message;
  return isLookedUp.has(error.kind) && error.requestId ? `${sentence} (${error.requestId})` : sentence;
}
