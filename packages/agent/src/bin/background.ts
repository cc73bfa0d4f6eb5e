// -d: the daemon as a process of its own. Its options go through a pipe, because a token may be among them and arguments are everybody's to see.

import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execArgv, execPath, stderr, stdin } from 'node:process';
import { actAs } from '../config/act-as.ts';
import type { AgentConfig } from '../config/load.ts';
import { chooseAccount, prepareFolders, StartError } from '../main-process.ts';
import { backgroundMark } from './netdata-arguments.ts';

/** Where that process says that it answers; the starting one waits for it. */
const readyFd = 3;

/** Starts `program` with `words` and waits until it answers or ends. Resolves with the exit code of the command that was typed. */
export async function runInBackground(program: string, words: readonly string[], config: AgentConfig): Promise<number> {
  let log: number;
  let saidBefore: number;
  const file = join(config.directories.log, 'error.log');
  try {
    const account = await chooseAccount(config);
    await prepareFolders(config, account);
    // The process keeps it open after it has become that user, so it must be a file that they may write.
    log = await actAs(account, async () => openSync(file, 'a+', 0o640));
    saidBefore = fstatSync(log).size;
  } catch (cause) {
    const reason = cause instanceof StartError ? cause.message : `Cannot write ${file}: ${String(cause)}.`;
    stderr.write(`netdata: ${reason}\n`);
    return 1;
  }
  // What it says itself goes to its log; stdout and stderr only hold what nobody expected.
  const child = spawn(execPath, [...execArgv, program, backgroundMark], {
    detached: true,
    stdio: ['pipe', log, log, 'pipe'],
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      stderr.write(`netdata: Cannot start a process in the background: ${error.message}.\n`);
      resolve(1);
    });
    child.once('exit', (code) => {
      stderr.write(`netdata: It ended at once; ${file} says:\n${readFrom(log, saidBefore)}`);
      resolve(code === null || code === 0 ? 1 : code);
    });
    child.stdio[readyFd]?.once('data' as 'close', () => {
      child.unref();
      resolve(0);
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(JSON.stringify(words));
  });
}

/** What was added to the log since, as far as a person would read it. A log that is a pipe or a terminal has nothing to read. */
function readFrom(log: number, offset: number): string {
  const last = Buffer.alloc(4096);
  try {
    const bytes = readSync(log, last, 0, last.length, Math.max(offset, fstatSync(log).size - last.length));
    return last.toString('utf8', 0, bytes);
  } catch {
    return '';
  }
}

/** In the process in the background: the words of the command line, without -d. */
export async function readBackgroundWords(): Promise<string[]> {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return JSON.parse(text) as string[];
}

/** In the process in the background: it answers now. */
export function tellStarter(): void {
  try {
    writeSync(readyFd, 'ready');
    closeSync(readyFd);
  } catch {
    // Whoever started it did not wait.
  }
}
