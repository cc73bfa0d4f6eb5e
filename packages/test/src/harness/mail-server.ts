// Debian's OpenSMTPD in a process of its own: takes letters for everybody and puts them into one file. It keeps a queue of its own and runs once
// on a machine, as root.

import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, start, type Running } from './programs.ts';

const program = '/usr/sbin/smtpd';

/** Undefined when one can be started; otherwise why not. */
export const mailServerIsMissing = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'a mail server is started by root alone';
  if (!existsSync(program)) return 'Debian’s opensmtpd is not installed';
  return existsSync('/var/run/smtpd.sock') ? 'a mail server runs on this machine already' : undefined;
};

export interface MailServer {
  port: number;
  process: Running;
  /** The first letter that fits, decoded as far as plain letters need it. */
  letter(fits: RegExp): Promise<string>;
}

/** Started again on the same port, it is the same server. */
export async function startMailServer(folder: string, given?: number): Promise<MailServer> {
  const port = given ?? (await freePort());
  const letters = join(folder, 'letters');
  await mkdir(letters, { recursive: true });
  // Written by the system's `nobody`.
  await chmod(folder, 0o755);
  await chmod(letters, 0o777);
  const file = join(letters, 'all');
  const config = join(folder, 'smtpd.conf');
  await writeFile(
    config,
    `table everybody { "@" = "nobody" }
listen on 127.0.0.1 port ${port}
action "keep" mda "/bin/cat >> ${file}" virtual <everybody>
match from any for any action "keep"
`,
  );
  const running = start(program, ['-d', '-f', config]);
  await eventually(() => (running.stderr().includes('starting') ? true : undefined));
  return {
    port,
    process: running,
    letter: (fits) =>
      eventually(async () => {
        const all = await readFile(file, 'utf8').catch(() => '');
        const plain = all.replaceAll('=\n', '').replaceAll('=3D', '=');
        return plain.split(/^Return-Path: /m).find((one) => fits.test(one));
      }),
  };
}
