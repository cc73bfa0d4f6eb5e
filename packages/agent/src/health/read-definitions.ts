// The alerts of this node: those that are built in, and those of health.d in the configuration directory.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBounded } from '../config/read-bounded.ts';
import { defaultAlerts } from './default-alerts.ts';
import type { AlertDefinition } from './definition.ts';
import { parseAlertFile } from './definition-file.ts';

const maxFiles = 200;
const maxFileBytes = 256 * 1024;

/** Built-in ones first, then by the names of the files: later ones win. What cannot be used is a sentence. Never rejects. */
export async function readDefinitions(
  configDirectory: string,
): Promise<{ definitions: AlertDefinition[]; findings: string[] }> {
  const folder = join(configDirectory, 'health.d');
  const definitions = [...defaultAlerts];
  const findings: string[] = [];
  let names: string[] = [];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.conf')).sort();
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT') findings.push(`Cannot read ${folder} (${code}); the alerts that are built in are used.`);
  }
  if (names.length > maxFiles)
    findings.push(`${folder} has ${names.length} files; those after ${names[maxFiles - 1]} are not read.`);
  for (const name of names.slice(0, maxFiles)) {
    const file = join(folder, name);
    try {
      const parsed = parseAlertFile(await readBounded(file, maxFileBytes), file);
      definitions.push(...parsed.definitions);
      findings.push(...parsed.findings);
    } catch (error) {
      const code = codeOf(error);
      const cause = code === 'EFBIG' ? `larger than ${maxFileBytes / 1024} KiB` : code;
      findings.push(`Cannot read the alerts in ${file} (${cause}); the others are used.`);
    }
  }
  return { definitions, findings };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
