// How netdata-claim.sh tells the running daemon, and makes sure that it was the right one.

import type { ClaimId } from '@claimstead/wire/ids';
import { ask } from '../control/control-client.ts';
import type { Notified } from './claim-command.ts';

/** The daemon answers a reload when it has read the files and tried to connect, at most 10 s later. */
const reloadDeadlineMs = 15_000;
const stateDeadlineMs = 5_000;

export async function notifyDaemon(controlSocket: string, claimId: ClaimId): Promise<Notified> {
  const reload = await ask(controlSocket, ['reload-claiming-state'], reloadDeadlineMs);
  if (reload.outcome !== 'answered')
    return { told: false, isRunning: reload.outcome !== 'not-running', reason: reload.sentence };
  if (reload.code !== 0) {
    return {
      told: false,
      isRunning: true,
      reason: `The agent refused to read the claim: ${reload.text || `code ${reload.code}`}.`,
    };
  }
  const state = await ask(controlSocket, ['aclk-state', 'json'], stateDeadlineMs);
  const seen = state.outcome === 'answered' && state.code === 0 ? readClaimedId(state.text) : undefined;
  if (seen === undefined || seen === claimId) return { told: true };
  const reason =
    `The agent that answers on ${controlSocket} ${seen === null ? 'sees no claim' : 'is claimed under another id'}: ` +
    'it reads another configuration directory than this command.';
  return { told: false, isRunning: true, reason };
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
