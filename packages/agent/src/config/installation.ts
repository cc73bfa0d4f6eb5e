// What the installer says about this installation: whether it has a Cloud part at all, and where it claims by default.

import { readFileSync } from 'node:fs';
import { parseCloudUrl, type CloudUrl } from './cloud-url.ts';
import { parseNetdataConf } from './netdata-conf.ts';

/**
 * `installation.conf` beside the programs, written by whatever installs them; without the file everything is there.
 *
 *   [cloud]
 *       disabled = yes               installed with --disable-cloud
 *       missing = libmosquitto       a part that could not be had
 *       cloud base url = https://…   where this installation claims when nobody says anything else
 */
export interface Installation {
  /** The user did not want a Cloud part. */
  isCloudDisabled: boolean;
  /** Name of a part that is missing; undefined: all are there. */
  missing: undefined | string;
  baseUrl: undefined | CloudUrl;
  /** What is wrong with the file itself; undefined: nothing. */
  fault: undefined | string;
}

export const wholeInstallation: Installation = {
  isCloudDisabled: false,
  missing: undefined,
  baseUrl: undefined,
  fault: undefined,
};

/** Reads the file. Never throws: an agent whose installation cannot be read still monitors, and says so. */
export function readInstallation(file: string): Installation {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return wholeInstallation;
    return {
      ...wholeInstallation,
      fault: `Whether this installation has a cloud part is not known: cannot read ${file} (${code ?? 'unknown error'}); check its permissions.`,
    };
  }
  const cloud = parseNetdataConf(text).sections.get('cloud');
  const missing = cloud?.get('missing')?.trim();
  const url = cloud?.get('cloud base url');
  const parsed = url === undefined ? undefined : parseCloudUrl(url);
  return {
    isCloudDisabled: cloud?.get('disabled')?.toLowerCase() === 'yes',
    missing: missing === undefined || missing === '' ? undefined : missing.replace(/[^\w ,.+-]/g, '?').slice(0, 100),
    baseUrl: parsed !== undefined && 'url' in parsed ? parsed.url : undefined,
    fault: parsed !== undefined && 'sentence' in parsed ? `${parsed.sentence} It stands in ${file}.` : undefined,
  };
}
