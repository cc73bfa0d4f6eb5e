// What netdatacli can ask of the daemon.

import type { ControlCommand } from './control-server.ts';

export interface CommandParts {
  version: string;
  /** Reads claim.d again; the sentence says what the link does now. `refused` when there is nothing that could be done. */
  reloadClaim: () => Promise<{ refused: boolean; sentence: string }>;
  aclkState: () => { json: unknown; text: string };
  reopenLogs: () => void;
  shutdown: () => void;
}

const summaries: Record<string, string> = {
  help: 'shows this list',
  ping: 'answers pong while the agent runs',
  version: 'shows the version of the running agent',
  'reload-claiming-state': 'reads claim.d again; the link to the Cloud follows',
  'aclk-state': 'tells about the link to the Cloud; "aclk-state json" for programs',
  'reopen-logs': 'opens the log files anew, after a rotation',
  'shutdown-agent': 'stops the agent',
};

const done = (text = ''): { code: number; text: string } => ({ code: 0, text });

export function controlCommands(parts: CommandParts): Record<string, ControlCommand> {
  return {
    help: async () =>
      done(
        Object.entries(summaries)
          .map(([name, summary]) => `${name.padEnd(22)} ${summary}`)
          .join('\n'),
      ),
    ping: async () => done('pong'),
    version: async () => done(`netdata v${parts.version} (Claimstead)`),
    'reload-claiming-state': async () => {
      const { refused, sentence } = await parts.reloadClaim();
      return { code: refused ? 1 : 0, text: sentence };
    },
    'aclk-state': async ([format]) => {
      const { json, text } = parts.aclkState();
      if (format === undefined) return done(text);
      if (format === 'json') return done(JSON.stringify(json));
      return { code: 1, text: `aclk-state knows no "${format}"; say "aclk-state" or "aclk-state json".` };
    },
    'reopen-logs': async () => {
      parts.reopenLogs();
      return done();
    },
    'shutdown-agent': async () => {
      parts.shutdown();
      return done('the agent stops');
    },
  };
}
