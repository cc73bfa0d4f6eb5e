// Long-running programs of ours: start one, hear its lines, stop it orderly. Each runs in a process group of its own, so that a
// Ctrl-C on the terminal reaches only the script, which then stops them in the right order.

import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from './ensure.mjs';
import { Stop } from './tell.mjs';

/** After SIGTERM: draining takes the Cloud a few seconds at most. */
const stopWithinMs = 15_000;

/**
 * Starts `bin/<name>`. stderr is appended to `logFile`; `onLine` gets stdout line by line.
 * Returns { name, exited: Promise<{ code, signal }>, hasEnded(), lastWords(), stop(), kill() }.
 */
export function startProgram(name, args, { env = process.env, logFile, onLine }) {
  const log = openSync(logFile, 'a', 0o640);
  const logStart = statSync(logFile).size;
  const child = spawn(`${root}/bin/${name}`, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  createInterface({ input: child.stdout }).on('line', onLine);
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  // A failure to start is met where `exited` is awaited; without a waiter it must not end the script.
  exited.catch(() => {});
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  /** The whole group, at once. */
  const kill = () => {
    if (!hasEnded()) process.kill(-Number(child.pid), 'SIGKILL');
  };
  return {
    name,
    exited,
    hasEnded,
    kill,
    /** The last line for people (not a JSON log line) that it wrote to stderr since it was started. */
    lastWords: () =>
      readFileSync(logFile)
        .subarray(logStart)
        .toString()
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('{'))
        .slice(-1)[0],
    /** SIGTERM, then patience, then SIGKILL for the whole group. Resolves when it is gone. */
    stop: async () => {
      if (hasEnded()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => kill(), stopWithinMs);
      await exited.finally(() => clearTimeout(timer));
    },
  };
}

/** Resolves with what `wait` resolves with, unless the program ends or the time is over before: then stops with a sentence. */
export async function whileItRuns(program, wait, { withinMs, sentence }) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Stop(sentence)), withinMs);
  });
  const gone = program.exited.then(({ code, signal }) => {
    throw new Stop(program.lastWords() || `${program.name} ended unexpectedly (${signal || `exit code ${code}`}).`);
  });
  try {
    return await Promise.race([wait, gone, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `bin/<name>` to its end. Resolves with { code, stdout, stderr }. */
export function runProgram(name, args, { env = process.env } = {}) {
  return new Promise((resolve) => {
    execFile(`${root}/bin/${name}`, args, { cwd: root, env, maxBuffer: 67_108_864 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
    });
  });
}

/** Like runProgram, but anything other than exit code 0 stops the script with the program's own last sentence. */
export async function demand(name, args, options) {
  const { code, stdout, stderr } = await runProgram(name, args, options);
  if (code === 0) return stdout;
  throw new Stop(stderr.trim().split('\n').slice(-1)[0] || `${name} ${args[0] || ''} failed with exit code ${code}.`);
}
