// Secrets that an operator gives: a file with one line, or a variable of the environment.

import { readFileSync } from 'node:fs';
import type { SecretSource } from './config-error.ts';
import { reasonOf, StartError } from './data-folder.ts';

/** Throws StartError; nothing that it says holds any of the secret. */
export function readSecret(source: SecretSource): string {
  if ('value' in source) return source.value.trim();
  let text: string;
  try {
    text = readFileSync(source.file, 'utf8').trim();
  } catch (cause) {
    throw new StartError(`Cannot read ${source.file} (${reasonOf(cause)}); give its user read rights.`, { cause });
  }
  if (text === '' || /[\r\n]/.test(text)) throw new StartError(`${source.file} must hold one line and nothing else.`);
  return text;
}
