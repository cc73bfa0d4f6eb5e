// The text of netdata.conf ⇄ sections, keys and values. Reading order of this folder: netdata-conf.ts (the text), load.ts (what
// the agent makes of it and of the environment), cloud-url.ts and proxy.ts (the two values with a grammar of their own),
// machine-guid.ts (who this machine is), secret.ts, atomic-file.ts.

/** A parsed file. Sections and keys keep their spelling; of a key that is given twice the last one counts. */
export interface NetdataConf {
  sections: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Lines that are neither section, setting, comment nor blank; `line` counts from 1. They are reported, never fatal. */
  unknownLines: readonly { line: number; text: string }[];
}

/** One setting of the command line, `-W set SECTION KEY VALUE`. */
export interface Override {
  section: string;
  key: string;
  value: string;
}

/** `#` starts a comment at the start of a line, or after a blank; without a blank before it, it is part of a value (a password, say). */
const commentTail = /(^|[ \t])#.*$/;

export function parseNetdataConf(text: string): NetdataConf {
  const sections = new Map<string, Map<string, string>>();
  const unknownLines: { line: number; text: string }[] = [];
  let section: Map<string, string> | undefined;
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const line = raw
      .replace(/^\uFEFF/, '')
      .replace(commentTail, '')
      .trim();
    if (line === '') return;
    if (line.startsWith('[') && line.endsWith(']')) {
      const name = line.slice(1, -1).trim();
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      return;
    }
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(equals, 0)).trim();
    if (section === undefined || key === '') unknownLines.push({ line: index + 1, text: line });
    else section.set(key, line.slice(equals + 1).trim());
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
