import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { direct } from '../config/proxy.ts';
import { openCloudRequests, type CloudQuestion } from './cloud-requests.ts';
import { systemClock } from './hop-timer.ts';
import { loadTrust } from './trust.ts';

const question: CloudQuestion = {
  method: 'GET',
  headers: {},
  body: undefined,
  timeoutMs: 10_000,
  onInterim: () => undefined,
};

// An error without a listener would end this process, as it would end the daemon; vitest reports it.
test('a question that was given up before it was asked is refused, and nothing else happens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'requests-'));
  const server = createServer(() => expect.unreachable('somebody dialled'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const route = { proxy: direct, trust: await loadTrust(folder) };
  const how = { signal: AbortSignal.abort(), hopTimeoutMs: 10_000, clock: systemClock, onHop: () => undefined };
  const requests = openCloudRequests(route, how);
  await expect(requests.ask(new URL(`https://127.0.0.1:${port}/`), question)).rejects.toThrow(/did not answer/);
  requests.close();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});
