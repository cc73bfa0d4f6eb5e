// Every option of `claimstead serve`: flags, environment names, --help and docs/configuration.md come from this table.
// Reading order: options.ts, load.ts (reads and checks), data-folder.ts (what lies where).

export interface Option {
  /** Flag without its dashes; the environment name is CLAIMSTEAD_ and this in capitals. */
  name: OptionName;
  /** What stands for the value in --help. */
  placeholder: string;
  /** As text, the way a person would give it; undefined = no value. */
  default: string | undefined;
  /** Shown in --help instead of the default where that is worked out. */
  defaultWords: string | undefined;
  /** Never shown, printed or logged, and taken from the environment alone: arguments of a program are read by everybody on the machine. */
  secret: boolean;
  sentence: string;
}

export type OptionName =
  | 'data'
  | 'port'
  | 'listen'
  | 'public-url'
  | 'cert'
  | 'key'
  | 'acme-directory-url'
  | 'acme-email'
  | 'acme-http-listen'
  | 'acme-ca-file'
  | 'password-file'
  | 'web'
  | 'log-level'
  | 'smtp-url-file'
  | 'smtp-url'
  | 'mail-from'
  | 'oidc-issuer'
  | 'oidc-client-id'
  | 'oidc-client-secret-file'
  | 'oidc-client-secret'
  | 'oidc-label'
  | 'oidc-domains'
  | 'oidc-create-accounts'
  | 'trusted-proxies'
  | 'metrics-listen'
  | 'metrics-token-file'
  | 'webhook-allow';

const option = (
  name: OptionName,
  placeholder: string,
  fallback: string | undefined,
  sentence: string,
  defaultWords?: string,
): Option => ({
  name,
  placeholder,
  default: fallback,
  defaultWords,
  secret: false,
  sentence,
});

const secretOption = (name: OptionName, placeholder: string, sentence: string): Option => ({
  ...option(name, placeholder, undefined, sentence, 'none'),
  secret: true,
});

export const options: readonly Option[] = [
  option('data', 'DIR', '.claimstead', 'Folder of everything that is kept; the Cloud uses DIR/cloud in it.'),
  option('port', 'N', '8443', 'TCP port of pages, API, claims and links; 0 takes a free one.'),
  option('listen', 'ADDR', '127.0.0.1', 'Address to listen on; 0.0.0.0 or :: for every one of this machine.'),
  option(
    'public-url',
    'URL',
    undefined,
    'What agents and browsers reach this Cloud by; goes into commands and certificate. https, without a path.',
    'https://localhost:PORT',
  ),
  option(
    'cert',
    'FILE',
    undefined,
    'Certificate chain in PEM, instead of one that the Cloud makes itself; needs --key.',
    'a private one',
  ),
  option('key', 'FILE', undefined, 'Private key of --cert in PEM, without a passphrase.', 'a private one'),
  option(
    'acme-directory-url',
    'URL',
    undefined,
    'Directory of a certificate authority that speaks ACME; needs --public-url with a host name, and whoever gives it agrees to the terms of that authority.',
    'a private one',
  ),
  option('acme-email', 'ADDRESS', undefined, 'Whom that authority may write to.', 'nobody'),
  option(
    'acme-http-listen',
    'ADDR:PORT',
    '0.0.0.0:80',
    'Where the question of that authority arrives; port 80 of the public host must lead here. [::]:80 for IPv6, too.',
  ),
  option(
    'acme-ca-file',
    'FILE',
    undefined,
    'Certificate of the authority, in PEM, that the directory itself is trusted by.',
    "the system's",
  ),
  option(
    'password-file',
    'FILE',
    undefined,
    'Where the first start writes the one-time password of the administrator, instead of printing it; must not exist yet.',
    'printed once',
  ),
  option('web', 'DIR', undefined, 'Folder of the built web pages.', 'beside the program'),
  option('log-level', 'LEVEL', 'info', 'debug, info, warn or error; the log goes to stderr as JSON lines.'),
  option(
    'smtp-url-file',
    'FILE',
    undefined,
    'File with the mail server in one line, smtps://USER:PASSWORD@HOST:PORT or smtp://…; invitations, password resets and warnings go out by it.',
    'no mail is sent',
  ),
  secretOption('smtp-url', 'URL', 'The same, without a file.'),
  option(
    'mail-from',
    'ADDRESS',
    undefined,
    'Who mails are from, e.g. Claimstead <cloud@example.net>; a mail server needs it.',
    'none',
  ),
  option(
    'oidc-issuer',
    'URL',
    undefined,
    'OpenID Connect issuer that people may sign in with; needs --oidc-client-id and its secret.',
    'none',
  ),
  option('oidc-client-id', 'ID', undefined, 'What this Cloud is called at the issuer.', 'none'),
  option(
    'oidc-client-secret-file',
    'FILE',
    undefined,
    'File with what this Cloud proves itself with at the issuer, in one line.',
    'none',
  ),
  secretOption('oidc-client-secret', 'SECRET', 'The same, without a file.'),
  option('oidc-label', 'TEXT', 'single sign-on', 'Name of the issuer on the button of the sign-in page.'),
  option('oidc-domains', 'D1,D2', undefined, 'Domains of e-mail addresses that the issuer may sign in.', 'every one'),
  option(
    'oidc-create-accounts',
    'yes|no',
    'no',
    'Whether somebody whom only the issuer knows gets an account; no: an account with the verified address must exist.',
  ),
  option(
    'trusted-proxies',
    'LIST',
    undefined,
    'Reverse proxies in front of this Cloud: 10.1.0.7,fd00:1::7. What they append to X-Forwarded-For is where a request comes from, to limits, networks of tokens, sessions and the audit. A network may be named where nothing but such proxies is in it: whoever is named may say anything.',
    'none, nobody is believed',
  ),
  option(
    'metrics-listen',
    'ADDR:PORT',
    undefined,
    'A port for Prometheus alone, plain HTTP without a password, so on the loopback only: 127.0.0.1:9464 or [::1]:9464.',
    'none',
  ),
  option(
    'metrics-token-file',
    'FILE',
    undefined,
    'File with a token of at least 32 characters; who sends it as Bearer may read /metrics on the port of the pages.',
    'nobody may',
  ),
  option(
    'webhook-allow',
    'LIST',
    undefined,
    'Addresses and networks of your own that webhooks may be sent to, and http for those without TLS: 10.1.0.0/16,192.168.7.9,http.',
    'https, and no private network',
  ),
];

export const environmentName = (name: OptionName): string => `CLAIMSTEAD_${name.toUpperCase().replaceAll('-', '_')}`;

/** docs/configuration.md, whole. */
export function configurationMarkdown(): string {
  const rows = options.map((entry) => {
    const fallback = entry.defaultWords ?? `\`${entry.default ?? ''}\``;
    const flag = entry.secret ? 'none, it is secret' : `\`--${entry.name} ${entry.placeholder}\``;
    return `| ${flag} | \`${environmentName(entry.name)}\` | ${fallback} | ${entry.sentence} |`;
  });
  return [
    '# Configuration of the Cloud',
    '',
    '<!-- Generated from packages/cloud/src/config/options.ts; do not edit. -->',
    '',
    'A flag wins over its environment variable, which wins over the default. A value that cannot be read stops the start with one',
    'sentence that names the option, and exit code 2.',
    '',
    '| Flag of `claimstead serve` | Environment | Default | Meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '`claimstead admin …` takes `--data` (or its environment variable) alone: it talks to the running Cloud over a private socket',
    'in that folder.',
    '',
  ].join('\n');
}
