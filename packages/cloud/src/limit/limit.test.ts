import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressOf, parseTrustedProxies } from './client-address.ts';
import { createRateLimit } from './rate-limit.ts';
import { sourceNetwork } from './source-network.ts';

describe('sourceNetwork', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'unknown'],
    [undefined, 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(sourceNetwork(address)).toBe(network);
  });

  it('is one for every address of a /64, and another next door', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16));
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (address, host) => {
          fc.pre(address.slice(0, 4).some((part) => part !== '0'));
          const network = sourceNetwork(address.join(':'));
          expect(sourceNetwork([...address.slice(0, 4), ...host].join(':'))).toBe(network);
          const neighbour = [
            ...address.slice(0, 3),
            (Number.parseInt(address[3] ?? '0', 16) ^ 1).toString(16),
            ...host,
          ];
          expect(sourceNetwork(neighbour.join(':'))).not.toBe(network);
        },
      ),
    );
  });
});

describe('where a request comes from', () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ['', '10.1.0.7', '203.0.113.9', '10.1.0.7'],
    ['10.1.0.7', '10.1.0.8', '203.0.113.9', '10.1.0.8'],
    ['10.1.0.7', '10.1.0.7', undefined, '10.1.0.7'],
    ['10.1.0.7', '10.1.0.7', '203.0.113.9', '203.0.113.9'],
    ['10.1.0.7', '::ffff:10.1.0.7', '203.0.113.9', '203.0.113.9'],
    // What whoever asks made up stands before what the proxy says of them.
    ['10.1.0.7', '10.1.0.7', '127.0.0.1, 192.0.2.1, 203.0.113.9', '203.0.113.9'],
    ['10.1.0.0/16', '10.1.0.7', '192.0.2.1, 203.0.113.9,10.1.3.3', '203.0.113.9'],
    ['10.1.0.0/16', '10.1.0.7', '10.1.0.9', '10.1.0.9'],
    ['10.1.0.7', '10.1.0.7', '203.0.113.9, nonsense', '10.1.0.7'],
    ['10.1.0.7', '10.1.0.7', '', '10.1.0.7'],
    ['fd00:1::/64,10.1.0.7', 'fd00:1::5', '2001:db8::9', '2001:db8::9'],
    ['::/0', '10.1.0.7', '203.0.113.9', '10.1.0.7'],
    ['::ffff:10.1.0.7', '::ffff:10.1.0.7', '203.0.113.9', '203.0.113.9'],
    ['10.1.0.7', '10.1.0.7', '192.0.2.1, 203.0.113.9:51234', '203.0.113.9'],
    ['10.1.0.7', '10.1.0.7', '[2001:db8::9]:443', '2001:db8::9'],
    ['10.1.0.7', '10.1.0.7', '[2001:db8::9]', '2001:db8::9'],
    ['fe80::1', 'fe80::1%eth0', '203.0.113.9', '203.0.113.9'],
    ['10.1.0.7', undefined, '203.0.113.9', 'unknown'],
  ])('with %j trusted, from %s which says %j, is %s', (trusted, remoteAddress, said, address) => {
    const addressOf = createAddressOf(trusted === '' ? [] : (parseTrustedProxies(trusted) ?? []));
    expect(addressOf({ socket: { remoteAddress }, headers: { 'x-forwarded-for': said } })).toBe(address);
  });
});

describe('a rate limit', () => {
  const create = (tries: number, maxKeys = 100) => {
    let nowMs = 0;
    const limit = createRateLimit({ tries, windowMs: 1000, maxKeys, now: () => nowMs });
    return { limit, advance: (ms: number) => void (nowMs += ms) };
  };

  it('lets through so many in a window, and anew in the next', () => {
    const { limit, advance } = create(3);
    expect(Array.from({ length: 5 }, () => limit.take('a'))).toEqual([true, true, true, false, false]);
    expect(limit.take('b')).toBe(true);
    expect(limit.hasLeft('a')).toBe(false);
    advance(999);
    expect(limit.take('a')).toBe(false);
    advance(1);
    expect(limit.hasLeft('a')).toBe(true);
    expect(limit.take('a')).toBe(true);
  });

  it('takes back what was no failure', () => {
    const { limit } = create(1);
    expect(limit.take('a')).toBe(true);
    limit.giveBack('a');
    expect(limit.take('a')).toBe(true);
    limit.giveBack('never taken');
    expect(limit.take('never taken')).toBe(true);
    expect(limit.take('never taken')).toBe(false);
  });

  it('starts anew rather than lock out for long when its clock is set back', () => {
    const { limit, advance } = create(1);
    advance(10_000);
    limit.take('a');
    advance(-5000);
    expect(limit.take('a')).toBe(true);
  });

  it('remembers no more keys than it may, and forgets the oldest first', () => {
    const { limit } = create(1, 2);
    limit.take('a');
    limit.take('b');
    limit.take('c');
    expect([limit.hasLeft('a'), limit.hasLeft('b'), limit.hasLeft('c')]).toEqual([true, false, false]);
  });
});
