// `claimstead admin …`: one question over the private socket, its answer on stdout, or one sentence on stderr.

import { ConfigError, loadDataFolder } from '../config/load.ts';
import { askCloud, NoCloud, type ControlAnswer } from '../control/control-client.ts';
import type { AdminNode } from '../control/control-commands.ts';

/** The Cloud refused; the message is its sentence. */
class Refused extends Error {}

/** Each prints its answer on stdout. */
export interface AdminCommands {
  token(wanted: { rooms: readonly string[]; uses: number | null }): Promise<void>;
  nodes(form: { asJson: boolean }): Promise<void>;
  ca(): Promise<void>;
  query(node: string, target: string): Promise<void>;
  signIn(): Promise<void>;
}

/** `data` is the flag as given. */
export function createAdminCommands(
  data: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): AdminCommands {
  const ask = (command: string, body: object = {}): Promise<ControlAnswer> =>
    askCloud(loadDataFolder(data, environment), command, body);
  const askJson = async (command: string, body: object = {}): Promise<unknown> => {
    const answer = await ask(command, body);
    if (answer.status !== 200) throw new Refused(sentenceOf(answer));
    return JSON.parse(answer.body.toString('utf8'));
  };

  return {
    async token(wanted) {
      const { token } = (await askJson('token', wanted)) as { token: string };
      await print(`${token}\n`);
    },
    async nodes({ asJson }) {
      const nodes = (await askJson('nodes')) as AdminNode[];
      await print(asJson ? `${JSON.stringify(nodes, undefined, 2)}\n` : table(nodes));
    },
    async ca() {
      const { pem } = (await askJson('ca')) as { pem: string };
      await print(pem);
    },
    async query(node, target) {
      const answer = await ask('query', { node, target });
      if (answer.contentType === 'application/problem+json') throw new Refused(sentenceOf(answer));
      await print(answer.body);
      if (answer.status < 200 || answer.status > 299)
        throw new Refused(`The node answered with status ${answer.status}.`);
    },
    async signIn() {
      const { code } = (await askJson('sign-in')) as { code: string };
      await print(`${code}\n`);
    },
  };
}

/** 0, or 1 with one sentence on stderr; 2 for a value that cannot be read. */
export async function runToExitCode(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    const isKnown = error instanceof Refused || error instanceof NoCloud || error instanceof ConfigError;
    process.stderr.write(
      `claimstead: ${isKnown ? error.message : 'The Cloud answered something that this program does not know; both should be of one version.'}\n`,
    );
    return error instanceof ConfigError ? 2 : 1;
  }
}

function sentenceOf(answer: ControlAnswer): string {
  const problem = JSON.parse(answer.body.toString('utf8')) as { message?: unknown };
  return typeof problem.message === 'string' ? problem.message : `The Cloud refused with status ${answer.status}.`;
}

/** Waits until it is written: the process may end right after. */
function print(content: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(content, (error) => (error ? reject(error) : resolve())),
  );
}

function table(nodes: readonly AdminNode[]): string {
  if (nodes.length === 0) return 'No node is claimed yet; claimstead admin token prints a token to claim one with.\n';
  const rows = nodes.map((node) => [
    visible(node.hostname),
    node.state,
    node.since,
    node.nodeId,
    visible(node.rooms.join(', ')),
  ]);
  const all = [['HOST', 'STATE', 'SINCE', 'NODE', 'ROOMS'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Host names come from agents: nothing in them may steer a terminal. */
const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
