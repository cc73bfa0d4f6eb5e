// SOCKS5: asks a proxy for a tunnel; `socks` speaks the protocol, this file tells it where to and reads its complaints.
// [RFC 1928, RFC 1929]

import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import type { TunnelProxy } from '../config/proxy.ts';
import type { DialError } from './dial-error.ts';
import type { DialHow, Target } from './route.ts';
import { hungUp, notAProxy, refusedByProxy } from './proxy-faults.ts';
import { withinHop } from './station.ts';

/** Lengths are one byte on the wire. */
const maxBytes = 255;

/** `socket` leads to the proxy, and to the Cloud afterwards. `to.host` is a name when the proxy is to look it up. Throws DialError and then destroys the socket. */
export async function askSocksProxy(
  socket: Socket,
  proxy: TunnelProxy,
  to: Target & { name: string },
  how: DialHow,
): Promise<void> {
  try {
    const userId = proxy.user?.reveal();
    const password = proxy.password?.reveal();
    // The library would meet these in the middle of an event.
    if ([userId, password].some((text) => Buffer.byteLength(text ?? '') > maxBytes)) {
      const what = `cannot be given a user or password of more than ${maxBytes} bytes`;
      throw refusedByProxy('proxy-auth', proxy, what, 'correct user and password in the proxy setting', false);
    }
    if (Buffer.byteLength(to.host) > maxBytes) {
      throw refusedByProxy('proxy-cannot-reach', proxy, `cannot be given a name that long`, 'check -url=', false);
    }
    await withinHop(
      how,
      (within) => refusedByProxy('proxy-timeout', proxy, `did not answer ${within}`, 'check its host and port', true),
      async (signal) => {
        signal.addEventListener('abort', () => void socket.destroy(), { once: true });
        await SocksClient.createConnection({
          command: 'connect',
          existing_socket: socket,
          destination: { host: to.host, port: to.port },
          proxy: {
            type: 5,
            host: proxy.host,
            port: proxy.port,
            ...(userId === undefined ? {} : { userId, password: password ?? '' }),
          },
          timeout: how.hopTimeoutMs,
        }).catch((error: unknown) => {
          throw complaint(error instanceof Error ? error.message : '', proxy, to.name);
        });
      },
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The library says everything in its message, and the proxy's reason by its name in the RFC. */
function complaint(message: string, proxy: TunnelProxy, name: string): DialError {
  if (/Authentication failed|no accepted authentication type/.test(message)) {
    const what =
      proxy.user === undefined ? 'demands credentials, and the setting holds none' : 'demands other credentials';
    return refusedByProxy('proxy-auth', proxy, what, 'correct user and password in the proxy setting', false);
  }
  const reason = /rejected connection - (\w+)/.exec(message)?.[1];
  if (reason === 'NotAllowed') {
    const remedy = `let it connect to ${name}; many allow port 443 only`;
    return refusedByProxy('proxy-forbids', proxy, `refuses connections to ${name} (${reason})`, remedy, false);
  }
  if (reason !== undefined) {
    const remedy = "check -url= and the proxy's DNS";
    return refusedByProxy('proxy-cannot-reach', proxy, `cannot reach ${name} (${reason})`, remedy, true);
  }
  if (message.startsWith('Received invalid')) return notAProxy(proxy);
  return hungUp(proxy);
}
