// What a claim takes when its command line and claim.d say nothing: the environment, then `claim.conf` of the configuration directory.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNetdataConf } from './netdata-conf.ts';
import { Secret } from './secret.ts';
import { given, type Environment, type Finding } from './setting-reader.ts';

/** Each undefined: nobody says. */
export interface ClaimDefaults {
  token: undefined | Secret;
  /** Where the token comes from, for the log. */
  tokenFrom: 'NETDATA_CLAIM_TOKEN' | 'claim.conf';
  rooms: undefined | string;
  url: undefined | string;
  proxy: undefined | string;
  /** Further options of netdata-claim.sh, as one text like that of `-W "claim …"`; '' = none. */
  extraOptions: string;
}

/** A few lines; anything of this size is another file. */
const maxClaimConfBytes = 64 * 1024;

export function readClaimDefaults(env: Environment, configDirectory: string, findings: Finding[]): ClaimDefaults {
  const conf = readClaimConf(join(configDirectory, 'claim.conf'), findings);
  const token = given(env['NETDATA_CLAIM_TOKEN']);
  const chosen = token ?? conf('token');
  return {
    token: chosen === undefined ? undefined : new Secret(chosen),
    tokenFrom: token === undefined ? 'claim.conf' : 'NETDATA_CLAIM_TOKEN',
    rooms: given(env['NETDATA_CLAIM_ROOMS']) ?? conf('rooms'),
    url: given(env['NETDATA_CLAIM_URL']) ?? conf('url'),
    proxy: given(env['NETDATA_CLAIM_PROXY']) ?? conf('proxy'),
    extraOptions: given(env['NETDATA_EXTRA_CLAIM_OPTS']) ?? '',
  };
}

/** Keys of its section [global]. What cannot be read is a finding: the file is somebody's wish to be claimed. */
function readClaimConf(file: string, findings: Finding[]): (key: string) => string | undefined {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      const sentence = `Cannot read ${file} (${code ?? 'unknown error'}), so no claim is made from it; it must be readable for the user that runs netdata.`;
      findings.push({ level: 'error', sentence });
    }
  }
  if (text.length > maxClaimConfBytes) {
    findings.push({
      level: 'error',
      sentence: `${file} is larger than 64 KiB, so it is no claim.conf; it is ignored.`,
    });
    return () => undefined;
  }
  const { sections, unknownLines } = parseNetdataConf(text);
  // Only the number: the line may be a token.
  for (const { line } of unknownLines)
    findings.push({
      level: 'error',
      sentence: `Line ${line} of ${file} is outside of a section or no setting; it is ignored by the claim.`,
    });
  const global = sections.get('global');
  const insecure = given(global?.get('insecure'))?.toLowerCase();
  if (insecure !== undefined && !['no', 'false', 'off', '0'].includes(insecure)) {
    const sentence = `insecure in ${file} is not supported: verification is never switched off for a claim; put the certificate of the Cloud's authority into claim.d/cloud_fullchain.pem.`;
    findings.push({ level: 'error', sentence });
  }
  return (key) => given(global?.get(key));
}
