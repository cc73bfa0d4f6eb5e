import { expect, it } from 'vitest';
import { contestedWords, factsOf, systemWords } from './node-words.ts';

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
    ['Kernel', 'Linux 6.1.0'],
    ['CPUs', '8'],
    ['Memory', '16.0 GiB'],
    ['Architecture', 'x86_64'],
    ['Virtualization', 'kvm'],
    ['Version', 'v2.9.0'],
  ]);
  expect(
    factsOf({ ...info, cpus: 0, memoryBytes: null, virtualization: 'unknown' }).map(([name]) => name),
  ).not.toContain('CPUs');
  expect(factsOf(null)).toEqual([]);
});

it('systemWords is null when nothing was told', () => {
  expect(systemWords(info)).toBe('Debian GNU/Linux 12');
  expect(systemWords({ ...info, osName: 'unknown', osVersion: '' })).toBeNull();
  expect(systemWords(null)).toBeNull();
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
