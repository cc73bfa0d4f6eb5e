// What is announced is answered: one proof for each capability, and none without.

import { expect, test } from 'vitest';
import { encodeLinkRequest } from '@claimstead/wire/link/http-over-link';
import { agentCapabilities } from '@claimstead/wire/link/capabilities';
import { healthWorld, start } from '../health/testing.ts';
import { testNode } from '../http/testing.ts';
import { createRelayedRequests } from './inbound/http-request.ts';
import { onCommand, type CommandHandlers } from './inbound/commands.ts';
import { alertsStream } from './streams/alerts-stream.ts';
import { contextsStream } from './streams/contexts-stream.ts';
import { claimId, nodeId, streamWorld } from './streams/testing.ts';
import { encodeDownstream } from '@claimstead/wire/link/envelope';

function heard(name: 'SendNodeInstances' | 'CancelPendingRequest', payload: Uint8Array): string[] {
  const calls: string[] = [];
  const handlers: CommandHandlers = {
    listNodes: () => void calls.push('listNodes'),
    nodeCreated: () => void calls.push('nodeCreated'),
    cancel: (id) => void calls.push(`cancel ${id}`),
    leave: () => void calls.push('leave'),
    toStreams: () => false,
    log: (text) => void calls.push(text),
  };
  onCommand(handlers, name, Buffer.from(payload));
  return calls;
}

const proofs: Readonly<Record<string, () => unknown>> = {
  proto: () =>
    expect(heard('SendNodeInstances', encodeDownstream('SendNodeInstances', { claimId }))).toEqual(['listNodes']),
  ctx: () => {
    const world = streamWorld(contextsStream);
    world.second(1000, 'a');
    world.say({ name: 'ContextsCheckpoint', message: { claimId, nodeId, versionHash: 0n } });
    expect(world.sent.ContextsSnapshot).toHaveLength(1);
  },
  funcs: () => {
    const { routes } = testNode();
    for (const path of ['/api/v1/functions', '/api/v1/function'])
      expect(routes.find((route) => route.path === path)?.mayBeRelayed).toBe(true);
  },
  health: () => {
    const node = healthWorld('template: used\non: c\ncalc: $x\nevery: 1s\nwarn: $this > 90\n');
    const world = streamWorld((parts) =>
      alertsStream({ ...parts, health: node.health, timezone: 'UTC', newId: () => 'snapshot' }),
    );
    node.second(start, { 'c0 c': { x: 95 } });
    // Level 2: sums of versions are compared.
    world.say({ name: 'SendAlarmCheckpoint', message: { nodeId, claimId, version: 1_000n } });
    world.settle();
    expect(world.sent.AlarmSnapshot).toHaveLength(1);
  },
  req_cancel: async () => {
    const cancel = encodeDownstream('CancelPendingRequest', { requestId: 'm1' });
    expect(heard('CancelPendingRequest', cancel)).toEqual(['cancel m1']);
    const replied = new Promise<string>((resolve) => {
      const requests = createRelayedRequests({
        // Never answers by itself.
        answer: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('aborted')));
          }),
        reply: (_, payload) => (resolve(payload.toString()), true),
        ownPrefixes: () => [],
        sessionId: 1n,
        nowUs: () => 2n,
        log: () => undefined,
      });
      requests.receive(
        encodeLinkRequest({ messageId: 'm1', callbackTopic: '/r', timeoutMs: 0, target: '/x', headers: {} }),
      );
      requests.cancel('m1');
    });
    expect(await replied).toContain('"http-code":499');
  },
};

test.each(agentCapabilities.map(({ name, version, enabled }) => [name, version, enabled] as const))(
  '%s is announced and answered',
  async (name, version, enabled) => {
    expect([version, enabled]).toEqual([name === 'health' ? 2 : 1, true]);
    expect(proofs[name], `no proof that ${name} is answered`).toBeDefined();
    await proofs[name]?.();
  },
);
