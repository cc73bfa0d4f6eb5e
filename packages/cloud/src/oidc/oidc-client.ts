// The authorization code flow with PKCE, state and nonce.

import { CloudError } from '@claimstead/wire/errors';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import type { IssuerClaims } from './oidc.ts';

/** What the Cloud keeps while somebody is at the issuer. */
export interface OidcPending {
  verifier: string;
  state: string;
  nonce: string;
}

/** Long enough to find a password and a second factor there. */
export const oidcPendingLimits = { lifetimeMs: 10 * 60_000, mostOpen: 10_000 };
/** For what the Cloud itself asks the issuer. */
const timeoutSeconds = 10;

export interface OidcClient {
  /** Where the browser goes. Throws `oidc-failed` where the issuer cannot be reached. */
  begin(): Promise<{ url: URL; pending: OidcPending }>;
  /** `returned` is the address that the issuer sent the browser to. Throws `oidc-failed`. */
  finish(returned: URL, pending: OidcPending): Promise<IssuerClaims>;
}

export interface OidcClientParts {
  issuer: URL;
  clientId: string;
  clientSecret: string;
  /** Where the issuer sends the browser back to; must be known there. */
  redirectUri: string;
}

export function createOidcClient({ issuer, clientId, clientSecret, redirectUri }: OidcClientParts): OidcClient {
  let found: Promise<Configuration> | undefined;
  /** Asked at the first sign-in, not at the start: an issuer that is down does not keep the Cloud down. */
  const configuration = (): Promise<Configuration> => {
    const isPlain = issuer.protocol === 'http:';
    found ??= discovery(issuer, clientId, clientSecret, undefined, {
      timeout: timeoutSeconds,
      ...(isPlain ? { execute: [allowInsecureRequests] } : {}),
    }).catch((cause: unknown) => {
      found = undefined;
      throw cause;
    });
    return found;
  };
  // What the library throws may hold codes and tokens: it is told to nobody, but for its name and code.
  const failed = (cause: unknown): never => {
    const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
    throw new CloudError('oidc-failed', { cause: new Error(`the issuer: ${code}`) });
  };
  return {
    async begin() {
      const pending = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
      const config = await configuration().catch(failed);
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        state: pending.state,
        nonce: pending.nonce,
      });
      return { url, pending };
    },
    async finish(returned, { verifier, state, nonce }) {
      try {
        const config = await configuration();
        const tokens = await authorizationCodeGrant(config, returned, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('no claims');
        // Small id tokens leave out what is asked for separately.
        const info =
          claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
            ? await fetchUserInfo(config, tokens.access_token, claims.sub)
            : {};
        const all: Record<string, unknown> = { ...info, ...claims };
        const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
        return {
          issuer: claims.iss,
          subject: claims.sub,
          email: text(all['email']),
          // True and nothing that looks like it.
          emailIsVerified: all['email_verified'] === true,
          name: text(all['name']),
        };
      } catch (cause) {
        return failed(cause);
      }
    },
  };
}
