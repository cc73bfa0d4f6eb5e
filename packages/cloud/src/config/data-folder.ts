// What lies where below the data folder. Everything of the Cloud is in DIR/cloud, which only its user may enter.

import { accessSync, chmodSync, constants } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from './make-folders.ts';

export interface CloudFolder {
  folder: string;
  databaseFile: string;
  lockFile: string;
  controlSocket: string;
  tlsFolder: string;
  sealKeyFile: string;
}

export function cloudFolder(dataFolder: string): CloudFolder {
  const folder = join(dataFolder, 'cloud');
  return {
    folder,
    databaseFile: join(folder, 'claimstead.db'),
    lockFile: join(folder, 'lock.db'),
    controlSocket: join(folder, 'control.sock'),
    tlsFolder: join(folder, 'tls'),
    sealKeyFile: join(folder, 'seal.key'),
  };
}

/** A start that cannot be; the message is one sentence with the remedy, the exit code is 1. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}

/** Makes the folders that are missing, private to the user. Throws StartError. */
export function prepareFolder(dataFolder: string): CloudFolder {
  const paths = cloudFolder(dataFolder);
  for (const folder of [paths.folder, paths.tlsFolder]) {
    try {
      makeFolders(folder, 0o700);
      chmodSync(folder, 0o700);
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw new StartError(
        `Cannot write in ${folder} (${reasonOf(cause)}); make it writable, or give another folder with --data.`,
        { cause },
      );
    }
  }
  return paths;
}

/** The system's own word for why, e.g. EACCES. */
export const reasonOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown reason';
