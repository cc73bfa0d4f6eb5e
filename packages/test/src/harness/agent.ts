// An agent: `netdata` with all its folders below one of its own.

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, run, start, type Environment, type Finished, type Running } from './programs.ts';

export interface Agent {
  readonly folder: string;
  readonly port: number;
  readonly env: Environment;
  readonly process: Running;
  readonly claimFolder: string;
  /** `GET` on its own port: status and body. */
  get(path: string): Promise<{ status: number; body: string }>;
  info(): Promise<
    Record<'cloud-enabled' | 'cloud-available' | 'agent-claimed' | 'aclk-available', boolean> & { uid: string }
  >;
  cli(...words: string[]): Promise<Finished>;
  claim(...args: string[]): Promise<Finished>;
  errorLog(): Promise<string>;
}

export interface AgentOptions {
  folder: string;
  /** Put into claim.d/cloud_fullchain.pem. */
  caPem?: string;
  port?: number;
  /** More lines of netdata.conf. */
  conf?: string;
  hostname?: string;
  /** More words of the command line. */
  args?: readonly string[];
}

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { folder } = options;
  const port = options.port ?? (await freePort());
  const [config, lib, log, runFolder] = ['etc', 'lib', 'log', 'run'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const claimFolder = join(config, 'claim.d');
  await mkdir(claimFolder, { recursive: true });
  await chmod(claimFolder, 0o750);
  for (const one of [lib, log, runFolder]) await mkdir(one, { recursive: true });
  if (options.caPem !== undefined) await writeFile(join(claimFolder, 'cloud_fullchain.pem'), options.caPem);
  const hostname = options.hostname === undefined ? '' : `[global]\n  hostname = ${options.hostname}\n`;
  await writeFile(
    join(config, 'netdata.conf'),
    `${hostname}[web]\n  bind to = 127.0.0.1:${port}\n${options.conf ?? ''}`,
  );
  const env = {
    NETDATA_USER_CONFIG_DIR: config,
    NETDATA_LIB_DIR: lib,
    NETDATA_LOG_DIR: log,
    NETDATA_RUN_DIR: runFolder,
  };
  const process = start('netdata', ['-D', ...(options.args ?? [])], { env });
  const get = async (path: string): Promise<{ status: number; body: string }> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  const agent: Agent = {
    folder,
    port,
    env,
    process,
    claimFolder,
    get,
    info: async () => JSON.parse((await get('/api/v1/info')).body) as Awaited<ReturnType<Agent['info']>>,
    cli: (...words) => run('netdatacli', words, { env }),
    claim: (...args) => run('netdata-claim.sh', args, { env }),
    errorLog: () => readFile(join(log, 'error.log'), 'utf8'),
  };
  await eventually(async () => {
    if (process.child.exitCode !== null) throw new Error(`netdata ended: ${process.stderr()}`);
    return (await get('/api/v1/info').catch(() => undefined))?.status === 200 ? true : undefined;
  });
  return agent;
}
