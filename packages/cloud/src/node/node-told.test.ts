import { NodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import type { NodeId } from '@claimstead/wire/ids';
import { expect, test } from 'vitest';
import { createNodeTold } from './node-told.ts';

const nodeId = '3f0c1a52-4c0f-4f5e-9e0c-000000000001' as NodeId;

test('amounts are read as agents of every age write them, and nothing else is one', () => {
  const told = createNodeTold({ onChange: () => undefined, onInfo: () => undefined });
  const frequencyOf = (cpuFrequency: string): number | null => {
    told.infoTold(nodeId, NodeInfo.create({ cpuFrequency }));
    return told.of(nodeId).cpuFrequencyHz;
  };
  expect(['2445000000', '2.445e+09', '0'].map(frequencyOf)).toEqual([2_445_000_000, 2_445_000_000, 0]);
  expect(['', 'unknown', '-1', '0x10', '1e999', 'Infinity'].map(frequencyOf)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('what is told is bounded, whoever tells it', () => {
  const told = createNodeTold({ onChange: () => undefined, onInfo: () => undefined });
  const many = Array.from({ length: 5000 }, (_, n) => [`label-${n}`, 'x'.repeat(5000)] as const);
  told.infoTold(nodeId, NodeInfo.create({ osName: 'y'.repeat(5000), hostLabels: Object.fromEntries(many) }));
  told.collectorsTold(
    nodeId,
    many.map(([module, plugin]) => ({ module, plugin })),
  );
  told.capabilitiesTold(
    nodeId,
    many.map(([name]) => ({ name, version: 1, enabled: true })),
  );
  expect(JSON.stringify(told.of(nodeId)).length).toBeLessThan(500_000);
  told.forgetNode(nodeId);
  expect(told.of(nodeId).labels).toEqual({});
});
