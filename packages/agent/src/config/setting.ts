// One setting by its name, for `-W get`, `netdatacli read-config` and `netdatacli write-config`: `CONF|SECTION|KEY`, where CONF is `cloud`
// for claim.d/cloud.conf and `netdata` for netdata.conf.

import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { replaceFile } from './atomic-file.ts';
import { readSettings, type AgentConfig, type ConfigSources } from './load.ts';
import { canBeWritten, parseNetdataConf, setSetting, withOverrides } from './netdata-conf.ts';
import { agentOptions } from './options.ts';
import { maskProxy } from './proxy.ts';
import { given } from './setting-reader.ts';

export interface SettingName {
  conf: 'netdata' | 'cloud';
  section: string;
  key: string;
}

/** The name does not exist, or the value cannot be stored. One sentence. */
export class SettingError extends Error {}

const syntax = 'CONF|SECTION|KEY, where CONF is netdata or cloud';

/** `text` is `CONF|SECTION|KEY`, and with `withValue` `|VALUE`, which may hold anything. Throws SettingError. */
export function parseSettingName(text: string, withValue: boolean): SettingName & { value: string } {
  const [conf = '', section = '', key = '', ...rest] = text.split('|');
  if (section.trim() === '' || key.trim() === '' || (withValue ? rest.length === 0 : rest.length > 0))
    throw new SettingError(`A setting is written ${syntax}${withValue ? ', then |VALUE' : ''}.`);
  const known = /^(netdata|cloud)(\.conf)?$/.exec(conf.trim())?.[1];
  if (known === undefined)
    throw new SettingError(`There is no configuration "${conf.trim()}"; a setting is written ${syntax}.`);
  return {
    conf: known === 'cloud' ? 'cloud' : 'netdata',
    section: section.trim(),
    key: key.trim(),
    value: rest.join('|').trim(),
  };
}

/** Where a claim keeps its URL. The path is that of claim.d, which the configuration cannot move. */
const cloudConf = (configDirectory: string): string => join(configDirectory, 'claim.d', 'cloud.conf');

/** What `-W get` and `-W get2` print: as given by file and command line; undefined: by nobody. A proxy's credentials are `***`: terminals are looked at. */
export async function readSetting(
  { conf, section, key }: SettingName,
  sources: Omit<ConfigSources, 'installationFile'>,
): Promise<string | undefined> {
  const { settings, configDirectory } = readSettings(sources);
  const text = conf === 'cloud' ? await readText(cloudConf(configDirectory)) : '';
  const inForce =
    conf === 'netdata'
      ? settings
      : withOverrides(
          parseNetdataConf(text),
          sources.overrides.filter((override) => override.conf === 'cloud'),
        );
  const value = given(inForce.sections.get(section)?.get(key));
  return value === undefined ? undefined : maskSetting(key, value);
}

/** The same, with what counts when nobody says anything, and with the directories as they are. */
export async function readEffectiveSetting(
  name: SettingName,
  sources: Omit<ConfigSources, 'installationFile'>,
  { directories, hostname }: Pick<AgentConfig, 'directories' | 'hostname'>,
): Promise<string | undefined> {
  const { conf, section, key } = name;
  if (conf === 'netdata' && section === 'directories' && Object.hasOwn(directories, key))
    return directories[key as keyof typeof directories];
  if (conf === 'netdata' && section === 'global' && key === 'hostname') return hostname;
  const usual = agentOptions.find((option) => option.section === section && option.key === key)?.default;
  return (await readSetting(name, sources)) ?? (conf === 'netdata' ? usual : undefined);
}

/** Values with credentials are URLs, of proxies above all, and a proxy whose scheme was forgotten. */
const maskSetting = (key: string, value: string): string =>
  value.includes('://') || key === 'proxy' ? maskProxy(value) : value;

/** Changes one setting on disk and nothing else in that file; answers in words when it counts. Throws SettingError. */
export async function writeSetting(
  { conf, section, key, value }: SettingName & { value: string },
  { file, directories }: Pick<AgentConfig, 'file' | 'directories'>,
): Promise<string> {
  const path = conf === 'cloud' ? cloudConf(directories.config) : file;
  if (!canBeWritten(section, key, value)) {
    throw new SettingError(
      `This cannot stand in ${path}: names and value are one line each, without a "#" after a blank.`,
    );
  }
  try {
    const known = await stat(path).catch(() => undefined);
    const text = setSetting(await readText(path), section, key, value);
    // Whoever could read it still can, and nobody else; root does not take the file over.
    const owner = known === undefined || known.uid === getuid?.() ? undefined : { uid: known.uid, gid: known.gid };
    // A link, as configuration management makes them, stays one.
    const target = conf === 'cloud' ? path : await realpath(path).catch(() => path);
    await replaceFile(target, text, { mode: known === undefined ? 0o640 : known.mode & 0o777, owner });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(
      `Cannot write ${path} (${code ?? 'unknown error'}); edit it by hand, with sudo: the agent's user may not change it.`,
      { cause: error },
    );
  }
  const option = agentOptions.find((known) => known.section === section && known.key === key);
  if (conf === 'netdata' && option === undefined)
    return `written to ${path}, but this agent knows no setting [${section}] ${key}`;
  const moment =
    conf === 'cloud' || option?.appliesAt === 'reload'
      ? 'it counts after: netdatacli reload-claiming-state'
      : 'it counts when the agent is restarted';
  return `written to ${path}; ${moment}`;
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw new SettingError(`Cannot read ${path} (${error.code ?? 'unknown error'}); check its permissions.`);
  });
}
