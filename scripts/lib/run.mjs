// Children of the scripts: run one to its end, keeping only the last lines of what it said.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The absolute path of a program in PATH, or undefined. */
export function find(program) {
  for (const folder of (process.env.PATH || '').split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * Runs a program to its end without showing its output. Resolves with its exit code (128 + number for a signal) and its
 * last `keptLines` lines of stdout and stderr together; rejects only when it cannot be started.
 */
export function runQuietly(program, args, { cwd, env = process.env, keptLines = 30 }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const keep = (chunk) => {
      // 256 KiB hold any 30 lines worth reading and bound a chatty child.
      text = (text + chunk).slice(-262_144);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      resolve({ code: code === null ? 128 : code, signal, lastLines: lines.slice(-keptLines) });
    });
  });
}

/** Runs a program with its output passed through. Resolves with its exit code. */
export function runShown(program, args, { cwd, env = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code === null ? 128 : code));
  });
}
