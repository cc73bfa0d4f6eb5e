// What the readers of options share.

import type { OptionName } from './options.ts';

/** A value that cannot be read. The message is one sentence for the person who started the program; the exit code is 2. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

export interface Reading {
  text(name: OptionName): string | undefined;
  /** Absolute. */
  file(name: OptionName): string | undefined;
  /** Throws ConfigError; `needed` completes "… must be …". */
  refuse(name: OptionName, needed: string): never;
  /** How a complaint names the value's origin. */
  origin(name: OptionName): string;
}

/** Where a secret is; it is read at the start, and nowhere written down. */
export type SecretSource = { file: string } | { value: string };

/** From a file or the environment; undefined where neither is given. */
export function secretSource(
  { text, file }: Reading,
  fileName: OptionName,
  valueName: OptionName,
): SecretSource | undefined {
  const [path, value] = [file(fileName), text(valueName)];
  if (path !== undefined && value !== undefined)
    throw new ConfigError(`--${fileName} and the same in the environment are given: give one of them.`);
  return path !== undefined ? { file: path } : value !== undefined ? { value } : undefined;
}
