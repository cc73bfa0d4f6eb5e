// Parts of the Cloud with a meter at them: what they do stays the same.

import { CloudError } from '@claimstead/wire/errors';
import type { Clock } from '../clock.ts';
import type { Events } from '../events.ts';
import type { Relay, RelayAnswer } from '../relay/relay.ts';
import type { Metrics } from './metrics.ts';

export const measuredEvents = (events: Events, metrics: Metrics): Events => ({
  ...events,
  claimAccepted(claim) {
    metrics.claim(claim.repeated ? 'repeated' : 'accepted');
    events.claimAccepted(claim);
  },
  claimRefused(refusal) {
    metrics.claim(refusal.errorKind);
    events.claimRefused(refusal);
  },
  signedIn(session) {
    metrics.signIn('signed-in');
    events.signedIn(session);
  },
  signInRefused(refusal) {
    metrics.signIn(refusal.errorKind);
    events.signInRefused(refusal);
  },
});

export function measuredRelay(relay: Relay, metrics: Metrics, clock: Clock): Relay {
  const measured = async (ask: () => Promise<RelayAnswer>): Promise<RelayAnswer> => {
    const startedMs = clock.elapsedMs();
    let outcome = 'answered';
    try {
      return await ask();
    } catch (thrown) {
      outcome = thrown instanceof CloudError ? thrown.kind : 'cancelled';
      throw thrown;
    } finally {
      metrics.relayed(outcome, (clock.elapsedMs() - startedMs) / 1000);
    }
  };
  return {
    ask: (request) => measured(() => relay.ask(request)),
    askAgent: (request) => measured(() => relay.askAgent(request)),
  };
}
