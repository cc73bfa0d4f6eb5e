// Everything that an agent says on the link: a closed union, one member per message.

import {
  AlarmCheckpoint,
  AlarmLogEntry,
  AlarmLogHealth,
  AlarmSnapshot,
  ProvideAlarmConfiguration,
} from '../gen/link/v1/alarm.ts';
import { UpdateAgentConnection } from '../gen/link/v1/connection.ts';
import { ContextsSnapshot, ContextsUpdated } from '../gen/link/v1/context.ts';
import { CreateNodeInstance, UpdateNodeInstanceConnection } from '../gen/link/v1/node.ts';
import { UpdateNodeCollectors, UpdateNodeInfo } from '../gen/link/v1/node_info.ts';
import type { UpstreamName } from './topics.ts';

export const upstreamCodecs = {
  UpdateAgentConnection,
  CreateNodeInstance,
  UpdateNodeInstanceConnection,
  UpdateNodeInfo,
  UpdateNodeCollectors,
  ContextsSnapshot,
  ContextsUpdated,
  AlarmLogEntry,
  AlarmSnapshot,
  AlarmCheckpoint,
  AlarmLogHealth,
  ProvideAlarmConfiguration,
} as const satisfies Record<UpstreamName, unknown>;

export type UpstreamMessages = { [Name in UpstreamName]: ReturnType<(typeof upstreamCodecs)[Name]['create']> };

/** One message, by name. */
export type Upstream = { [Name in UpstreamName]: { name: Name; message: UpstreamMessages[Name] } }[UpstreamName];
