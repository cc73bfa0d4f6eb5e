// Everything that the Cloud says on the link, relayed requests apart (http-over-link.ts): a closed union, one member per message.

import {
  SendAlarmCheckpoint,
  SendAlarmConfiguration,
  SendAlarmLogHealth,
  SendAlarmSnapshot,
  StartAlarmStreaming,
} from '../gen/link/v1/alarm.ts';
import { CancelPendingRequest, DisconnectReq } from '../gen/link/v1/connection.ts';
import { ContextsCheckpoint, StopStreamingContexts } from '../gen/link/v1/context.ts';
import { CreateNodeInstanceResult, SendNodeInstances } from '../gen/link/v1/node.ts';

export const downstreamCodecs = {
  SendNodeInstances,
  CreateNodeInstanceResult,
  ContextsCheckpoint,
  StopStreamingContexts,
  StartAlarmStreaming,
  SendAlarmCheckpoint,
  SendAlarmSnapshot,
  SendAlarmLogHealth,
  SendAlarmConfiguration,
  DisconnectReq,
  CancelPendingRequest,
} as const;

export type DownstreamName = keyof typeof downstreamCodecs;
export type DownstreamMessages = { [Name in DownstreamName]: ReturnType<(typeof downstreamCodecs)[Name]['create']> };
export type Downstream = {
  [Name in DownstreamName]: { name: Name; message: DownstreamMessages[Name] };
}[DownstreamName];
