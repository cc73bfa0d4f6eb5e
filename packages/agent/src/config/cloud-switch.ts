// Whether this agent has anything to do with a Cloud: what the installation has, and what the settings say.

import type { Installation } from './installation.ts';
import type { Finding, SettingReader } from './setting-reader.ts';

export interface CloudSwitch {
  /** `cloud-enabled` of /api/v1/info: installed with a Cloud part, and switched on. */
  enabled: boolean;
  /** `cloud-available` of /api/v1/info: the Cloud part is installed and whole. */
  available: boolean;
  /** Why nothing can be claimed or linked, one sentence that names what to change; undefined: nothing is in the way. */
  obstacle: undefined | string;
}

const switchWords: Readonly<Record<string, boolean>> = {
  enable: true,
  enabled: true,
  yes: true,
  true: true,
  on: true,
  disable: false,
  disabled: false,
  no: false,
  false: false,
  off: false,
};

/** `missing` of the installation is a part; the caller may know of another one that is not there. */
export function readCloudSwitch(
  reader: SettingReader,
  installation: Installation,
  disabledByEnvironment: undefined | string,
  findings: Finding[],
): CloudSwitch {
  const { isCloudDisabled, missing, fault } = installation;
  if (fault !== undefined) findings.push({ level: 'error', sentence: fault });
  const setting = readSetting(reader, findings);
  const word = disabledByEnvironment?.trim().toLowerCase() ?? '';
  const isOffByEnvironment = word !== '' && word !== '0' && switchWords[word] !== false;
  if (isCloudDisabled) {
    const obstacle =
      'This agent was installed with --disable-cloud, so it has no cloud part; install it again without that.';
    return { enabled: false, available: false, obstacle };
  }
  const enabled = setting.enabled && !isOffByEnvironment;
  if (missing !== undefined) {
    const obstacle = `This agent was installed without a part of its cloud support (${missing}), so it cannot be claimed; install it again with --require-cloud to see why.`;
    return { enabled, available: false, obstacle };
  }
  if (isOffByEnvironment) {
    const obstacle =
      'The cloud is switched off by the environment variable NETDATA_DISABLE_CLOUD; unset it and restart the agent.';
    return { enabled, available: true, obstacle };
  }
  return { enabled, available: true, obstacle: setting.obstacle };
}

/** The documentation spells this setting in four ways; all of them do what it promises. On when nothing is said, off when nobody can tell. */
function readSetting(
  { read, place }: SettingReader,
  findings: Finding[],
): { enabled: boolean; obstacle: undefined | string } {
  for (const section of ['global', 'general']) {
    for (const key of ['netdata cloud', 'netadata cloud']) {
      const word = read(section, key);
      if (word === undefined) continue;
      const at = place(section, key);
      const lower = word.toLowerCase();
      const enabled = Object.hasOwn(switchWords, lower) ? switchWords[lower] : undefined;
      if (enabled === undefined) {
        const quotes = /^["']|["']$/.test(word) ? ', without quotes' : '';
        const sentence = `The cloud stays off, because ${at} is ${word.startsWith('"') ? word : `"${word}"`}; write enable or disable${quotes}.`;
        findings.push({ level: 'error', sentence });
        return { enabled: false, obstacle: sentence };
      }
      if (section !== 'global' || key !== 'netdata cloud') {
        const sentence = `The cloud setting was read from [${section}] ${key}; its usual place is [global] netdata cloud.`;
        findings.push({ level: 'info', sentence });
      }
      if (enabled) return { enabled, obstacle: undefined };
      const remedy = `write netdata cloud = enable in section [global] of netdata.conf, then run netdatacli reload-claiming-state`;
      return { enabled, obstacle: `The cloud is switched off by ${at} = ${word}; ${remedy}.` };
    }
  }
  return { enabled: true, obstacle: undefined };
}
