import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeDownstream, decodeUpstream, encodeDownstream, encodeUpstream } from './envelope.ts';
import { topicTable, type UpstreamName } from './topics.ts';
import { NodeInfo } from '../gen/link/v1/node_info.ts';

// Bytes laid out by hand from the field tables: number << 3 | wire type, then the value.
test('UpdateAgentConnection has the bytes that its table says', () => {
  const bytes = encodeUpstream('UpdateAgentConnection', {
    claimId: 'ab',
    reachable: true,
    sessionId: 300n,
    updateSource: 1,
    capabilities: [{ name: 'proto', version: 1, enabled: true }],
  });
  expect(Buffer.from(bytes).toString('hex')).toBe(
    ['0a026162', '1001', '18ac02', '2001', '8a010b', '0a0570726f746f', '1001', '1801'].join(''),
  );
});

test('CreateNodeInstanceResult, DisconnectReq and ContextsCheckpoint have the bytes that their tables say', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  expect(hex(encodeDownstream('CreateNodeInstanceResult', { nodeId: 'n', machineGuid: 'm' }))).toBe('0a016e12016d');
  expect(hex(encodeDownstream('DisconnectReq', { reconnectAfterSeconds: 5n, permaban: true }))).toBe('08051001');
  expect(hex(encodeDownstream('ContextsCheckpoint', { claimId: 'c', nodeId: 'n', versionHash: 2n ** 64n - 1n }))).toBe(
    '0a016312016e18ffffffffffffffffff01',
  );
});

test('a map of labels survives, and a hash above 2^53 is exact', () => {
  const data = NodeInfo.create({ name: 'host', hostLabels: { _os: 'linux', ключ: 'значение' } });
  const info = decodeUpstream('UpdateNodeInfo', encodeUpstream('UpdateNodeInfo', { claimId: 'c', data }));
  if (info.outcome !== 'message' || info.message.name !== 'UpdateNodeInfo') throw new Error('not read');
  expect(info.message.message.data?.hostLabels).toEqual({ _os: 'linux', ключ: 'значение' });
  const snapshot = decodeUpstream('ContextsSnapshot', encodeUpstream('ContextsSnapshot', { version: 2n ** 63n + 3n }));
  if (snapshot.outcome !== 'message' || snapshot.message.name !== 'ContextsSnapshot') throw new Error('not read');
  expect(snapshot.message.message.version).toBe(2n ** 63n + 3n);
});

test('a message that nobody knows is an outcome', () => {
  expect(decodeDownstream('FormatDisk', Buffer.alloc(0))).toEqual({ outcome: 'unknown', name: 'FormatDisk' });
  expect(decodeDownstream('constructor', Buffer.alloc(0)).outcome).toBe('unknown');
});

test('no bytes make a reader throw', () => {
  const names = [...new Set(topicTable.map(([, carries]) => carries))].filter(
    (carries): carries is UpstreamName => carries !== 'unused' && carries !== 'inbox',
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 200 }), (name, bytes) => {
      expect(['message', 'malformed']).toContain(decodeUpstream(name, bytes).outcome);
    }),
    { numRuns: 20_000 },
  );
});
