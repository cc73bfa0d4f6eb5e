// What a person may say after `npm run demo --`.

import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { Stop } from './tell.mjs';

const usage = `npm run demo -- [--port N] [--data DIR] [--agent-port N] [--once]
  --port N        port of the Cloud (8443)
  --data DIR      folder for everything that the demo keeps (./.claimstead)
  --agent-port N  port of the Agent's own page (19999)
  --once          check one query through the Cloud against the Agent's own answer, then stop`;

/**
 * Reads the arguments. Returns { help: true } or { port, agentPort, data, once }; `data` is absolute.
 * Stops with a sentence for an option that does not exist or a value that cannot be.
 */
export function readDemoOptions(args, cwd) {
  const options = { port: 8443, agentPort: 19999, data: resolve(cwd, '.claimstead'), once: false };
  const left = args.flatMap((arg) =>
    /^--[a-z-]+=/.test(arg) ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] : [arg],
  );
  while (left.length > 0) {
    const name = left.shift();
    if (name === '--help' || name === '-h') {
      console.log(usage);
      return { help: true };
    }
    if (name === '--once') options.once = true;
    else if (name === '--port') options.port = portOf(name, left.shift());
    else if (name === '--agent-port') options.agentPort = portOf(name, left.shift());
    else if (name === '--data') {
      const folder = left.shift();
      if (!folder) throw new Stop('--data needs a folder, for example --data /var/tmp/claimstead.');
      options.data = resolve(cwd, folder);
    } else throw new Stop(`The demo has no option ${name}; it takes:\n${usage}`);
  }
  if (options.port === options.agentPort)
    throw new Stop(`--port and --agent-port are both ${options.port}; give them different ports.`);
  return options;
}

function portOf(option, text) {
  if (!/^\d{1,5}$/.test(text || '') || Number(text) < 1 || Number(text) > 65_535) {
    throw new Stop(`${option} needs a port from 1 to 65535, for example ${option} 9443.`);
  }
  return Number(text);
}

/** Stops with a sentence that names the port and the option when something listens there already. */
export async function ensureFreePort(port, option, whose) {
  const code = await new Promise((settle) => {
    const server = createServer();
    server.once('error', (error) => settle(error.code));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => settle(undefined)));
  });
  if (code === 'EADDRINUSE') {
    throw new Stop(
      `Port ${port}, for ${whose}, is in use (perhaps by a demo that still runs): stop that program, or choose another port with ${option} N.`,
    );
  }
  if (code === 'EACCES')
    throw new Stop(`Port ${port}, for ${whose}, is reserved for root: choose one above 1023 with ${option} N.`);
  if (code !== undefined)
    throw new Stop(`Port ${port}, for ${whose}, cannot be listened on (${code}): choose another with ${option} N.`);
}
