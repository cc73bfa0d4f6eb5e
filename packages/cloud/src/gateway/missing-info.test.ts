import { beforeEach, expect, test } from 'vitest';
import type { NodeId } from '@claimstead/wire/ids';
import { NodeInfo } from '@claimstead/wire/gen/link/v1/node_info';
import { createManualClock, type ManualClock } from '../clock.ts';
import { createNodeTold, type NodeTold } from '../node/node-told.ts';
import type { Link, LinkQuestion } from './link.ts';
import { createMissingInfo, type MissingInfo } from './missing-info.ts';

const nodeId = '3f0c1a52-4c0f-4f5e-9e0c-000000000001' as NodeId;
let clock: ManualClock;
let told: NodeTold;
let asked: string[];
let body: string;
let missing: MissingInfo;

beforeEach(() => {
  clock = createManualClock(0);
  told = createNodeTold({ onChange: () => undefined, onInfo: () => undefined });
  asked = [];
  const link = {
    ask: async ({ target }: LinkQuestion) => {
      asked.push(target);
      return { messageId: 'm', status: 200, contentType: '', contentEncoding: undefined, body: Buffer.from(body) };
    },
  } as unknown as Link;
  missing = createMissingInfo(link, { clock, told });
  body = JSON.stringify({
    version: 'v1.44.3',
    os_name: 'Debian',
    host_labels: { rack: '7' },
    collectors: [{ plugin: 'p', module: 'm' }],
  });
});
const waited = async (): Promise<void> => {
  clock.advance(6000);
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
};

test('a node that nobody told of, as after a restart of the Cloud, is asked what it is; a child through its parent', async () => {
  missing.want({ nodeId, isOwn: true });
  missing.want({ nodeId, isOwn: true });
  expect(asked).toEqual([]);
  await waited();
  expect(asked).toEqual(['/api/v1/info']);
  expect(told.of(nodeId)).toMatchObject({
    info: { agentVersion: 'v1.44.3', osName: 'Debian' },
    labels: { rack: '7' },
    collectors: [{ plugin: 'p', module: 'm' }],
  });
  const child = '3f0c1a52-4c0f-4f5e-9e0c-000000000002' as NodeId;
  missing.want({ nodeId: child, isOwn: false });
  await waited();
  expect(asked.at(-1)).toBe(`/node/${child}/api/v1/info`);
});

test('one that told by itself meanwhile is not asked, nor one whose link is gone', async () => {
  missing.want({ nodeId, isOwn: true });
  told.infoTold(nodeId, NodeInfo.create({ version: 'v2.9.0' }));
  await waited();
  missing.want({ nodeId: '3f0c1a52-4c0f-4f5e-9e0c-000000000003' as NodeId, isOwn: true });
  missing.close();
  await waited();
  expect(asked).toEqual([]);
});

test('one that is removed before its agent answers is not remembered', async () => {
  missing.want({ nodeId, isOwn: true });
  missing.forget(nodeId);
  await waited();
  expect(asked).toEqual([]);
  missing.want({ nodeId, isOwn: true });
  clock.advance(6000);
  expect(asked).toHaveLength(1);
  missing.forget(nodeId);
  await waited();
  expect(told.of(nodeId).info).toBeNull();
});

test('what is no answer changes nothing', async () => {
  body = '<html>';
  missing.want({ nodeId, isOwn: true });
  await waited();
  expect(told.of(nodeId).info).toBeNull();
});
