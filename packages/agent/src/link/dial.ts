// One WebSocket to the Cloud: TLS as `dialTls` makes it, then the upgrade.

import WebSocket from 'ws';
import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import { dialTls } from '../dial/dial-tls.ts';
import { targetOf, type DialHow, type Route } from '../dial/route.ts';
import { LinkError } from './link-error.ts';

/** For the whole way to TLS, in ms, however many stations it has. */
const wayTimeoutMs = 30_000;
const upgradeTimeoutMs = 30_000;
/** Bytes of one frame from the Cloud: it promises packets of 64 KiB. */
const maxFrameBytes = 256 * 1024;

/** Throws LinkError. */
export async function dial(route: Route, endpoint: URL, how: DialHow): Promise<WebSocket> {
  const signal = AbortSignal.any([how.signal, AbortSignal.timeout(wayTimeoutMs)]);
  const connection = await dialTls(targetOf(endpoint), route, { ...how, signal }).catch((cause: unknown) => {
    throw LinkError.from('WebSocket', cause);
  });
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(endpoint, 'mqtt', {
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      handshakeTimeout: upgradeTimeoutMs,
      followRedirects: false,
      createConnection: () => connection,
    });
    const fail = (words: string, code: DoctorCode): void =>
      reject(new LinkError(`WebSocket: ${words}`, { code, hop: 'answer' }));
    const onAbort = (): void => socket.terminate();
    how.signal.addEventListener('abort', onAbort, { once: true });
    socket.once('open', () => {
      how.signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
    socket.once('unexpected-response', (request, answer) => {
      const status = answer.statusCode ?? 0;
      request.destroy();
      // The Cloud refuses an upgrade with these; any other status means that it, or somebody else, saw an ordinary request.
      if (status === 401 || status === 403 || status === 429 || status >= 500)
        return fail(`the Cloud refused it with status ${status}`, status === 429 ? 'cloud-busy' : 'websocket-refused');
      const why = `the answer was status ${status} instead of 101`;
      fail(`${why}, so something on the way does not let the header Upgrade through`, 'websocket-stripped');
    });
    socket.on('error', (cause) => {
      how.signal.removeEventListener('abort', onAbort);
      connection.destroy();
      const { code } = cause as NodeJS.ErrnoException;
      if (how.signal.aborted || /timed out/.test(cause.message)) fail('no answer came in time', 'no-answer');
      else if (code === 'ECONNRESET' || /hang up/.test(cause.message))
        fail('the connection was broken off before it was answered', 'tcp-broken');
      else fail(cause.message, 'websocket-stripped');
    });
    if (how.signal.aborted) onAbort();
  });
}
