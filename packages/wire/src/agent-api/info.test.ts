import { expect, test } from 'vitest';
import fc from 'fast-check';
import { readInfo } from './info.ts';

test('what agents answer, with numbers as text or not, is what they would have told', () => {
  const answer = {
    version: 'v2.9.0',
    os_name: 'Debian GNU/Linux',
    cores_total: '2',
    ram_total: '25276063744',
    kernel_name: 7,
    host_labels: { _timezone: 'Etc/UTC', _cloud_provider_type: 'unknown', odd: 1 },
    collectors: [{ plugin: 'proc.plugin', module: '/proc/stat' }],
  };
  const read = readInfo(answer);
  expect(read?.info).toMatchObject({
    version: 'v2.9.0',
    osName: 'Debian GNU/Linux',
    cpus: 2,
    memory: '25276063744',
    kernelName: '',
    timezone: 'Etc/UTC',
    hostLabels: { _timezone: 'Etc/UTC', _cloud_provider_type: 'unknown' },
  });
  expect(read?.collectors).toEqual([{ plugin: 'proc.plugin', module: '/proc/stat' }]);
});

test('anything else is no answer, and nothing makes the reader throw', () => {
  expect(readInfo({})).toBeUndefined();
  expect(readInfo(null)).toBeUndefined();
  fc.assert(fc.property(fc.jsonValue(), (value) => void readInfo(value)));
});
