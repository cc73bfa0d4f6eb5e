import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { relayablePaths, relayTarget, relayTimeoutMs } from './relay-target.ts';

const refused = (target: string): boolean => {
  try {
    relayTarget(target);
    return false;
  } catch {
    return true;
  }
};

describe('what is relayed', () => {
  test.each([
    '/api/v1/data?chart=system.cpu&after=-5',
    '/api/v1/info',
    '/api/v3/data?contexts=a%7Cb',
    '/api/v1/data?chart=disk_space._%20x',
    '/api/v1/function?function=processes&timeout=10',
    '/api/v1/function?function=systemd-journal%20after%3A-300%20config%3Ax',
  ])('%s', (target) => {
    expect(relayTarget(target)).toBe(target);
  });
});

describe('what is not', () => {
  const roots = ['', '/', '/api/v1', '/api/v1/data', '/api/v1/info/'];
  const climbs = [
    '..',
    '%2e%2e',
    '%2E%2e',
    '..%2f',
    '..\\',
    '%5c',
    ';',
    '//',
    '%2f',
    '%00',
    './',
    '%252e%252e',
    '~root',
    '@evil',
    '?/../',
    '\u2025',
    '\t',
    ' ',
  ];
  const traversals = roots.flatMap((root) =>
    climbs.flatMap((climb) => climbs.map((more) => `${root}/${climb}${more}/api/v1/manage/health`)),
  );

  test(`${traversals.length} traversals: 0 relayed outside the list`, () => {
    expect(traversals.length).toBeGreaterThan(1000);
    const through = traversals.filter((target) => !refused(target) && !relayablePaths.has(target.split('?')[0] ?? ''));
    expect(through).toEqual([]);
  });

  test('random paths and queries: what passes has a listed path and only printable ASCII', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...relayablePaths)),
        fc.string({ unit: 'binary' }),
        (path, query) => {
          const target = `${path}?${query}`;
          if (refused(target)) return;
          expect(relayablePaths.has(path)).toBe(true);
          expect(target).toMatch(/^[\u0021-\u007e]+$/);
          expect(
            decodeURIComponent(query.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/%[89a-f][0-9a-f]/gi, '')),
          ).not.toMatch(/[\r\n\0]/);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test.each([
    '/api/v1/function',
    '/api/v1/function?function=',
    '/api/v1/function?function=config%20tree',
    '/api/v1/function?function=config+tree',
    '/api/v1/function?function=%63onfig',
    '/api/v1/function?%66unction=Config%20x',
    '/api/v1/function?function=%20config%20x',
    '/api/v1/function?function=processes&function=config%20x',
    '/api/v1/function?function=processes&%66unction=config%20x',
    '/api/v1/function?function=processes%26function=config%20tree',
    '/api/v1/function?function=processes&function%3dconfig%20tree',
    '/api/v1/function?function=processes&x%26function%3Dconfig%20tree',
    '/api/v1/function?function=x%26function%26timeout%3D1',
    '/api/v1/function?function=processes%2]function=config%20tree',
    '/api/v1/function?function=config%80',
    '/api/v1/config',
    '/api/v1/manage/health',
    '/api/v3/settings',
    '/api/v2/bearer_get_token',
    '/api/v3/claim',
    '/netdata.conf',
    '/api/v1/data?a=%0d%0aX-Netdata-Role:%20admin',
    '/api/v1/data?a=b c',
    '/api/v1/data#x',
    'api/v1/data',
    'https://evil/api/v1/data',
  ])('%s', (target) => {
    expect(refused(target)).toBe(true);
  });
});

test('a function may take as long as it was asked to, and a moment more; nothing takes for ever', () => {
  expect(relayTimeoutMs('/api/v1/data?timeout=100')).toBeUndefined();
  expect(relayTimeoutMs('/api/v1/function?function=x&timeout=10')).toBe(12_000);
  expect(relayTimeoutMs('/api/v1/function?function=x')).toBe(62_000);
  expect(relayTimeoutMs('/api/v1/function?function=x&timeout=999999')).toBe(122_000);
  expect(relayTimeoutMs('/api/v1/function?function=x&timeout=-1')).toBe(62_000);
});
