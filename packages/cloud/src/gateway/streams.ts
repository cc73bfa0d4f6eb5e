// What the Cloud asks of an agent for each node: to tell its contexts and its alerts, and now and then whether something was missed. How an
// agent is asked depends on what it announced. [docs/link-protocol.md, Alerts]

import { randomUUID } from 'node:crypto';
import type { Capability } from '@claimstead/wire/gen/link/v1/capability';
import { capabilityLevel } from '@claimstead/wire/agent-api/generation';
import type { NodeId } from '@claimstead/wire/ids';
import type { LiveAlerts } from '../alert/live-alerts.ts';
import type { Clock } from '../clock.ts';
import type { LiveContexts } from '../context/live-contexts.ts';
import type { Link } from './link.ts';

export interface Streams {
  agentIs(capabilities: readonly Capability[]): void;
  /** The agent knows the node by its id; the first time on this link everything is asked for. */
  start(nodeId: NodeId): void;
  /** Agents of v1.39 to v1.46: a checksum of the alerts that are raised. */
  checksumTold(nodeId: NodeId, checksum: Uint8Array): void;
  /** Agents up to v1.38: which transitions they have. */
  logHealthTold(nodeId: NodeId, lastSequenceId: bigint): void;
  end(nodeId: NodeId): void;
  close(): void;
}

/** Between two looks whether alerts were missed: they cannot be while a link is up, unless the agent's own queue lost some. */
const lookEveryMs = 10 * 60_000;

export function createStreams(
  link: Link,
  parts: { clock: Clock; contexts: LiveContexts; alerts: LiveAlerts },
): Streams {
  const { clock, contexts, alerts } = parts;
  const { claimId } = link.node;
  const started = new Set<NodeId>();
  let batchId = 1n;
  let isContexts = true;
  /** 0: up to v1.38; 1: up to v1.46; 2: sums of versions are compared. */
  let healthLevel = 0;

  // Version 1 asks an agent not to compare.
  const versionOf = (nodeId: NodeId): bigint => {
    const version = alerts.book(claimId, nodeId).version();
    return version === 1n ? 0n : version;
  };

  const look = (): void => {
    for (const nodeId of started) {
      if (healthLevel === 0) link.send('SendAlarmLogHealth', { nodeId });
      else link.send('SendAlarmCheckpoint', { nodeId, claimId, version: versionOf(nodeId) });
    }
    cancelLook = clock.after(lookEveryMs, look);
  };
  let cancelLook = clock.after(lookEveryMs, look);

  return {
    agentIs(capabilities) {
      isContexts = capabilityLevel(capabilities, 'ctx') > 0;
      healthLevel = capabilityLevel(capabilities, 'health');
    },
    start(nodeId) {
      if (started.has(nodeId)) return;
      started.add(nodeId);
      if (isContexts)
        link.send('ContextsCheckpoint', { claimId, nodeId, versionHash: contexts.hashOf(claimId, nodeId) });
      // One message that agents of every age take: each reads the fields that it knows.
      link.send('StartAlarmStreaming', {
        nodeId,
        batchId,
        startSequnceId: 1n,
        resets: true,
        version: versionOf(nodeId),
      });
    },
    checksumTold(nodeId, checksum) {
      if (!alerts.book(claimId, nodeId).checksumTold(checksum)) return;
      link.send('SendAlarmSnapshot', { nodeId, claimId, snapshotUuid: randomUUID() });
    },
    logHealthTold(nodeId, lastSequenceId) {
      const missing = alerts.book(claimId, nodeId).missingFrom(lastSequenceId);
      if (missing === undefined) return;
      batchId += 1n;
      link.send('StartAlarmStreaming', { nodeId, batchId, startSequnceId: missing });
    },
    end: (nodeId) => void started.delete(nodeId),
    close: () => cancelLook(),
  };
}
