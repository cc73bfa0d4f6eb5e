// A Cloud: `claimstead serve` on a free port with a data folder of its own.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, run, start, type Finished, type Running } from './programs.ts';
import { createCloudClient, type CloudClient } from './cloud-client.ts';

export interface Cloud {
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly process: Running;
  readonly caPem: string;
  readonly password: string;
  admin(...args: string[]): Promise<Finished>;
  /** A new claiming token. */
  token(...args: string[]): Promise<string>;
  nodes(): Promise<AdminNode[]>;
  /** Signed in as the first administrator. */
  client(): Promise<CloudClient>;
}

export interface AdminNode {
  nodeId: string;
  claimId: string;
  machineGuid: string;
  hostname: string;
  state: 'unseen' | 'live' | 'stale' | 'offline';
  rooms: string[];
  since: string;
}

export const administrator = 'admin@localhost';

/** Started again on the same folder and port, it is the same Cloud. */
export async function startCloud(options: {
  dataFolder: string;
  port?: number;
  args?: readonly string[];
}): Promise<Cloud> {
  const { dataFolder, args = [] } = options;
  const port = options.port ?? (await freePort());
  const passwordFile = join(dataFolder, 'password');
  const known = await readFile(passwordFile, 'utf8').catch(() => undefined);
  const withPassword = known === undefined ? ['--password-file', passwordFile] : [];
  const process = start('claimstead', [
    'serve',
    '--data',
    dataFolder,
    '--port',
    String(port),
    ...withPassword,
    ...args,
  ]);
  const [, url = ''] = await process.printed(/^ready (\S+)$/m);
  const admin = (...words: string[]): Promise<Finished> => {
    const [command = '', ...rest] = words;
    return run('claimstead', ['admin', command, '--data', dataFolder, ...rest]);
  };
  const ok = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await admin(...words);
    if (code !== 0) throw new Error(`claimstead admin ${words.join(' ')}: ${code} ${stderr}`);
    return stdout;
  };
  const password = (known ?? (await readFile(passwordFile, 'utf8'))).trim();
  const caPem = await ok('ca');
  return {
    url,
    port,
    dataFolder,
    process,
    caPem,
    password,
    admin,
    token: async (...words) => (await ok('token', ...words)).trim(),
    nodes: async () => JSON.parse(await ok('nodes', '--json')) as AdminNode[],
    client: () => createCloudClient({ url, caPem, email: administrator, password }),
  };
}
