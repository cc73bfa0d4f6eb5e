import type { NodeFacts, NodeView } from '@claimstead/wire/cloud-api/nodes';
import { expect, it } from 'vitest';
import { collectorsByPlugin, informationOf, labelsInOrder } from './information.ts';

const node: NodeView = {
  nodeId: 'N',
  spaceId: 'S',
  claimId: 'C',
  machineGuid: 'M',
  hostname: 'web\u202e',
  state: 'live',
  since: '2026-01-01T00:00:00Z',
  rooms: [{ id: 'r', name: 'All nodes' }],
  claimedAt: '2026-01-01T00:00:00Z',
  via: null,
  alerts: null,
  metricsApi: 'v2',
  hasFunctions: true,
  claimToLiveMs: 310,
  claimToFirstSampleMs: null,
  lastLinkError: null,
  contested: null,
  admission: null,
  info: {
    agentVersion: 'v2.9.0',
    osName: 'Debian',
    osVersion: 'unknown',
    kernelName: 'Linux',
    kernelVersion: '6.1',
    architecture: 'x86_64',
    cpus: 8,
    memoryBytes: 8 * 1024 ** 3,
    diskBytes: null,
    virtualization: 'kvm',
    container: 'none',
  },
};
const facts: NodeFacts = {
  releaseChannel: 'stable',
  timezone: '',
  cpuFrequencyHz: 2.4e9,
  labels: {
    _timezone: 'Europe/Berlin',
    _cloud_provider_type: 'unknown',
    role: 'web',
    _streams_to: '',
    _os: 'linux',
    site: 'north',
  },
  collectors: [],
  capabilities: [],
  contextCount: 1234,
  paths: [],
};
const valuesOf = (given: NodeView, known: NodeFacts | null) =>
  Object.fromEntries(informationOf(given, known).flatMap(({ rows }) => rows));

it('says what was told, in order, and leaves out the rest', () => {
  expect(informationOf(node, facts).map(({ title }) => title)).toEqual([
    'System',
    'Hardware',
    'Agent',
    'At this Cloud',
  ]);
  expect(valuesOf(node, facts)).toMatchObject({
    'Host name': 'web\ufffd',
    'Operating system': 'Debian',
    'Time zone': 'Europe/Berlin',
    'CPU frequency': '2.40 GHz',
    Memory: '8.00 GiB',
    Contexts: '1,234',
    'Live after': '310 ms',
  });
  expect(Object.keys(valuesOf(node, facts))).not.toContain('Container');
});

it('shows the instance of a cloud where labels name one', () => {
  const labels = {
    _cloud_provider_type: 'AWS',
    _cloud_instance_type: 't3.small',
    _cloud_instance_region: 'eu-north-1',
  };
  expect(informationOf(node, { ...facts, labels }).find(({ title }) => title === 'Cloud instance')?.rows).toEqual([
    ['Provider', 'AWS'],
    ['Instance type', 't3.small'],
    ['Region', 'eu-north-1'],
  ]);
});

it('says nothing of a claim where there is none', () => {
  const child = valuesOf({ ...node, claimId: null }, null);
  expect(Object.keys(child)).toContain('First told of by a parent');
  for (const name of ['Claimed', 'Live after', 'Claim id']) expect(Object.keys(child)).not.toContain(name);
});

it('labels that people gave come first', () => {
  expect(labelsInOrder(facts.labels).map(([name]) => name)).toEqual([
    'role',
    'site',
    '_cloud_provider_type',
    '_os',
    '_timezone',
  ]);
});

it('collectors stand by plugin, each module once', () => {
  const collectors = [
    { plugin: 'proc.plugin', module: '/proc/stat' },
    { plugin: 'apps.plugin', module: 'apps.plugin' },
    { plugin: 'proc.plugin', module: '/proc/meminfo' },
    { plugin: 'proc.plugin', module: '/proc/stat' },
  ];
  expect(collectorsByPlugin(collectors)).toEqual([
    ['apps.plugin', []],
    ['proc.plugin', ['/proc/meminfo', '/proc/stat']],
  ]);
});
