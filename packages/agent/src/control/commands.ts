// What netdatacli can ask of the daemon.

import type { ControlCommand } from './control-server.ts';

export interface CommandParts {
  version: string;
  /**
   * Reads claim.d and the Cloud settings again; the sentence says what is the case then. `wait` gives the link some seconds to come up.
   * `refused` when there is nothing that could be done.
   */
  reloadClaim: (wait: boolean) => Promise<{ refused: boolean; sentence: string }>;
  aclkState: () => { json: unknown; text: string };
  /** Undefined: nobody sets it and there is no default. Throws SettingError for a name that is none. */
  readSetting: (name: string) => Promise<string | undefined>;
  /** `CONF|SECTION|KEY|VALUE`; answers when it counts. Throws SettingError. */
  writeSetting: (assignment: string) => Promise<string>;
  reopenLogs: () => void;
  shutdown: () => void;
}

const summaries: Record<string, string> = {
  help: 'shows this list',
  ping: 'answers pong while the agent runs',
  version: 'shows the version of the running agent',
  'reload-claiming-state':
    'reads claim.d and the Cloud settings again and says what the link does; "no-wait" does not wait for it',
  'aclk-state': 'tells about the link to the Cloud; "aclk-state json" for programs',
  'read-config': '"CONF|SECTION|KEY" shows a setting; CONF is netdata or cloud; a password is shown as ***',
  'write-config': '"CONF|SECTION|KEY|VALUE" changes a setting in its file and says when it counts',
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
    'reload-claiming-state': async ([word, ...more]) => {
      if (more.length > 0 || (word !== undefined && word !== 'no-wait'))
        return { code: 1, text: 'reload-claiming-state takes nothing, or the word no-wait.' };
      const { refused, sentence } = await parts.reloadClaim(word === undefined);
      return { code: refused ? 1 : 0, text: sentence };
    },
    'aclk-state': async ([format]) => {
      const { json, text } = parts.aclkState();
      if (format === undefined) return done(text);
      if (format === 'json') return done(JSON.stringify(json));
      return { code: 1, text: `aclk-state knows no "${format}"; say "aclk-state" or "aclk-state json".` };
    },
    'read-config': async (_, text) => {
      const value = await parts.readSetting(text);
      return value === undefined ? { code: 1, text: `Nobody sets ${text}, and it has no default.` } : done(value);
    },
    'write-config': async (_, text) => done(await parts.writeSetting(text)),
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
