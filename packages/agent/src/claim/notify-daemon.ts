// How netdata-claim.sh tells the running daemon, and makes sure that it is the right one.

import type { ClaimId } from '@claimstead/wire/ids';
import { ask } from '../control/control-client.ts';
import { printable } from '../dial/printable.ts';
import type { Notified } from './claim-command.ts';

/** Reading the claim takes milliseconds; the daemon does not wait for its link when it is told `no-wait`. */
const reloadDeadlineMs = 10_000;
const stateDeadlineMs = 5_000;
const directoryDeadlineMs = 2_000;

/** Answers when the daemon has read claim.d, not when it is connected: the command ends while the link is being made. */
export async function notifyDaemon(controlSocket: string, claimId: ClaimId): Promise<Notified> {
  const reload = await ask(controlSocket, ['reload-claiming-state', 'no-wait'], reloadDeadlineMs);
  if (reload.outcome !== 'answered')
    return { told: false, isRunning: reload.outcome !== 'not-running', reason: reload.sentence };
  if (reload.code !== 0) {
    const why = reload.text.trim() === '' ? `code ${reload.code}.` : printable(reload.text.trim(), 500);
    return { told: false, isRunning: true, reason: `The agent refused to read the claim: ${why}` };
  }
  const state = await ask(controlSocket, ['aclk-state', 'json'], stateDeadlineMs);
  const seen = state.outcome === 'answered' && state.code === 0 ? readClaimedId(state.text) : undefined;
  if (seen === undefined || seen === claimId) return { told: true };
  const reason =
    `The agent that answers on ${controlSocket} ${seen === null ? 'sees no claim' : 'is claimed under another id'}: ` +
    'it reads another configuration directory than this command.';
  return { told: false, isRunning: true, reason };
}

/** Where the daemon that runs reads its configuration; undefined: none runs, or it does not say. */
export async function daemonConfigDirectory(controlSocket: string): Promise<string | undefined> {
  const answer = await ask(controlSocket, ['read-config', 'netdata|directories|config'], directoryDeadlineMs);
  const path = answer.outcome === 'answered' && answer.code === 0 ? answer.text.trim() : '';
  // An agent that knows no such command says something else.
  return /^\/[^\p{Cc}]*$/u.test(path) ? path : undefined;
}

/** null: not claimed; undefined: the agent does not say. */
function readClaimedId(json: string): string | null | undefined {
  let state: unknown;
  try {
    state = JSON.parse(json);
  } catch {
    return undefined;
  }
  const id: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'claimed-id') : undefined;
  return typeof id === 'string' || id === null ? id : undefined;
}
