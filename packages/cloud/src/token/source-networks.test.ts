import { SourceNetwork } from '@claimstead/wire/cloud-api/claim-tokens';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comesFrom } from './source-networks.ts';

it.each<[string[], string | undefined, boolean]>([
  [[], '192.0.2.7', true],
  [[], undefined, true],
  [['192.0.2.0/24'], '192.0.2.255', true],
  [['192.0.2.0/24'], '192.0.3.0', false],
  [['192.0.2.7/32'], '192.0.2.7', true],
  [['192.0.2.7/32'], '192.0.2.8', false],
  [['10.0.0.0/8', '2001:db8::/32'], '2001:db8:ffff::1', true],
  [['2001:db8::/32'], '2001:db9::1', false],
  [['2001:db8::/32'], '192.0.2.7', false],
  [['::/0'], '192.0.2.7', false],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['0.0.0.0/0', '::/0'], 'unknown', false],
  [['0.0.0.0/0'], undefined, false],
])('%j and %s: %s', (networks, address, isIn) => {
  expect(comesFrom(networks, address)).toBe(isIn);
});

it('takes an address as a network of one, and nothing that is no network', () => {
  expect(SourceNetwork.parse(' 192.0.2.7 ')).toBe('192.0.2.7/32');
  expect(SourceNetwork.parse('2001:DB8::1')).toBe('2001:db8::1/128');
  for (const text of ['', '192.0.2.0/33', '192.0.2.0/24/8', 'localhost', '2001:db8::/129', '1.2.3', '/', '10.0.0.0/'])
    expect(SourceNetwork.safeParse(text).success).toBe(false);
});

it('judges every network that is let through, without a fault', () => {
  const network = fc.oneof(
    fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip, bits]) => `${ip}/${bits}`),
    fc.tuple(fc.ipV6(), fc.nat(128)).map(([ip, bits]) => `${ip}/${bits}`),
    fc.ipV4(),
    fc.ipV6(),
    fc.string(),
  );
  fc.assert(
    fc.property(network, fc.oneof(fc.ipV4(), fc.ipV6()), (text, address) => {
      const parsed = SourceNetwork.safeParse(text);
      if (parsed.success) expect(comesFrom([parsed.data], address)).toBeTypeOf('boolean');
    }),
    { numRuns: 2000 },
  );
});
