// Whether and how the Cloud writes letters.

import { ConfigError, secretSource, type Reading, type SecretSource } from './config-error.ts';

export interface MailConfig {
  server: SecretSource;
  from: string;
}

export function loadMail(reading: Reading): MailConfig | undefined {
  const server = secretSource(reading, 'smtp-url-file', 'smtp-url');
  const from = reading.text('mail-from');
  if ((server === undefined) !== (from === undefined))
    throw new ConfigError(
      'A mail server and --mail-from belong together: give both, or neither and the Cloud sends no mail.',
    );
  if (server === undefined || from === undefined) return undefined;
  if (!/^([^<>\p{Cc}]* )?<?[^\s<>@,]+@[^\s<>@,]+>?$/u.test(from))
    reading.refuse('mail-from', 'an e-mail address, e.g. Claimstead <cloud@example.net>');
  return { server, from };
}

/** The line of a mail server. Undefined = it is none; the line itself is never repeated, for its password. */
export function parseMailUrl(line: string): URL | undefined {
  if (!URL.canParse(line)) return undefined;
  const url = new URL(line);
  const isBare = ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '';
  return ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '' && isBare ? url : undefined;
}
