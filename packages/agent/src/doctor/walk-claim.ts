// The second part of a check: the way that a claim would go, and what the Cloud would say to it. No use of the token is taken.

import { claimCheckPath, readClaimCheck, type ClaimCheck } from '@claimstead/wire/claim/claim-check';
import { isMistypedClaimToken } from '@claimstead/wire/claim/claim-token';
import { doctorRow } from '@claimstead/wire/doctor/codes';
import { openCloudRequests, type CloudAnswer } from '../dial/cloud-requests.ts';
import { dialTls } from '../dial/dial-tls.ts';
import { isDoctorHop, type Clock } from '../dial/hop-timer.ts';
import { targetOf, type DialHow, type Route } from '../dial/route.ts';
import { wayOf, type Walk } from './finding.ts';
import { hopTimeoutMs } from './limits.ts';
import type { CheckedSettings } from './settings.ts';

export async function walkClaim(settings: CheckedSettings, clock: Clock, walk: Walk): Promise<void> {
  const { url, proxy, trust } = settings;
  if (url === undefined || proxy === undefined || trust === undefined) {
    walk.skipRest(['dns', 'tcp', 'tls', 'claim']);
    return;
  }
  const base = new URL(url);
  const way = wayOf(targetOf(base).host, proxy);
  const stop = new AbortController();
  const how: DialHow = {
    signal: stop.signal,
    hopTimeoutMs,
    clock,
    onHop: ({ hop, ms }) => (isDoctorHop(hop) ? walk.pass(hop, ms) : undefined),
  };
  try {
    const body = claimBody(settings);
    if (body === undefined) {
      (await dialTls(targetOf(base), { proxy, trust }, how)).destroy();
      const isLess = settings.claim.state === 'claimed' && settings.token === undefined;
      walk.skip('claim', isLess ? 'not tried: this node is claimed, and no token is given' : 'not tried');
    } else {
      await askForVerdict(base, { proxy, trust }, body, settings, how, walk);
    }
  } catch (error) {
    walk.failBy(error, 'claim');
  } finally {
    stop.abort();
  }
  walk.skipRest([...way, 'claim']);
}

/** The body of a claim, which is what is asked about; undefined when there is not enough for one. */
function claimBody({ token, rooms, hostname, claimId, machineGuid, keyPair }: CheckedSettings): string | undefined {
  if (token === undefined || claimId === undefined || keyPair === undefined) return undefined;
  return JSON.stringify({
    node: { id: claimId, hostname },
    token: token.reveal(),
    rooms,
    publicKey: keyPair.publicPem,
    ...(machineGuid === undefined ? {} : { mGUID: machineGuid }),
  });
}

async function askForVerdict(
  base: URL,
  route: Route,
  body: string,
  settings: CheckedSettings,
  how: DialHow,
  walk: Walk,
): Promise<void> {
  const requests = openCloudRequests(route, how);
  try {
    const answer = await requests.ask(new URL(claimCheckPath, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'claimstead-agent' },
      body,
      timeoutMs: 3 * hopTimeoutMs,
      onInterim: () => undefined,
    });
    judge(answer, settings, walk);
  } finally {
    requests.close();
  }
}

function judge({ status, body, ms }: CloudAnswer, { token, rooms, hostname }: CheckedSettings, walk: Walk): void {
  if (status === 404) return walk.fail('claim', 'check-not-offered');
  if (status === 429 || status === 503) return walk.fail('claim', 'cloud-busy');
  if (status >= 500) return walk.fail('claim', 'cloud-fault', `The Cloud answered the check with status ${status}`);
  let check: ClaimCheck | undefined;
  try {
    check = status === 200 ? readClaimCheck(JSON.parse(body.toString('utf8'))) : undefined;
  } catch {
    check = undefined;
  }
  if (check === undefined)
    return walk.fail('claim', 'not-a-cloud', `What answers is no Cloud: status ${status} without a verdict`);
  const { verdict, roomIndex } = check;
  if (verdict === 'accepted') return walk.pass('claim', ms);
  const room = roomIndex === undefined ? undefined : rooms[roomIndex];
  if (verdict === 'room-unknown' && room !== undefined)
    return walk.fail('claim', verdict, `The room ${JSON.stringify(room)} is not one of this Space`);
  if (verdict === 'hostname-refused')
    return walk.fail('claim', verdict, `${doctorRow(verdict).cause} ${JSON.stringify(hostname)}`);
  const isMistyped = verdict === 'token-refused' && token !== undefined && isMistypedClaimToken(token.reveal());
  walk.fail('claim', isMistyped ? 'token-mistyped' : verdict);
}
