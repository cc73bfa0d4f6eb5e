import { expect, test } from 'vitest';
import { readClaim } from './claim-directory.ts';
import { farAhead, longAgo } from './testing/certificates.ts';
import { startHttpProxy, startSocksProxy, type TestProxy } from './testing/proxies.ts';

import { ca, claim, directory, proxyOf, startCloud, useClaim, toClose } from './testing/claim-world.ts';

useClaim();

const through = async (proxy: Promise<TestProxy>): Promise<TestProxy> => {
  const started = await proxy;
  toClose.push(started);
  return started;
};

test('through an HTTP proxy: tunnelled, with credentials, and 204 is the answer of the Cloud', async () => {
  const { cloud, url, port } = await startCloud([{ status: 204 }]);
  const proxy = await through(startHttpProxy('200 OK'));
  expect(await claim(url, { proxy: proxyOf(`http://us%40er:p%3Aw@127.0.0.1:${proxy.port}`) })).toMatchObject({
    claimed: true,
  });
  expect([proxy.targets, proxy.credentials, cloud.requests.length]).toEqual([[`localhost:${port}`], ['us@er:p:w'], 1]);
});

test.each(['socks5', 'socks5h'] as const)('through %s: who looks the name up is the difference', async (kind) => {
  const { url, port } = await startCloud([{ status: 204 }]);
  const proxy = await through(startSocksProxy(0, 'user:p@w'));
  expect(await claim(url, { proxy: proxyOf(`${kind}://user:p%40w@127.0.0.1:${proxy.port}`) })).toMatchObject({
    claimed: true,
  });
  expect(proxy.credentials).toEqual(['user:p@w']);
  if (kind === 'socks5h') expect(proxy.targets).toEqual([`localhost:${port}`]);
  else expect(proxy.targets[0]).not.toContain('localhost');
});

test.each([
  ['200 OK', 'localhost'],
  ['200 OK', '127.0.0.1'],
])('behind a proxy (%s) the certificate is still checked against %s, never against the proxy', async (answer, host) => {
  const other = ca.issue('behind', host === 'localhost' ? 'IP:127.0.0.1' : 'DNS:localhost', longAgo, farAhead);
  const { cloud, port } = await startCloud([{ status: 204 }], other);
  const proxy = await through(startHttpProxy(answer));
  const result = await claim(`https://${host}:${port}`, { proxy: proxyOf(`http://localhost:${proxy.port}`) });
  expect(result).toMatchObject({ exitCode: 4, words: expect.stringMatching(/another host.*through the proxy/) });
  expect(cloud.requests).toHaveLength(0);
});

test.each([
  ['407 Proxy Authentication Required', /demands other credentials \(status 407\)/],
  ['403 Forbidden', /refuses connections to localhost:\d+ \(status 403\).*443/],
  ['409 Conflict', /answered CONNECT with status 409/],
  // Any 2xx is a tunnel; what comes through it is not believed without TLS.
  ['204 No Content', /after the tunnel through the proxy .* was up/],
  ['502 Bad Gateway', /cannot reach localhost/],
  ['503 Service Unavailable', /cannot reach localhost/],
  ['hang up', /hung up|broke the connection off/],
])("a proxy's %s is never taken for an answer of the Cloud", async (answer, words) => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  const proxy = await through(startHttpProxy(answer));
  const result = await claim(url, { proxy: proxyOf(`http://u:CANARY@127.0.0.1:${proxy.port}`) });
  expect(result).toMatchObject({ claimed: false, exitCode: 4, words: expect.stringMatching(words) });
  expect(JSON.stringify(result)).not.toContain('CANARY');
  expect(cloud.connections).toBe(0);
  expect(await readClaim(directory)).toEqual({ state: 'unclaimed' });
});

test.each([
  [2, undefined, /refuses connections to/],
  [4, undefined, /cannot reach localhost/],
  [5, undefined, /cannot reach localhost/],
  [0, 'other:login', /demands other credentials/],
])('SOCKS reply %d with login %s has its words', async (reply, login, words) => {
  const { cloud, url } = await startCloud([{ status: 204 }]);
  const proxy = await through(startSocksProxy(reply, login));
  const result = await claim(url, { proxy: proxyOf(`socks5h://u:CANARY@127.0.0.1:${proxy.port}`) });
  expect(result).toMatchObject({ claimed: false, exitCode: 4, words: expect.stringMatching(words) });
  expect(JSON.stringify(result)).not.toContain('CANARY');
  expect(cloud.connections).toBe(0);
});

test('a proxy that hangs, that is none, that is not there', async () => {
  const { cloud, url, port } = await startCloud([{ status: 204 }]);
  const hanging = await through(startHttpProxy('hang'));
  const hung = await claim(url, { proxy: proxyOf(`http://127.0.0.1:${hanging.port}`) }, { deadlineMs: 300 });
  expect(hung).toMatchObject({ exitCode: 4, words: expect.stringContaining('within 0.3 s') });
  const noSocks = await claim(url, { proxy: proxyOf(`socks5://127.0.0.1:${hanging.port}`) }, { deadlineMs: 300 });
  expect(noSocks).toMatchObject({ exitCode: 4 });
  await hanging.close();
  for (const kind of ['http', 'socks5', 'socks5h']) {
    const absent = await claim(url, { proxy: proxyOf(`${kind}://127.0.0.1:${hanging.port}`) });
    expect(absent).toMatchObject({
      exitCode: 4,
      words: expect.stringMatching(new RegExp(`The proxy ${kind}://127.0.0.1:${hanging.port} refused`)),
    });
    const nameless = await claim(url, { proxy: proxyOf(`${kind}://no-such-host.invalid:1`) });
    expect(nameless).toMatchObject({
      exitCode: 4,
      words: expect.stringMatching(/The proxy .*no-such-host\.invalid:1 has a name/),
    });
  }
  // The Cloud itself, taken for a proxy, hears no token either.
  expect(await claim(url, { proxy: proxyOf(`http://127.0.0.1:${port}`) }, { deadlineMs: 2_000 })).toMatchObject({
    exitCode: 4,
  });
  expect(cloud.requests).toHaveLength(0);
});
