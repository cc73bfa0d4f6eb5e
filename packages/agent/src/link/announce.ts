// What the agent says of itself, in order: that it is there, who its node is, what that machine is.

import { ConnectionUpdateSource } from '@claimstead/wire/gen/link/v1/connection';
import type { Timestamp } from '@claimstead/wire/gen/google/protobuf/timestamp';
import { NodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import { agentCapabilities } from '@claimstead/wire/link/capabilities';
import { encodeUpstream } from '@claimstead/wire/link/envelope';
import type { MqttSession } from './mqtt-session.ts';

/** What is known of this machine. Sizes are bytes, frequency Hz, as decimal text; '' = unknown. */
export interface NodeFacts {
  machineGuid: string;
  hostname: string;
  version: string;
  os: string;
  osName: string;
  osVersion: string;
  kernelName: string;
  kernelVersion: string;
  architecture: string;
  cpus: number;
  cpuFrequency: string;
  memory: string;
  diskSpace: string;
  timezone: string;
  virtualization: string;
  container: string;
  labels: Record<string, string>;
}

export interface Announcer {
  reachable(): void;
  /** The Cloud asked for the nodes: with a node id its state and facts, without one the request for it. */
  node(nodeId: string | undefined): void;
  /** The last word of a session. `isGone`: the claim was deleted on this machine, and the node goes with it. */
  farewell(isGone: boolean): Uint8Array;
}

const timestamp = (nowMs: number): Timestamp => ({
  seconds: BigInt(Math.floor(nowMs / 1000)),
  nanos: (nowMs % 1000) * 1_000_000,
});

export function createAnnouncer(parts: {
  session: MqttSession;
  claimId: string;
  sessionId: bigint;
  facts: NodeFacts;
  nowMs: () => number;
}): Announcer {
  const { session, claimId, sessionId, facts, nowMs } = parts;
  const source = ConnectionUpdateSource.CONNECTION_UPDATE_SOURCE_AGENT;
  return {
    reachable() {
      session.publish('agent-connection', 'UpdateAgentConnection', {
        claimId,
        reachable: true,
        sessionId,
        updateSource: source,
        updatedAt: timestamp(nowMs()),
        capabilities: agentCapabilities,
      });
    },
    node(nodeId) {
      if (nodeId === undefined) {
        session.publish('create-node-instance', 'CreateNodeInstance', {
          claimId,
          machineGuid: facts.machineGuid,
          hostname: facts.hostname,
          hops: 0,
        });
        return;
      }
      // What it is before that it is there: whoever sees it live sees its name.
      session.publish('node-instance-info', 'UpdateNodeInfo', {
        claimId,
        nodeId,
        machineGuid: facts.machineGuid,
        child: false,
        sessionId,
        updatedAt: timestamp(nowMs()),
        mlInfo: { mlCapable: false, mlEnabled: false },
        nodeInfo: { capabilities: agentCapabilities },
        nodeInstanceInfo: { capabilities: agentCapabilities },
        data: NodeInfo.create({
          name: facts.hostname,
          os: facts.os,
          osName: facts.osName,
          osVersion: facts.osVersion,
          kernelName: facts.kernelName,
          kernelVersion: facts.kernelVersion,
          architecture: facts.architecture,
          cpus: facts.cpus,
          cpuFrequency: facts.cpuFrequency,
          memory: facts.memory,
          diskSpace: facts.diskSpace,
          version: facts.version,
          releaseChannel: 'stable',
          timezone: facts.timezone,
          virtualizationType: facts.virtualization,
          containerType: facts.container,
          machineGuid: facts.machineGuid,
          hostLabels: facts.labels,
        }),
      });
      session.publish('node-instance-connection', 'UpdateNodeInstanceConnection', {
        claimId,
        nodeId,
        liveness: true,
        queryable: true,
        sessionId,
        updatedAt: timestamp(nowMs()),
        hops: 0,
        capabilities: agentCapabilities,
      });
    },
    farewell: (isGone) =>
      encodeUpstream('UpdateAgentConnection', {
        claimId,
        reachable: false,
        sessionId,
        updateSource: source,
        updatedAt: timestamp(nowMs()),
        unclaimed: isGone,
      }),
  };
}
