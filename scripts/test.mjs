// `npm test`: installs what it needs, builds, and runs every test; the very last line is `N passed, N failed, N skipped`.
// Further arguments go to vitest: `npm test -- packages/wire` runs one folder, `npm test -- -t "a name"` one test.

import './lib/node-version.mjs';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ensurePrograms } from './lib/debian.mjs';
import { ensure, root } from './lib/ensure.mjs';
import { runShown } from './lib/run.mjs';
import { script } from './lib/tell.mjs';
import { countResults, closingLine } from './lib/results.mjs';

await script(async () => {
  let counts = { passed: 0, failed: 1, skipped: 0 };
  // Said last, whatever happens: also when something stops the run before its first test.
  process.once('exit', () => console.log(closingLine(counts)));
  await ensure();
  await ensurePrograms(
    ['git', 'chromium', 'certutil', 'strace', 'openssl', 'shellcheck', 'pebble'],
    'run the browser, power-cut, certificate and shell tests',
  );
  // Namespaces are root's; for anybody else these tests are skipped and say why.
  if (process.getuid?.() === 0) {
    await ensurePrograms(
      ['sudo', 'curl', 'less', 'ip', 'iptables', 'faketime', 'microsocks', 'tinyproxy', 'danted', 'dash', 'busybox'],
      'run the tests on a machine of their own',
    );
    await ensurePrograms(['smtpd'], 'run the tests with a mail server');
  }
  await build();
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-test-'));
  try {
    const report = join(folder, 'results.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    // Build machines keep text, and vitest colours it for them unless it is told not to.
    const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
    const args = [vitest, 'run', ...reporters, ...process.argv.slice(2)];
    const code = await runShown(process.execPath, args, { cwd: root, env });
    counts = countResults(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code);
    return counts.failed > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
