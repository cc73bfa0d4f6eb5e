import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskProxy, resolveProxy, type TunnelProxy } from './proxy.ts';

const read = (value: string, env: Record<string, string> = {}): string => {
  const { proxy, source } = resolveProxy(value, '[cloud] proxy', env);
  if (proxy.kind === 'malformed') return proxy.sentence;
  if (proxy.kind === 'direct') return 'direct';
  const who = proxy.user === undefined ? '' : `${proxy.user.reveal()}|${proxy.password?.reveal() ?? ''}@`;
  return `${proxy.kind} ${who}${proxy.host} ${proxy.port} from ${source}`;
};

test.each([
  ['none', 'direct'],
  [' none ', 'direct'],
  ['http://proxy:3128', 'http proxy 3128 from [cloud] proxy'],
  ['http://proxy:3128/', 'http proxy 3128 from [cloud] proxy'],
  ['socks5://proxy:1080', 'socks5 proxy 1080 from [cloud] proxy'],
  ['socks5h://user:pw@proxy:1080', 'socks5h user|pw@proxy 1080 from [cloud] proxy'],
  ['http://u:p@ss@proxy:3128', 'http u|p@ss@proxy 3128 from [cloud] proxy'],
  ['http://u:p:q@proxy:3128', 'http u|p:q@proxy 3128 from [cloud] proxy'],
  ['http://u@proxy:3128', 'http u|@proxy 3128 from [cloud] proxy'],
  ['http://u%40d:50%25@proxy:3128', 'http u@d|50%@proxy 3128 from [cloud] proxy'],
  ['http://u:p#w@proxy:3128', 'http u|p#w@proxy 3128 from [cloud] proxy'],
  ['socks5://[::1]:1080', 'socks5 ::1 1080 from [cloud] proxy'],
  [`http://${'u'.repeat(200)}:x@proxy:3128`, `http ${'u'.repeat(200)}|x@proxy 3128 from [cloud] proxy`],
])('%s', (value, expected) => {
  expect(read(value)).toBe(expected);
});

test.each([
  ['', /is empty/],
  ['proxy:3128', /none of the forms/],
  ['socks4://proxy:1080', /none of the forms/],
  ['SOCKS5://proxy:1080', /none of the forms/],
  ['https://proxy:3128', /TLS to the proxy/],
  ['http://proxy', /host:port/],
  ['http://:3128', /host:port/],
  ['http://proxy:', /host:port/],
  ['http://::1:3128', /host:port/],
  ['http://proxy:0', /port that does not exist/],
  ['http://proxy:70000', /port that does not exist/],
  ['"http://proxy:3128"', /quotes/],
  ['http://u:50%@proxy:3128', /broken %-sequence/],
  ['http://u:a%0d%0aX-Evil: 1@proxy:3128', /control character/],
])('%j fails closed with a sentence', (value, words) => {
  expect(read(value)).toMatch(words);
  expect(read(value)).toContain('[cloud] proxy');
});

test.each([
  [
    'socks first',
    { socks_proxy: 'socks5://s:1', http_proxy: 'http://h:2' },
    'socks5 s 1 from environment variable socks_proxy',
  ],
  ['http alone', { http_proxy: 'http://h:2' }, 'http h 2 from environment variable http_proxy'],
  [
    'an empty variable is not set',
    { socks_proxy: '', http_proxy: 'http://h:2' },
    'http h 2 from environment variable http_proxy',
  ],
  ['nothing set', { https_proxy: 'http://h:2', HTTP_PROXY: 'http://h:2', all_proxy: 'http://h:2' }, 'direct'],
])('env: %s', (_, env, expected) => {
  expect(read('env', env)).toBe(expected);
});

test('env: a variable of the wrong kind fails closed and is named', () => {
  expect(read('env', { socks_proxy: 'http://u:CANARY@h:1' })).toMatch(
    /environment variable socks_proxy.*something else than socks5/,
  );
  expect(read('env', { http_proxy: 'h:1' })).toMatch(/environment variable http_proxy.*none of the forms/);
  expect(read('env', { socks_proxy: 'http://u:CANARY@h:1' })).not.toContain('CANARY');
});

test('credentials are in no text of any outcome', () => {
  const text = fc.string({ unit: fc.constantFrom('@', ':', '/', '%', '#', 'a', '1', '[', ']'), maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom('http', 'socks5', 'socks5h', 'https', 'x'), text, text, (scheme, before, after) => {
      const choice = resolveProxy(`${scheme}://${before}CANARY${after}@h:1`, 'test', {});
      expect(JSON.stringify(choice)).not.toContain('CANARY');
    }),
  );
});

test('credentials survive percent-encoding, whatever they are', () => {
  const text = fc.string({ minLength: 1 }).filter((s) => !/[^\u0020-\uffff]|\u007f/.test(s));
  fc.assert(
    fc.property(text, text, (user, password) => {
      const value = `socks5h://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h:1`;
      const proxy = resolveProxy(value, 'test', {}).proxy as TunnelProxy;
      expect([proxy.user?.reveal(), proxy.password?.reveal()]).toEqual([user, password]);
    }),
  );
});

test('masking does not tell the length', () => {
  expect(maskProxy('http://a:b@h:1')).toBe('http://***@h:1');
  expect(maskProxy('http://long:pass@word@h:1')).toBe('http://***@h:1');
  expect(maskProxy('user:pw@h:1')).toBe('***@h:1');
});

test('without an @ only what can be a host and a port is shown', () => {
  for (const text of ['http://h:1', 'h:1', 'socks5://[::1]:1080', 'http://h:99999/', '"http://h:1"', 'env', 'http://h'])
    expect(maskProxy(text)).toBe(text);
  expect(maskProxy('http://user:CANARY')).toBe('http://user:***');
  expect(maskProxy('user:CANARY:3128')).toBe('user:***');
  // The rest was a comment: ` #` ends a value in netdata.conf.
  expect(read('http://user:CANARY word')).not.toContain('CANARY');
});
