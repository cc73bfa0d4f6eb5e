// What the scripts say: progress of long steps, and one sentence with the remedy when something stops them.
// Reading order: node-version.mjs (may we run at all?), tell.mjs (this), run.mjs (children), packages.mjs (npm, Debian),
// ensure.mjs (all of it together), inputs.mjs and programs.mjs (the build). Plain Node without dependencies: these files run
// before anything is installed, and are kept readable for older Nodes so that those can be told to go.

/** Ends a script with one sentence (cause, then remedy) and exit code 1; never a stack trace. */
export class Stop extends Error {}

const refusals = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']);

/** The sentence for whatever was thrown, or undefined when it is a fault of ours, which deserves its stack. */
export function sentenceOf(error) {
  if (error instanceof Stop) return error.message;
  if (error && refusals.has(error.code) && error.path) {
    const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
    const remedy = full ? 'make room on that disk' : 'make it writable for this user, or run as its owner';
    return `Cannot write ${error.path} (${error.code}): ${remedy}, then run the command again.`;
  }
  return undefined;
}

/** Runs a script's main function; its number is the exit code, nothing means 0. */
export async function script(main) {
  try {
    process.exitCode = (await main()) || 0;
  } catch (error) {
    console.error(sentenceOf(error) || error);
    process.exitCode = 1;
  }
}

export const seconds = (fromMs) => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;

/** Shows that a long step is alive: a line that counts on a terminal, a line every 15 s in a log. Returns what `work` returns. */
export async function withProgress(doing, work) {
  const start = performance.now();
  const live = process.stderr.isTTY;
  if (!live) console.error(`${doing} …`);
  const timer = setInterval(
    () => {
      const line = `${doing} … ${Math.round((performance.now() - start) / 1000)} s`;
      if (live) process.stderr.write(`\r\u001b[K${line}`);
      else console.error(line);
    },
    live ? 500 : 15_000,
  );
  try {
    const result = await work();
    if (live) process.stderr.write('\r\u001b[K');
    console.error(`${doing}: done in ${seconds(start)}`);
    return result;
  } catch (error) {
    if (live) process.stderr.write('\r\u001b[K');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
