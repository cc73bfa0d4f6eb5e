// How each program ends: with its exit code, and with a sentence for whatever nobody expected.

import { exit, stderr, stdout } from 'node:process';
import { ConfigError } from '../config/setting-reader.ts';

/** Codes of `run` are its own; a setting that cannot be used is 1, a fault of the program `faultCode`. */
export async function runProgram(name: string, faultCode: number, run: () => Promise<number>): Promise<never> {
  // Whoever read along may have gone, as `head` does; the work goes on, and its exit code stays what it is.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  try {
    exit(await run());
  } catch (error) {
    const isExpected = error instanceof ConfigError;
    const words = error instanceof Error ? error.message : String(error);
    stderr.write(isExpected ? `${name}: ${words}\n` : `${name}: met a fault of its own: ${words}\n`);
    exit(isExpected ? 1 : faultCode);
  }
}
