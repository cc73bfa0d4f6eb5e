// A file of alerts → what it defines, and a sentence about each part of it that cannot be used. Nothing in it can stop the rest.

import { DefinitionError, definitionKeys, readDefinition, type AlertDefinition } from './definition.ts';

export interface AlertFile {
  definitions: AlertDefinition[];
  /** One sentence each, with the place. */
  findings: string[];
}

const maxLineLength = 4000;
const maxDefinitions = 500;
/** More would tell nothing new: it is no file of alerts. */
const maxFindings = 10;

interface Block {
  kind: AlertDefinition['kind'];
  name: string;
  line: number;
  lines: Map<string, string>;
  /** A line of it could not be read, which was told. */
  isBroken: boolean;
}

/** `file` is what the log and the Cloud are told as its place. */
export function parseAlertFile(text: string, file: string): AlertFile {
  const definitions: AlertDefinition[] = [];
  const findings: string[] = [];
  let skipped = 0;
  const tell = (line: number, clause: string): void => {
    if (findings.length < maxFindings) findings.push(`${file}:${line}: ${clause}.`);
    else skipped++;
  };

  let block: Block | undefined;
  const finish = (): void => {
    if (block === undefined || block.isBroken) return;
    const { kind, name, lines, line } = block;
    try {
      if (definitions.length < maxDefinitions) definitions.push(readDefinition(kind, name, lines, { file, line }));
      else tell(line, `a file may define ${maxDefinitions} alerts, so ${kind} ${name} is left out`);
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      tell(line, `${kind} ${name.slice(0, 40)} is left out, because ${error.message}`);
    }
  };
  const breakBlock = (line: number, clause: string): void => {
    if (block === undefined || block.isBroken) return tell(line, clause);
    block.isBroken = true;
    tell(line, `${block.kind} ${block.name.slice(0, 40)} is left out, because ${clause}`);
  };

  for (const { number, content } of logicalLines(text)) {
    const [, rawKey = '', value = ''] = /^([^:]{1,60}):(.*)$/s.exec(content) ?? [];
    const key = rawKey.trim().toLowerCase().replace(/\s+/g, ' ');
    if (content.length > maxLineLength) breakBlock(number, `its line is longer than ${maxLineLength} characters`);
    else if (key === '') breakBlock(number, 'this line is neither "key: value" nor a comment');
    else if (key === 'alarm' || key === 'template') {
      finish();
      block = { kind: key, name: value.trim(), line: number, lines: new Map(), isBroken: false };
    } else if (block === undefined) tell(number, 'this line belongs to no "alarm:" or "template:"');
    else if (!isKnown(key)) breakBlock(number, `this agent does not know "${key}" lines`);
    // Of a key that is given twice the last one counts.
    else block.lines.set(key, value.trim());
  }
  finish();
  if (skipped > 0) findings.push(`${file}: ${skipped} more mistakes are not told here.`);
  return { definitions, findings };
}

const isKnown = (key: string): boolean => definitionKeys.some((known) => known === key);

/** Lines without comments and blank ones; what ends in a backslash goes on in the next. */
function* logicalLines(text: string): Generator<{ number: number; content: string }> {
  let content = '';
  let start = 0;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (content === '' && (line === '' || line.startsWith('#'))) continue;
    if (content === '') start = i + 1;
    if (line.endsWith('\\')) {
      content += line.slice(0, -1);
      continue;
    }
    yield { number: start, content: content + line };
    content = '';
  }
  if (content !== '') yield { number: start, content };
}
