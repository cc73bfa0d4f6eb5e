// How the alerts of this node are: all of them when the Cloud's number shows that it knows others, then every change.

import type { Alert, Transition } from '../../health/alert-log.ts';
import type { Health } from '../../health/health.ts';
import { utcOffsetSeconds } from '../../http/host-info.ts';
import type { OpenStream } from '../stream.ts';
import type { StreamParts } from './contexts-stream.ts';
import { toldConfiguration, toldSnapshot, toldTransition, type Teller } from './told-alerts.ts';

export interface AlertsStreamParts extends Pick<StreamParts, 'nowMs' | 'later' | 'log'> {
  health: Health;
  /** Name of the time zone of this node. */
  timezone: string;
  /** A random UUID. */
  newId: () => string;
}

/** Between two rounds of changes, and at most so many in one: what a burst of alerts does must not fill the link. */
export const roundMs = 1000;
export const maxPerRound = 50;

/** With this version the Cloud says that it wants no check. */
const noCheck = 1n;

export const alertsStream =
  ({ health, timezone, newId, nowMs, later, log }: AlertsStreamParts): OpenStream =>
  (publish, { claimId, nodeId: currentNodeId }) => {
    /** The newest change of each alert that the Cloud was not told of, in the order in which they began to wait. */
    const waiting = new Map<Alert, Transition>();
    let unwatch: (() => void) | undefined;
    let forget: (() => void) | undefined;
    let streamedNodeId = '';

    const teller = (nodeId: string): Teller => {
      return { claimId, nodeId, timezone, utcOffsetSeconds: utcOffsetSeconds(nowMs()) };
    };

    const stop = (): void => {
      unwatch?.();
      forget?.();
      unwatch = forget = undefined;
      waiting.clear();
    };

    const sendRound = (): void => {
      forget = undefined;
      // A node that got another id in between is asked about anew.
      if (currentNodeId() !== streamedNodeId) return stop();
      const whose = teller(streamedNodeId);
      for (const [alert, transition] of [...waiting].slice(0, maxPerRound)) {
        waiting.delete(alert);
        publish('alarm-log-v2', 'AlarmLogEntry', toldTransition(transition, whose));
      }
      if (waiting.size > 0) forget = later(sendRound, roundMs);
    };

    const start = (nodeId: string): void => {
      streamedNodeId = nodeId;
      unwatch ??= health.log.watch((transition) => {
        waiting.set(transition.alert, transition);
        forget ??= later(sendRound, roundMs);
      });
    };

    const sendSnapshot = (nodeId: string): void => {
      // It holds what waits, ends apart, which the Cloud sees by what is not in it.
      waiting.clear();
      const newest = [...health.alerts()].flatMap(({ newest: transition, status }) =>
        transition === undefined || status === 'removed' ? [] : [transition],
      );
      for (const message of toldSnapshot(newest, teller(nodeId), newId()))
        publish('alarm-snapshot-v2', 'AlarmSnapshot', message);
    };

    const concerns = (message: string, nodeId: string, claim: string): boolean => {
      const isOwn = claim === claimId && nodeId !== '' && nodeId === currentNodeId();
      if (!isOwn)
        log(`ACLK: ignored ${message} for ${claim === claimId ? 'a node that is not here' : 'another claim'}`);
      return isOwn;
    };

    return {
      onCommand({ name, message }) {
        switch (name) {
          case 'StartAlarmStreaming':
            if (!concerns(name, message.nodeId, claimId)) return true;
            if (message.version !== noCheck && message.version !== health.version()) sendSnapshot(message.nodeId);
            start(message.nodeId);
            return true;
          case 'SendAlarmCheckpoint':
            if (!concerns(name, message.nodeId, message.claimId)) return true;
            if (message.version !== noCheck && message.version !== health.version()) sendSnapshot(message.nodeId);
            return true;
          case 'SendAlarmSnapshot':
            if (concerns(name, message.nodeId, message.claimId)) sendSnapshot(message.nodeId);
            return true;
          case 'SendAlarmConfiguration': {
            const { configHash } = message;
            const definition = health.definition(configHash.toLowerCase());
            if (definition === undefined) log('ACLK: the Cloud asked for the definition of an alert that is not here');
            else
              publish('alarm-config', 'ProvideAlarmConfiguration', {
                configHash,
                config: toldConfiguration(definition),
              });
            return true;
          }
          default:
            return false;
        }
      },
      close: stop,
    };
  };
