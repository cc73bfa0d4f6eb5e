// The one way from this node to TLS with the Cloud: the claim, the link's requests, its WebSocket and the doctor all dial here.
// Reading order of this folder: dial-tls.ts (the stations in order), route.ts, dial-error.ts, hop-timer.ts, find-addresses.ts, connect-tcp.ts,
// http-tunnel.ts, socks-tunnel.ts, tls-handshake.ts (each a station with its faults and their words), trust.ts (whom to believe),
// cloud-requests.ts (HTTPS on top).
//
//   direct   dns ─▶ tcp ──────────────▶ tls        http, socks5h   proxy ─▶ tls        socks5   dns ─▶ proxy ─▶ tls

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TunnelProxy } from '../config/proxy.ts';
import { connectTcp, toProxy } from './connect-tcp.ts';
import { findAddresses } from './find-addresses.ts';
import { timed } from './hop-timer.ts';
import { nameOf, type DialHow, type Route, type Target } from './route.ts';
import type { Party } from './station.ts';
import { shakeHands } from './tls-handshake.ts';

/** Rejects with DialError, also when `signal` is aborted: it then names the station that was waited for. The environment has no say. */
export async function dialTls(to: Target, route: Route, how: DialHow): Promise<TLSSocket> {
  const { proxy } = route;
  const socket = proxy.kind === 'direct' ? await dialDirect(to, how) : await dialTunnel(to, proxy, how);
  return shakeHands(socket, to, route, how);
}

async function dialDirect(to: Target, how: DialHow): Promise<Socket> {
  const party: Omit<Party, 'hop'> = { owner: 'Cloud', name: nameOf(to), proxyKind: 'direct' };
  const addresses = await findAddresses(to, { ...party, hop: 'dns' }, how);
  return connectTcp(to, addresses, { ...party, hop: 'tcp' }, how);
}

async function dialTunnel(to: Target, proxy: TunnelProxy, how: DialHow): Promise<Socket> {
  const name = nameOf(to);
  let { host } = to;
  if (proxy.kind === 'socks5') {
    // What `socks5` stands for: this node looks the name up, and the proxy is given an address.
    const party: Party = { hop: 'dns', owner: 'Cloud', name, proxyKind: 'socks5' };
    host = (await findAddresses(to, party, how))[0]?.address ?? host;
  }
  return timed('proxy', how, async () => {
    const socket = await toProxy(proxy, how);
    const ask =
      proxy.kind === 'http'
        ? (await import('./http-tunnel.ts')).askHttpProxy
        : (await import('./socks-tunnel.ts')).askSocksProxy;
    await ask(socket, proxy, { host, port: to.port, name }, how);
    return socket;
  });
}
