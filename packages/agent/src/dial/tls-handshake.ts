// The last station: TLS with the Cloud itself, whoever carries it, and its certificate.

import { isIP, type Socket } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { DoctorCode } from '@claimstead/wire/doctor/codes';
import type { Proxy } from '../config/proxy.ts';
import { DialError } from './dial-error.ts';
import { timed } from './hop-timer.ts';
import { printable } from './printable.ts';
import { nameOf, type DialHow, type Route, type Target } from './route.ts';
import { proxyHint, trustHint, withinHop } from './station.ts';

/** The other end, for sentences. */
interface Peer {
  proxy: Proxy;
  /** Host and port of the Cloud, as a person knows them. */
  name: string;
}

/** Throws DialError and then destroys the socket. */
export async function shakeHands(socket: Socket, to: Target, route: Route, how: DialHow): Promise<TLSSocket> {
  const { host } = to;
  const peer: Peer = { proxy: route.proxy, name: nameOf(to) };
  const shaking = (signal: AbortSignal): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const secure = connect({
        socket,
        ALPNProtocols: ['http/1.1'],
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...route.trust.tlsOptions(host),
      });
      // Afterwards the certificate is gone, and then nobody could say whose it was.
      let certificate: PeerCertificate | undefined;
      secure.prependOnceListener('secure', () => (certificate = secure.getPeerCertificate()));
      signal.addEventListener('abort', () => void secure.destroy(), { once: true });
      secure.once('secureConnect', () => resolve(secure));
      secure.on('error', (error) => reject(tlsFault(error, certificate, peer, how.clock.wallMs())));
      secure.once('close', () => reject(tlsFault({ code: 'ECONNRESET' }, undefined, peer, 0)));
    });
  try {
    return await timed('tls', how, () =>
      withinHop(
        how,
        (within) =>
          new DialError({
            hop: 'tls',
            code: 'no-answer',
            cause: `TLS with ${peer.name} failed: the connection was made${behind(peer.proxy)}, but nothing answered ${within}`,
            remedy: 'check the port in -url=, and what stands in front of the Cloud',
            retryable: true,
          }),
        shaking,
      ),
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const nobody = 'is signed by nobody that this node trusts';

/** What is wrong with a certificate, by the code of the TLS library; everything that is not listed is a lack of trust, too. */
const certificateFaults: Readonly<Record<string, { code: DoctorCode; what: string; remedy: string }>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { code: 'tls-untrusted', what: nobody, remedy: trustHint },
  UNABLE_TO_GET_ISSUER_CERT: { code: 'tls-untrusted', what: nobody, remedy: trustHint },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { code: 'tls-untrusted', what: nobody, remedy: trustHint },
  SELF_SIGNED_CERT_IN_CHAIN: {
    code: 'tls-untrusted',
    what: 'is signed by an authority that this node does not trust',
    remedy: trustHint,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: 'tls-untrusted', what: 'is signed by itself', remedy: trustHint },
  CERT_SIGNATURE_FAILURE: {
    code: 'tls-untrusted',
    what: 'does not fit the authority of its name',
    remedy: trustHint,
  },
  CERT_REVOKED: { code: 'tls-untrusted', what: 'is revoked', remedy: 'renew it on the Cloud' },
  CERT_HAS_EXPIRED: {
    code: 'tls-expired',
    what: 'has expired',
    remedy: "renew it on the Cloud, or correct this node's clock",
  },
  CERT_NOT_YET_VALID: { code: 'clock-wrong', what: 'is not yet valid', remedy: "correct this node's clock" },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'tls-wrong-host',
    what: 'is made out for another host',
    remedy: 'check -url= against the names in the certificate',
  },
};

function tlsFault(
  { code = '' }: Partial<NodeJS.ErrnoException>,
  certificate: PeerCertificate | undefined,
  { proxy, name }: Peer,
  wallMs: number,
): DialError {
  const fault = certificateFaults[code];
  const isBroken = code === 'ECONNRESET' || code === 'EPIPE';
  if (fault !== undefined || (certificate !== undefined && !isBroken && !/^(ERR_|EPROTO)/.test(code))) {
    const {
      code: doctorCode,
      what,
      remedy,
    } = fault ?? {
      code: 'tls-untrusted' as const,
      what: `cannot be trusted (${code})`,
      remedy: trustHint,
    };
    const remarks = [
      ...whose(doctorCode, certificate),
      ...(doctorCode === 'clock-wrong' || doctorCode === 'tls-expired'
        ? [`this node's clock shows ${utc(wallMs)}`]
        : []),
      ...(proxy.kind === 'direct' ? [] : [`seen through the proxy ${proxy.masked}`]),
    ];
    const cause = `The certificate of ${name} ${what}${remarks.length === 0 ? '' : ` (${remarks.join('; ')})`}`;
    return new DialError({ hop: 'tls', code: doctorCode, cause, remedy, retryable: false });
  }
  if (isBroken && proxy.kind === 'direct') {
    const cause = `The Cloud at ${name} broke the connection off during TLS`;
    return new DialError({ hop: 'tls', code: 'tcp-broken', cause, remedy: `check -url= and firewalls; ${proxyHint}`, retryable: true }); // prettier-ignore
  }
  const why = isBroken
    ? 'the connection was broken off'
    : `what answers there speaks no TLS 1.2 or newer (${code || 'unknown error'})`;
  return new DialError({
    hop: 'tls',
    code: 'tls-failed',
    cause: `TLS with ${name} failed${behind(proxy)}: ${why}`,
    remedy: `check the port in -url=${proxy.kind === 'direct' ? '' : `; if something on the way looks into TLS, ${trustHint}`}`,
    retryable: isBroken,
  });
}

const behind = (proxy: Proxy): string =>
  proxy.kind === 'direct' ? '' : ` after the tunnel through the proxy ${proxy.masked} was up`;

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What helps to recognise a certificate, where Node tells it: who signed it, for whom or until when it is. */
function whose(code: DoctorCode, certificate: PeerCertificate | undefined): string[] {
  if (certificate === undefined) return [];
  // Typed as always there, but a certificate may have none of them.
  const { subject, issuer, subjectaltname, valid_from, valid_to } = certificate as Partial<PeerCertificate>;
  const named = (of: PeerCertificate['subject'] | undefined): string =>
    printable([of?.CN, of?.O].flat().find((text) => text !== undefined && text !== '') ?? 'nobody');
  if (code === 'tls-wrong-host') return [`it names ${printable(subjectaltname ?? named(subject))}`];
  if (code === 'tls-expired') return valid_to === undefined ? [] : [`it was valid until ${printable(valid_to)}`];
  if (code === 'clock-wrong') return valid_from === undefined ? [] : [`it is valid from ${printable(valid_from)}`];
  return [`subject ${named(subject)}, issuer ${named(issuer)}`];
}
