// One attempt: the name is resolved once, every address that it has is judged, and the connection goes to one that was judged: a name that
// leads elsewhere the next moment leads nowhere else. No redirect is followed, and nothing of the answer but its status is looked at. [trust T15]

import type { LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';

export interface PostParts {
  mayReach: (address: string) => boolean;
  allowHttp: boolean;
  /** All addresses of a name. */
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
  version: string;
  /** More certificates that are trusted; for tests. */
  ca?: string;
}

export interface PostOutcome {
  isDelivered: boolean;
  /** The other side understood, and does not want it: to ask for a day would not help. */
  isRefused: boolean;
  /** A few words, never anything that the other side said. */
  outcome: string;
}

export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal?: AbortSignal,
) => Promise<PostOutcome>;

/** From the name to the status. */
const timeoutMs = 10_000;
const refusedWords = 'not sent: the address is of this machine or a private network';

/** A URL as it may be kept; a sentence for what may not. */
export function checkWebhookUrl(text: string, allowHttp: boolean): URL | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol))
    return 'The address must be a whole one: https://example.net/hook.';
  if (url.protocol === 'http:' && !allowHttp)
    return 'The address must begin with https; whoever operates the Cloud can allow http with --webhook-allow.';
  if (url.username !== '' || url.password !== '') return 'The address must hold no user and no password.';
  url.hash = '';
  return url;
}

export function createPost({ mayReach, allowHttp, resolve, version, ca }: PostParts): Post {
  return async (text, headers, body, signal) => {
    const url = checkWebhookUrl(text, allowHttp);
    if (typeof url === 'string') return failed('not sent: the address is not one that is allowed now');
    const deadline = AbortSignal.timeout(timeoutMs);
    const ended = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    try {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const addresses =
        isIP(host) === 0 ? (await unlessAborted(resolve(host), ended)).map(({ address }) => address) : [host];
      const [first] = addresses;
      if (first === undefined) return failed('the name has no address');
      // One that is private makes the others suspect: it is how a name is turned against who asked for it.
      if (!addresses.every(mayReach)) return failed(refusedWords);
      return await send(url, first, { ...headers, 'user-agent': `Claimstead/${version}` }, body, ended, ca);
    } catch (cause) {
      return failed(whyNot(cause, deadline));
    }
  };
}

const failed = (outcome: string): PostOutcome => ({ isDelivered: false, isRefused: false, outcome });

function send(
  url: URL,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
  ca: string | undefined,
): Promise<PostOutcome> {
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const options = {
      // The address that was judged; who is there is checked by the name.
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: {
        ...headers,
        host: url.host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
      },
      agent: false as const,
      maxHeaderSize: 16 * 1024,
      signal,
      ...(isTls && isIP(host) === 0 ? { servername: host } : {}),
      ...(isTls && ca !== undefined ? { ca } : {}),
    };
    const asked = (isTls ? httpsRequest : httpRequest)(options, (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      if (status >= 200 && status <= 299) return resolve({ isDelivered: true, isRefused: false, outcome: 'delivered' });
      const isRefused = status >= 400 && status <= 499 && ![408, 425, 429].includes(status);
      resolve({ ...failed(`answered with status ${status}`), isRefused });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('aborted', { cause: signal.reason }));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Codes of the system and of TLS, which are words of ours; messages may repeat what the other side sent. */
function whyNot(cause: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return 'no answer within ten seconds';
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'the name cannot be resolved';
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) return 'its certificate is not trusted';
  return /^[A-Z0-9_]{3,40}$/.test(code) ? `the connection failed (${code})` : 'the connection failed';
}
