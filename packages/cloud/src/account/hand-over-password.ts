// The one-time password of the first start reaches one place: a file that did not exist before, or the console.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { reasonOf, StartError } from '../config/data-folder.ts';
import { firstAdministratorEmail } from './first-administrator.ts';

/** The returned function throws StartError when the file cannot be made; then no account is made either. */
export function handOverPassword(parts: {
  passwordFile: string | undefined;
  print: (email: string, password: string) => void;
}): (password: string) => void {
  const { passwordFile, print } = parts;
  if (passwordFile === undefined) return (password) => print(firstAdministratorEmail, password);
  return (password) => {
    let fd: number;
    try {
      // Exclusive: neither an existing file nor a link that somebody planted there is written through.
      fd = openSync(passwordFile, 'wx', 0o600);
    } catch (cause) {
      const reason = reasonOf(cause);
      throw new StartError(
        reason === 'EEXIST'
          ? `--password-file ${passwordFile} exists already; give a path where nothing is yet.`
          : `Cannot write --password-file ${passwordFile} (${reason}); give a path in a folder that this user may write.`,
        { cause },
      );
    }
    try {
      writeSync(fd, `${password}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  };
}
