// SMTP, by nodemailer.

import { createTransport } from 'nodemailer';
import type { Transport } from './mail.ts';

export interface MailServer {
  /** smtp:// or smtps://, with user and password where it wants them. */
  url: URL;
  /** `Name <address>`, or an address. */
  from: string;
}

const timeoutMs = 15_000;

export function createSmtpTransport({ url, from }: MailServer): Transport {
  const user = decodeURIComponent(url.username);
  const isOwnMachine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password and a link that resets one do not go over a network in the clear, whatever the server offers.
    requireTLS: !secure && !isOwnMachine,
    ignoreTLS: !secure && isOwnMachine && user === '',
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text }) => {
    // As parts, not as text: an address with a comma or a line break names one receiver or none.
    await transport.sendMail({
      from,
      to: { name: '', address: to },
      subject,
      text,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  };
}
