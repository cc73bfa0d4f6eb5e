// One setting, wherever it was given: its value, and in words where a person finds it.

import type { NetdataConf, Override } from './netdata-conf.ts';

/** The variables that the agent was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a person should know about the settings: one sentence, for the log and for stderr. */
export interface Finding {
  level: 'info' | 'error';
  sentence: string;
}

/** A setting that the agent cannot start with. The message is one sentence: place, cause and remedy. */
export class ConfigError extends Error {}

export interface SettingReader {
  /** Undefined when nobody sets it, or sets it to nothing. */
  read(section: string, key: string): string | undefined;
  /** `[web] default port in /etc/netdata/netdata.conf`, or `option -p of the command line`. */
  place(section: string, key: string): string;
}

/** An empty value is the same as none. */
export const given = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text.trim();

/** `settings` has the overrides on top already; these tell only where a value comes from. */
export function settingReader(settings: NetdataConf, file: string, overrides: readonly Override[]): SettingReader {
  return {
    read: (section, key) => given(settings.sections.get(section)?.get(key)),
    place: (section, key) => {
      const typed = overrides.findLast((override) => override.section === section && override.key === key);
      if (typed === undefined) return `[${section}] ${key} in ${file}`;
      const words = typed.option.startsWith('-W') ? `${typed.option} ${section} "${key}"` : typed.option;
      return `option ${words} of the command line`;
    },
  };
}

export function absolutePath(path: string, name: string): string {
  if (!path.startsWith('/') || path.includes('\0'))
    throw new ConfigError(`${name} must be an absolute path, not "${path}".`);
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
