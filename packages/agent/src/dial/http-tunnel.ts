// CONNECT: asks an HTTP proxy for a tunnel. Node's own client reads the answer. [RFC 9110 §9.3.6]

import type { Socket } from 'node:net';
import type { TunnelProxy } from '../config/proxy.ts';
import type { DialError } from './dial-error.ts';
import type { DialHow, Target } from './route.ts';
import { hungUp, notAProxy, refusedByProxy } from './proxy-faults.ts';
import { withinHop } from './station.ts';

/** `socket` leads to the proxy, and to the Cloud afterwards. Any 2xx is a tunnel. Throws DialError and then destroys the socket. */
export async function askHttpProxy(
  socket: Socket,
  proxy: TunnelProxy,
  to: Target & { name: string },
  how: DialHow,
): Promise<void> {
  const { request } = await import('node:http');
  const authority = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
  const credentials = proxy.user === undefined ? undefined : `${proxy.user.reveal()}:${proxy.password?.reveal() ?? ''}`;
  try {
    await withinHop(
      how,
      (within) => refusedByProxy('proxy-timeout', proxy, `did not answer ${within}`, 'check its host and port', true),
      (signal) =>
        new Promise<void>((resolve, reject) => {
          const asked = request({
            method: 'CONNECT',
            path: authority,
            createConnection: () => socket,
            headers: {
              host: authority,
              'user-agent': 'claimstead-agent',
              'proxy-connection': 'keep-alive',
              ...(credentials === undefined
                ? {}
                : { 'proxy-authorization': `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` }),
            },
          });
          // `close` would be about this connection, which is to stay.
          asked.removeHeader('connection');
          signal.addEventListener('abort', () => void socket.destroy(), { once: true });
          asked.once('connect', (answer, _, head) => {
            const status = answer.statusCode ?? 0;
            if (status < 200 || status > 299) return reject(refusal(status, proxy, to.name));
            if (head.length > 0) socket.unshift(head);
            resolve();
          });
          asked.on('error', (error) => {
            const { code = '' } = error as NodeJS.ErrnoException;
            reject(code.startsWith('HPE_') ? notAProxy(proxy) : hungUp(proxy));
          });
          asked.end();
        }),
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function refusal(status: number, proxy: TunnelProxy, name: string): DialError {
  // tinyproxy says 407 to whoever has no credentials, and 401 to whoever has wrong ones.
  if (status === 407 || status === 401) {
    const what =
      proxy.user === undefined
        ? `demands credentials, and the setting holds none (status ${status})`
        : `demands other credentials (status ${status})`;
    return refusedByProxy('proxy-auth', proxy, what, 'correct user and password in the proxy setting', false);
  }
  if (status === 403 || status === 405) {
    const remedy = `let it connect to ${name}; many allow port 443 only`;
    return refusedByProxy('proxy-forbids', proxy, `refuses connections to ${name} (status ${status})`, remedy, false);
  }
  // 500 is what some say instead of 502.
  if (status >= 500) {
    const remedy = "check -url= and the proxy's DNS";
    return refusedByProxy('proxy-cannot-reach', proxy, `cannot reach ${name} (status ${status})`, remedy, true);
  }
  const what = `answered CONNECT with status ${status}, which is not what a proxy answers`;
  return refusedByProxy('proxy-not-one', proxy, what, 'check its host and port', false);
}
