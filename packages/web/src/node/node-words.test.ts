import { expect, it } from 'vitest';
import { contestedWords, factsOf, summaryWords } from './node-words.ts';

const info = {
  agentVersion: 'v2.9.0',
  osName: 'Debian GNU/Linux',
  osVersion: '12',
  kernelName: 'Linux',
  kernelVersion: '6.1.0',
  architecture: 'x86_64',
  cpus: 8,
  memoryBytes: 16 * 1024 ** 3,
  diskBytes: null,
  virtualization: 'kvm',
  container: 'none',
};

it('says what was told and leaves out the rest', () => {
  expect(factsOf(info)).toEqual([
    ['Operating system', 'Debian GNU/Linux 12'],
    ['CPUs', '8'],
    ['Memory', '16.0 GiB'],
    ['Version', 'v2.9.0'],
  ]);
  expect(factsOf({ ...info, cpus: 0, memoryBytes: null }).map(([name]) => name)).not.toContain('CPUs');
  expect(factsOf(null)).toEqual([]);
});

it('summaryWords says through whom, and the system where it was told', () => {
  const via = { nodeId: 'p', hostname: 'par\u202eent', hops: 1 };
  expect(summaryWords({ info, via: null })).toBe('Debian GNU/Linux 12');
  expect(summaryWords({ info, via })).toBe('through par\ufffdent · Debian GNU/Linux 12');
  expect(summaryWords({ info: null, via: { ...via, hops: 2 } })).toBe('through par\ufffdent, 2 hops');
  expect(summaryWords({ info: { ...info, osName: 'unknown', osVersion: '' }, via: null })).toBe('Not told yet');
  expect(summaryWords({ info: null, via: null })).toBe('Not told yet');
});

it('names the machines of one identity, the connected one first, and none of them steers the text', () => {
  const [web, copy] = [
    { hostname: 'web-1', address: '192.0.2.1' },
    { hostname: '\u202ecopy', address: '2001:db8::1' },
  ];
  expect(contestedWords([web, copy])).toBe(
    'web-1 (192.0.2.1) is connected; \ufffdcopy (2001:db8::1) is refused while it answers.',
  );
  expect(contestedWords([web, web, copy])).toContain('web-1 (192.0.2.1), \ufffdcopy (2001:db8::1) are refused');
});
