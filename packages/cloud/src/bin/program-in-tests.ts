// The program for tests, as it is shipped: bundled into one file.

import { build } from 'esbuild';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Bundle {
  /** What node runs. */
  program: string;
  remove(): void;
}

export async function bundleProgram(): Promise<Bundle> {
  const built = mkdtempSync(join(tmpdir(), 'claimstead-bundle-'));
  const program = join(built, 'claimstead.js');
  writeFileSync(join(built, 'package.json'), '{"type":"module"}');
  symlinkSync(fileURLToPath(new URL('../../../../node_modules', import.meta.url)), join(built, 'node_modules'));
  await build({
    entryPoints: [fileURLToPath(new URL('./claimstead.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['better-sqlite3', '@node-rs/argon2'],
    loader: { '.sh': 'text' },
    banner: {
      js: `import { createRequire as testRequire } from 'node:module'; const require = testRequire(import.meta.url);`,
    },
    logLevel: 'error',
  });
  return { program, remove: () => rmSync(built, { recursive: true }) };
}
