// `npm run demo`: a Cloud and an Agent on this machine, claimed to it, with live metrics in a browser. Ctrl-C stops both.
// It only drives the programs in bin/, as a person would; --once proves one relayed query and stops.

import './lib/node-version.mjs';
import { build } from './lib/build.mjs';
import { ensureFreePort, readDemoOptions } from './lib/demo-options.mjs';
import { ensure } from './lib/ensure.mjs';
import { script } from './lib/tell.mjs';

await script(async () => {
  const options = readDemoOptions(process.argv.slice(2), process.cwd());
  if (options.help) return 0;
  await ensureFreePort(options.port, '--port', 'the Cloud');
  await ensureFreePort(options.agentPort, '--agent-port', 'the Agent');
  await ensure();
  await build();
  const { runDemo } = await import('./lib/demo-story.mjs');
  return runDemo(options);
});
