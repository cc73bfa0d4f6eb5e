// How a connection to the Cloud gets through a proxy: one `http.Agent` for the claim, the link's requests and its WebSocket alike.

import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Proxy, TunnelProxy } from '../config/proxy.ts';

/** The proxy answered CONNECT with something else than 200, so there is no tunnel. */
export class ProxyRefusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the proxy answered CONNECT with status ${status}`);
    this.status = status;
  }
}

/**
 * The agent to hand to `https.request` and to `ws`. Aborting `signal` destroys everything that it dialled through an HTTP proxy, a
 * tunnel that is half made included, which destroying the request does not; a SOCKS handshake ends by itself after 30 s. Direct connections get an agent of their own, too: the process-wide one can be steered by
 * the environment, which must not happen. Libraries are loaded when a proxy is used for the first time.
 */
export async function agentFor(proxy: Proxy, signal: undefined | AbortSignal): Promise<Agent> {
  switch (proxy.kind) {
    case 'direct': {
      const https = await import('node:https');
      return new https.Agent({ keepAlive: false });
    }
    case 'http':
      return httpTunnel(proxy, signal);
    case 'socks5':
    case 'socks5h': {
      const { SocksProxyAgent } = await import('socks-proxy-agent');
      // No timeout here: it would outlive the handshake and cut an idle link. The library gives a handshake 30 s by itself.
      return new SocksProxyAgent(urlOf(proxy));
    }
  }
}

async function httpTunnel(proxy: TunnelProxy, signal: undefined | AbortSignal): Promise<Agent> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  type ConnectOptions = Parameters<InstanceType<typeof HttpsProxyAgent>['connect']>[1];

  class Tunnel extends HttpsProxyAgent<string> {
    /** The library replays a refusal as if it were the Cloud's answer: a proxy's 403 would be a refused token, a 204 a claim. */
    override async connect(request: ClientRequest, options: ConnectOptions): Promise<Socket> {
      let status = 0;
      request.once('proxyConnect', (answer: { statusCode: number }) => {
        status = answer.statusCode;
      });
      const socket = await super.connect(request, options);
      if (status === 200) return socket;
      socket.destroy();
      throw new ProxyRefusal(status);
    }
  }
  // `signal` is for the TCP connection to the proxy: the library hands what it does not know to net.connect.
  const options = signal === undefined ? { keepAlive: false } : { keepAlive: false, signal };
  return new Tunnel(urlOf(proxy).href, options);
}

function urlOf(proxy: TunnelProxy): URL {
  const host = proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host;
  const encode = (text: string | undefined): string => encodeURIComponent(text ?? '');
  const userInfo =
    proxy.user === undefined ? '' : `${encode(proxy.user.reveal())}:${encode(proxy.password?.reveal())}@`;
  return new URL(`${proxy.kind}://${userInfo}${host}:${proxy.port}`);
}
