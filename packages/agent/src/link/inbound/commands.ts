// What each message of the Cloud makes the agent do, relayed requests apart.

import type { Downstream } from '@claimstead/wire/link/downstream';
import { decodeDownstream } from '@claimstead/wire/link/envelope';
import { printable } from '../../dial/printable.ts';

export interface CommandHandlers {
  listNodes(): void;
  nodeCreated(nodeId: string, machineGuid: string): void;
  cancel(messageId: string): void;
  leave(request: { retryAfterMs: number | undefined; refusedForGood: boolean; reason: string }): void;
  /** Everything else is for one of the streams (stream.ts). False when it is for none of them. */
  toStreams(message: Downstream): boolean;
  log(text: string): void;
}

/** `name` is the last segment of the topic. What is unknown is logged and ignored, as agents do. */
export function onCommand(handlers: CommandHandlers, name: string, payload: Buffer): void {
  const decoded = decodeDownstream(name, payload);
  if (decoded.outcome !== 'message') {
    handlers.log(
      `ACLK: ignored a message of the Cloud that ${decoded.outcome === 'unknown' ? 'this agent does not know' : 'cannot be read'}`,
    );
    return;
  }
  const downstream = decoded.message;
  switch (downstream.name) {
    case 'SendNodeInstances':
      return handlers.listNodes();
    case 'CreateNodeInstanceResult':
      return handlers.nodeCreated(downstream.message.nodeId, downstream.message.machineGuid);
    case 'CancelPendingRequest':
      return handlers.cancel(downstream.message.requestId);
    case 'DisconnectReq': {
      const { permaban, reconnectAfterSeconds, errorDescription } = downstream.message;
      const seconds = Number(reconnectAfterSeconds > 3600n ? 3600n : reconnectAfterSeconds);
      return handlers.leave({
        retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
        refusedForGood: permaban,
        reason:
          errorDescription === ''
            ? 'the Cloud asked to disconnect'
            : `the Cloud asked to disconnect: ${printable(errorDescription, 200)}`,
      });
    }
    default:
      if (!handlers.toStreams(downstream))
        handlers.log(`ACLK: ignored ${downstream.name}, which this agent does not answer`);
  }
}
