import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseMailUrl } from './load-mail.ts';
import { loadConfig } from './load.ts';
import { configurationMarkdown, environmentName, options } from './options.ts';

const oidc = { 'oidc-issuer': 'https://issuer', 'oidc-client-id': 'cloud', 'oidc-client-secret-file': 'secret' };

const acme = { 'acme-directory-url': 'https://ca.example.net/dir', 'public-url': 'https://cloud.example.net' };

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({}, {})).toEqual({
      dataFolder: resolve('.claimstead'),
      port: 8443,
      listenAddress: '127.0.0.1',
      publicUrl: undefined,
      certificate: undefined,
      acme: undefined,
      passwordFile: undefined,
      webFolder: undefined,
      logLevel: 'info',
      mail: undefined,
      oidc: undefined,
      metricsListen: undefined,
      metricsTokenFile: undefined,
      webhookAllow: { http: false, networks: [] },
      trustedProxies: [],
    });
  });

  it('takes a flag before its variable, and that before the default', () => {
    const environment = { CLAIMSTEAD_PORT: '9000', CLAIMSTEAD_LOG_LEVEL: 'debug' };
    expect(loadConfig({ port: '9001' }, environment)).toMatchObject({ port: 9001, logLevel: 'debug' });
  });

  it.each([
    [{ port: '84x' }, '--port must be a port number'],
    [{ port: '65536' }, '--port must be a port number'],
    [{ port: ' 1' }, '--port must be a port number'],
    [{ listen: 'example.net' }, '--listen must be an IP address'],
    [{ 'log-level': 'loud' }, '--log-level must be debug, info, warn or error'],
    [{ 'public-url': 'http://cloud.example.net' }, '--public-url must be an https address'],
    [{ 'public-url': 'https://cloud.example.net/path' }, '--public-url must be an https address'],
    [{ 'public-url': 'https://user@cloud.example.net' }, '--public-url must be an https address'],
    [{ 'public-url': 'https://cloud.example.net?x=1' }, '--public-url must be an https address'],
    [{ 'public-url': "https://a';rm -rf.example" }, '--public-url must be an https address'],
    [{ cert: 'a.pem' }, '--cert and --key belong together'],
    [{ 'acme-email': 'a@b' }, 'need --acme-directory-url'],
    [{ ...acme, cert: 'a', key: 'b' }, 'are given: give one of them'],
    [{ ...acme, 'public-url': 'https://192.0.2.1' }, 'needs --public-url with a host name'],
    [{ ...acme, 'public-url': 'https://localhost' }, 'needs --public-url with a host name'],
    [{ 'acme-directory-url': acme['acme-directory-url'] }, 'needs --public-url with a host name'],
    [{ ...acme, 'acme-directory-url': 'http://ca.example.net/dir' }, '--acme-directory-url must be an https address'],
    [{ ...acme, 'acme-email': 'me' }, '--acme-email must be an e-mail address'],
    [{ ...acme, 'acme-http-listen': ':80' }, '--acme-http-listen must be an IP address with a port'],
    [{ 'mail-from': 'a@b' }, 'A mail server and --mail-from belong together'],
    [{ 'smtp-url-file': 'x' }, 'A mail server and --mail-from belong together'],
    [{ 'smtp-url-file': 'x', 'mail-from': 'nobody' }, '--mail-from must be an e-mail address'],
    [{ 'smtp-url-file': 'x', 'smtp-url': 'y', 'mail-from': 'a@b' }, 'give one of them'],
    [{ 'oidc-issuer': 'https://issuer' }, 'belong together: give all three, or none'],
    [{ ...oidc, 'oidc-issuer': 'http://issuer' }, '--oidc-issuer must be an https address'],
    [{ ...oidc, 'oidc-issuer': 'https://a:b@issuer' }, '--oidc-issuer must be an https address'],
    [{ ...oidc, 'oidc-create-accounts': 'maybe' }, '--oidc-create-accounts must be yes or no'],
    [{ ...oidc, 'oidc-domains': 'example.net, @x' }, '--oidc-domains must be domains'],
    [{ 'metrics-listen': '0.0.0.0:9464' }, '--metrics-listen must be a loopback address'],
    [{ 'metrics-listen': '127.0.0.1' }, '--metrics-listen must be a loopback address'],
    [{ 'metrics-listen': '127.0.0.1:70000' }, '--metrics-listen must be a loopback address'],
    [{ 'webhook-allow': 'example.net' }, '--webhook-allow must be a list'],
    [{ 'webhook-allow': '10.0.0.0/33' }, '--webhook-allow must be a list'],
    [{ 'trusted-proxies': 'proxy.example.net' }, '--trusted-proxies must be a list'],
    [{ 'trusted-proxies': '10.0.0.1,' }, '--trusted-proxies must be a list'],
    [{ data: '  ' }, '--data is empty'],
    [{ data: 'a\0b' }, '--data holds a NUL character'],
  ])('refuses %j in one sentence', (flags, sentence) => {
    expect(() => loadConfig(flags, {})).toThrow(ConfigError);
    expect(() => loadConfig(flags, {})).toThrow(sentence);
  });

  it('names the variable when that is what cannot be read', () => {
    expect(() => loadConfig({}, { CLAIMSTEAD_PORT: 'many' })).toThrow(
      'CLAIMSTEAD_PORT must be a port number, 0 to 65535.',
    );
  });

  it('takes a certificate from an authority that speaks ACME', () => {
    const found = loadConfig({ ...acme, 'acme-http-listen': '[::]:8080', 'acme-email': 'me@example.net' }, {}).acme;
    expect(found?.publicUrl.hostname).toBe('cloud.example.net');
    expect(found?.config).toEqual({
      directoryUrl: new URL('https://ca.example.net/dir'),
      email: 'me@example.net',
      httpListen: { address: '::', port: 8080 },
      caFile: undefined,
    });
    expect(loadConfig(acme, {}).acme?.config.httpListen).toEqual({ address: '0.0.0.0', port: 80 });
  });

  it('takes a port for metrics on the loopback', () => {
    for (const [text, address] of [
      ['127.0.0.1:9464', '127.0.0.1'],
      ['[::1]:9464', '::1'],
    ] as const)
      expect(loadConfig({ 'metrics-listen': text }, {}).metricsListen).toEqual({ address, port: 9464 });
  });

  it('takes public URLs of names, IPv4 and IPv6 addresses', () => {
    for (const text of [
      'https://cloud.example.net',
      'https://10.0.0.1:8443',
      'https://[fd00::1]:8443',
      'https://Cloud.Example.NET/',
    ]) {
      expect(loadConfig({ 'public-url': text }, {}).publicUrl?.origin).toBe(new URL(text).origin);
    }
  });
});

