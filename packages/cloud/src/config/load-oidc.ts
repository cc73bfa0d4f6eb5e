// The OpenID Connect issuer, where there is one.

import { ConfigError, secretSource, type Reading, type SecretSource } from './config-error.ts';

export interface OidcConfig {
  issuer: URL;
  clientId: string;
  clientSecret: SecretSource;
  /** On the button of the sign-in page. */
  label: string;
  /** Lower case; empty = every one. */
  domains: string[];
  createAccounts: boolean;
}

export function loadOidc(reading: Reading): OidcConfig | undefined {
  const { text, refuse } = reading;
  const issuerText = text('oidc-issuer');
  const clientId = text('oidc-client-id');
  const clientSecret = secretSource(reading, 'oidc-client-secret-file', 'oidc-client-secret');
  const given = [issuerText, clientId, clientSecret].filter((one) => one !== undefined).length;
  if (given === 0) return undefined;
  if (issuerText === undefined || clientId === undefined || clientSecret === undefined)
    throw new ConfigError('--oidc-issuer, --oidc-client-id and its secret belong together: give all three, or none.');
  const createText = text('oidc-create-accounts');
  if (createText !== 'yes' && createText !== 'no') refuse('oidc-create-accounts', 'yes or no');
  const domains = (text('oidc-domains') ?? '')
    .split(',')
    .map((domain) => domain.trim().toLowerCase())
    .filter((domain) => domain !== '');
  if (domains.some((domain) => !/^[a-z0-9.-]+$/.test(domain)))
    refuse('oidc-domains', 'domains, e.g. example.net,example.org');
  return {
    issuer: issuerUrl(issuerText) ?? refuse('oidc-issuer', 'an https address without user, query or fragment'),
    clientId,
    clientSecret,
    label: text('oidc-label') ?? '',
    domains,
    createAccounts: createText === 'yes',
  };
}

/** Plain http is for an issuer on the same machine, to try things out: what it says could be changed on any other way. */
function issuerUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOwnMachine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isOwnMachine);
  return isSafe && url.username === '' && url.password === '' && url.search === '' && url.hash === '' ? url : undefined;
}
