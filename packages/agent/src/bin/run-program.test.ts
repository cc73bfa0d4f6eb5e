import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('who stops reading changes no exit code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  try {
    const source = join(folder, 'source.ts');
    const program = join(folder, 'program.mjs');
    const path = JSON.stringify(new URL('run-program.ts', import.meta.url).pathname);
    writeFileSync(
      source,
      `import { runProgram } from ${path};
      await runProgram('it', 7, async () => {
        for await (const _ of process.stdin) void _;
        for (let line = 0; line < 3; line++) {
          process.stdout.write('a line that nobody reads');
          await new Promise((resolve) => setImmediate(resolve));
        }
        return 19;
      });`,
    );
    const options = ['--bundle', '--platform=node', '--format=esm', `--outfile=${program}`];
    execFileSync('npx', ['esbuild', source, ...options], { stdio: 'ignore' });
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdout.destroy();
    await once(child.stdout, 'close');
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([19, null]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
