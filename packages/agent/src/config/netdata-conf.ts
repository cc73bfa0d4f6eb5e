// The text of netdata.conf ⇄ sections, keys and values. Reading order of this folder: netdata-conf.ts (the text), options.ts (what may
// stand in it), load.ts (what the agent makes of it and of the environment), listen.ts, cloud-switch.ts, installation.ts and
// claim-defaults.ts (parts of that), setting.ts (one setting, read or written by name), cloud-url.ts and proxy.ts (the two values with a
// grammar of their own), account.ts (who runs it), act-as.ts, give-away.ts, read-bounded.ts,
// machine-guid.ts (who this machine is), secret.ts, atomic-file.ts.

/** A parsed file. Sections and keys keep their spelling; of a key that is given twice the last one counts. */
export interface NetdataConf {
  sections: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Lines that are neither section, setting, comment nor blank; `line` counts from 1. They are reported, never fatal. */
  unknownLines: readonly { line: number; text: string }[];
}

/** One setting of the command line, such as `-W set SECTION KEY VALUE`. */
export interface Override {
  /** Which file it stands in for: netdata.conf, or claim.d/cloud.conf. */
  conf: 'netdata' | 'cloud';
  section: string;
  key: string;
  value: string;
  /** As the person gave it, for sentences: `-p`, `-W set`. */
  option: string;
}

/** `#` starts a comment at the start of a line, or after a blank; without a blank before it, it is part of a value (a password, say). */
const commentTail = /(^|[ \t])#.*$/;

type Line =
  | { kind: 'section'; name: string }
  | { kind: 'setting'; key: string; value: string }
  | { kind: 'other'; text: string };

function readLine(raw: string): Line {
  const text = raw
    .replace(/^\uFEFF/, '')
    .replace(commentTail, '')
    .trim();
  if (text.startsWith('[') && text.endsWith(']')) return { kind: 'section', name: text.slice(1, -1).trim() };
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(equals, 0)).trim();
  return key === '' ? { kind: 'other', text } : { kind: 'setting', key, value: text.slice(equals + 1).trim() };
}

export function parseNetdataConf(text: string): NetdataConf {
  const sections = new Map<string, Map<string, string>>();
  const unknownLines: { line: number; text: string }[] = [];
  let section: Map<string, string> | undefined;
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const line = readLine(raw);
    if (line.kind === 'section') {
      section = sections.get(line.name) ?? new Map<string, string>();
      sections.set(line.name, section);
    } else if (line.kind === 'setting' && section !== undefined) {
      section.set(line.key, line.value);
    } else if (line.kind === 'setting' || line.text !== '') {
      unknownLines.push({ line: index + 1, text: line.kind === 'setting' ? raw.trim() : line.text });
    }
  });
  return { sections, unknownLines };
}

/** The same settings with those of the command line on top. */
export function withOverrides(conf: NetdataConf, overrides: readonly Override[]): NetdataConf {
  const sections = new Map([...conf.sections].map(([name, keys]) => [name, new Map(keys)]));
  for (const { section, key, value } of overrides) {
    const keys = sections.get(section) ?? new Map<string, string>();
    keys.set(key, value);
    sections.set(section, keys);
  }
  return { sections, unknownLines: conf.unknownLines };
}

/** The text of one section, for files that we write ourselves. Values are one line each and hold no comment; the caller has checked that. */
export function formatSection(name: string, settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `    ${key} = ${value}\n`);
  return `[${name}]\n${lines.join('')}`;
}

/** Whether the two names and the value would be read back as they are: one line each, nothing that the grammar gives a meaning. */
export function canBeWritten(section: string, key: string, value: string): boolean {
  const line = readLine(`${key} = ${value}`);
  const head = readLine(`[${section}]`);
  return (
    !/[\r\n\0]/.test(section + key + value) &&
    head.kind === 'section' &&
    head.name === section &&
    line.kind === 'setting' &&
    line.key === key &&
    line.value === value
  );
}

/**
 * The text with one setting changed, or added at the end of its section, and every other byte as it was: a comment behind the old value
 * stays. Of a key that stands there twice the last one is changed, because that one counts. Only for what `canBeWritten`.
 */
export function setSetting(text: string, section: string, key: string, value: string): string {
  const newline = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  // Odd entries are the line ends, so that joining gives back what was split.
  const pieces = text.split(/(\r\n|\n|\r)/);
  let inside = false;
  let known: number | undefined;
  let last: number | undefined;
  for (let index = 0; index < pieces.length; index += 2) {
    const line = readLine(pieces[index] ?? '');
    if (line.kind === 'section') inside = line.name === section;
    if (!inside) continue;
    if (line.kind === 'setting' && line.key === key) known = index;
    if ((pieces[index] ?? '').trim() !== '') last = index;
  }
  if (known !== undefined) {
    const raw = pieces[known] ?? '';
    const comment = commentTail.exec(raw)?.[0] ?? '';
    const equals = raw.indexOf('=');
    pieces[known] = `${raw.slice(0, equals + 1)} ${value}${comment}`;
    return pieces.join('');
  }
  if (last !== undefined) {
    pieces[last] = `${pieces[last] ?? ''}${newline}    ${key} = ${value}`;
    return pieces.join('');
  }
  const gap = text === '' ? '' : /[\r\n]$/.test(text) ? newline : newline + newline;
  return `${text}${gap}[${section}]${newline}    ${key} = ${value}${newline}`;
}
