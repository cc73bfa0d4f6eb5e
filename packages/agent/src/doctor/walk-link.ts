// The third part of a check: the way of the link with the link's settings, up to the WebSocket. It stops short of MQTT, so a link that
// is up stays up.

import type { DoctorHop } from '@claimstead/wire/doctor/codes';
import type { LinkCredentials } from '@claimstead/wire/link/challenge';
import type { Destination } from '@claimstead/wire/link/environment';
import { agentVersion } from '../config/version.ts';
import type { AgentConfig } from '../config/load.ts';
import { isDoctorHop, type Clock } from '../dial/hop-timer.ts';
import { targetOf, type DialHow, type Route } from '../dial/route.ts';
import { dial } from '../link/dial.ts';
import { createHandshake, type Handshake } from '../link/handshake.ts';
import { wayOf, type Walk } from './finding.ts';
import { hopTimeoutMs } from './limits.ts';
import type { CheckedSettings } from './settings.ts';

const questions: readonly DoctorHop[] = ['environment', 'challenge', 'password', 'websocket'];

export async function walkLink(
  settings: CheckedSettings,
  cloud: Pick<AgentConfig['cloud'], 'proxy' | 'baseUrl'>,
  clock: Clock,
  walk: Walk,
): Promise<void> {
  const { claim, trust } = settings;
  const { proxy } = cloud.proxy;
  // A node that is not claimed yet would connect to where it is about to be claimed.
  const url = claim.state === 'claimed' ? (claim.url ?? cloud.baseUrl) : settings.url;
  const claimId = claim.state === 'claimed' ? claim.claimId : settings.claimId;
  if (proxy.kind === 'malformed') walk.fail('settings', 'proxy-invalid', proxy.sentence);
  if (proxy.kind === 'malformed' || url === undefined || trust === undefined) {
    walk.skipRest(['dns', 'tcp', 'tls', ...questions]);
    return;
  }
  const cloudUrl = new URL(url);
  const way = wayOf(targetOf(cloudUrl).host, proxy);
  const route: Route = { proxy, trust };
  const stop = new AbortController();
  const how: DialHow = {
    signal: stop.signal,
    hopTimeoutMs,
    clock,
    onHop: ({ hop, ms }) => (isDoctorHop(hop) ? walk.pass(hop, ms) : undefined),
  };
  // A node without a claim has nothing to prove; its environment is asked for under the id that it would have.
  const privateKey = claim.state === 'claimed' ? claim.privateKey : undefined;
  const identity = { claimId: claimId ?? '', cloudUrl, privateKey };
  const handshake = createHandshake(identity, route, `v${agentVersion}`, how);
  try {
    const destination = await attempt(walk, 'environment', () => handshake.resolve());
    if (destination !== undefined) {
      if (claim.state === 'claimed') await prove(handshake, destination, walk);
      else for (const hop of ['challenge', 'password'] as const) walk.skip(hop, 'not tried: this node is not claimed');
      await openSocket(route, destination, { ...how, onHop: () => undefined }, walk);
    }
  } finally {
    handshake.close();
    stop.abort();
  }
  walk.skipRest([...way, ...questions]);
}

async function prove(handshake: Handshake, destination: Destination, walk: Walk): Promise<LinkCredentials | undefined> {
  try {
    return await handshake.authenticate(destination);
  } catch (error) {
    // The challenge is passed when its answer was read; what fails after that is the proof.
    const at = walk.findings.some(({ hop }) => hop === 'challenge') ? 'password' : 'challenge';
    walk.failBy(error, at);
    return undefined;
  }
}

async function openSocket(route: Route, { mqttEndpoint }: Destination, how: DialHow, walk: Walk): Promise<void> {
  const startedMs = how.clock.monotonicMs();
  const timeout = AbortSignal.any([how.signal, AbortSignal.timeout(3 * hopTimeoutMs)]);
  try {
    const socket = await dial(route, mqttEndpoint, { ...how, signal: timeout });
    socket.terminate();
    walk.pass('websocket', how.clock.monotonicMs() - startedMs);
  } catch (error) {
    walk.failBy(error, 'websocket');
  }
}

async function attempt<T>(walk: Walk, hop: DoctorHop, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    walk.failBy(error, hop);
    return undefined;
  }
}