describe('secrets', () => {
  it('come from a file or the environment, never from a flag', () => {
    expect(options.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['smtp-url', 'oidc-client-secret']);
    const mail = loadConfig({ 'mail-from': 'Cloud <c@example.net>' }, { CLAIMSTEAD_SMTP_URL: 'smtp://a:b@c' }).mail;
    expect(mail).toEqual({ server: { value: 'smtp://a:b@c' }, from: 'Cloud <c@example.net>' });
    expect(loadConfig(oidc, {}).oidc).toMatchObject({
      clientSecret: { file: resolve('secret') },
      createAccounts: false,
    });
  });

  it('of a mail server are one address', () => {
    expect(parseMailUrl('smtps://ada:p%40ss@mail.example.net:465')?.hostname).toBe('mail.example.net');
    for (const line of [
      'mail.example.net',
      'https://mail.example.net',
      'smtp://h/?tls.rejectUnauthorized=false',
      'smtp://',
    ])
      expect(parseMailUrl(line)).toBeUndefined();
  });
});

describe('the option table', () => {
  it('is what docs/configuration.md tells', () => {
    const file = fileURLToPath(new URL('../../../../docs/configuration.md', import.meta.url));
    expect(readFileSync(file, 'utf8')).toBe(configurationMarkdown());
  });

  it('names every option once, with a sentence', () => {
    expect(new Set(options.map((option) => environmentName(option.name))).size).toBe(options.length);
    expect(options.filter((option) => !/^[A-Z0-9a-z].*\.$/.test(option.sentence))).toEqual([]);
  });
});
