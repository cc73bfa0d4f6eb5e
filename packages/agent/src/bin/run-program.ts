// How each program ends: with its exit code, and with a sentence for whatever nobody expected.

import { exit, stderr } from 'node:process';
import { ConfigError } from '../config/setting-reader.ts';

/** Codes of `run` are its own; a setting that cannot be used is 1, a fault of the program `faultCode`. */
export async function runProgram(name: string, faultCode: number, run: () => Promise<number>): Promise<never> {
  try {
    exit(await run());
  } catch (error) {
    const isExpected = error instanceof ConfigError;
    const words = error instanceof Error ? error.message : String(error);
    stderr.write(isExpected ? `${name}: ${words}\n` : `${name}: met a fault of its own: ${words}\n`);
    exit(isExpected ? 1 : faultCode);
  }
}
