import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { definitionKeys } from './definition.ts';
import { parseAlertFile } from './definition-file.ts';

const whole = `
# a comment
 template: disk_space_usage
       on: disk.space
    class: Utilization
component: Disk
   lookup: average -10m at -5m unaligned absolute percentage of used, avail
     calc: $this * 2
    units: %
     warn: $this > (($status >= $WARNING) ? (80) : \\
           (90))
    delay: up 1m down 15m multiplier 1.5 max 1h
       to: silent
     info: How full: \${family}
`;

it('reads every line of an alert', () => {
  const { definitions, findings } = parseAlertFile(whole, '/etc/netdata/health.d/x.conf');
  expect(findings).toEqual([]);
  expect(definitions).toHaveLength(1);
  expect(definitions[0]).toMatchObject({
    kind: 'template',
    name: 'disk_space_usage',
    on: 'disk.space',
    class: 'Utilization',
    type: 'Unknown',
    component: 'Disk',
    lookup: {
      method: 'average',
      lengthSeconds: 600,
      beforeSeconds: 300,
      dimensions: ['used', 'avail'],
      absolute: true,
      percentage: true,
      aligned: false,
    },
    everySeconds: 60,
    warn: { source: '$this > (($status >= $WARNING) ? (80) : (90))' },
    crit: undefined,
    delay: { upSeconds: 60, downSeconds: 900, multiplier: 1.5, maxSeconds: 3600 },
    recipient: 'silent',
    summary: 'disk_space_usage',
    info: 'How full: ${family}',
    source: { file: '/etc/netdata/health.d/x.conf', line: 3 },
  });
});

const minimal = (lines: string): string => `alarm: a\non: system.uptime\n${lines}`;

test.each([
  [
    minimal('calc: $uptime\nevery: 10s'),
    'f:1: alarm a is left out, because it has neither a "warn" nor a "crit" line.',
  ],
  [minimal('warn: 1\nevery: 10s'), 'f:1: alarm a is left out, because it has neither a "lookup" nor a "calc" line.'],
  [minimal('calc: $uptime\nwarn: 1'), 'f:1: alarm a is left out, because it has no "every" line.'],
  ['alarm: a\ncalc: 1\nwarn: 1\nevery: 1s', 'has no "on" line'],
  ['alarm: a b\non: c', '"a b" is no name'],
  [minimal('calc: 1 +\nwarn: 1\nevery: 1s'), 'its "calc" line has a mistake: it ends too early'],
  [minimal('calc: 1\nwarn: 1\nevery: soon'), '"soon" in its "every" line is no duration'],
  [minimal('calc: 1\nwarn: 1\nevery: 2d'), 'from one second to one day'],
  [minimal('lookup: mean -1m\nwarn: 1'), 'does not know "mean"'],
  [minimal('lookup: max -1m min2max\nwarn: 1'), 'has the word "min2max"'],
  [minimal('lookup: max 0\nwarn: 1'), 'must look back'],
  [minimal('calc: 1\nwarn: 1\nevery: 1s\ndelay: up'), 'is no duration'],
  [minimal('calc: 1\nwarn: 1\nevery: 1s\ndelay: soon 5m'), 'a mistake at "soon"'],
  [
    minimal('host labels: _os=linux\nwarn: 1'),
    'f:3: alarm a is left out, because this agent does not know "host labels" lines.',
  ],
  [minimal('what is this'), 'f:3: alarm a is left out, because this line is neither "key: value" nor a comment.'],
  ['every: 1s', 'f:1: this line belongs to no "alarm:" or "template:".'],
])('tells the place and the cause of a mistake, and the next alert counts: %j', (text, sentence) => {
  const { definitions, findings } = parseAlertFile(`${text}\nalarm: good\non: x\ncalc: 1\nwarn: 1\nevery: 5`, 'f');
  expect(findings).toHaveLength(1);
  expect(findings[0]).toContain(sentence);
  expect(definitions.map(({ name, everySeconds }) => [name, everySeconds])).toEqual([['good', 5]]);
});

it('knows the same definition wherever it is written, and another one from it', () => {
  const hash = (text: string, file: string): string | undefined => parseAlertFile(text, file).definitions[0]?.hash;
  const known = hash(whole, 'a');
  expect(known).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(hash(`\n\n${whole.replaceAll('  ', ' ')}`, 'b')).toBe(known);
  for (const line of ['warn: 1', 'info: x', 'to: root', 'delay: up 2m'])
    expect(hash(`${whole}\n${line}`, 'a')).not.toBe(known);
});

it('never throws and stays bounded, whatever is in the file', () => {
  const line = fc
    .tuple(fc.constantFrom('alarm', 'template', ...definitionKeys, 'os', ''), fc.string({ maxLength: 60 }))
    .map(([key, value]) => `${key}: ${value}`);
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 60 }), (lines) => {
      const { definitions, findings } = parseAlertFile(lines.join('\n'), 'f');
      expect(definitions.length).toBeLessThanOrEqual(lines.length);
      expect(findings.length).toBeLessThanOrEqual(11);
      for (const finding of findings) expect(finding.length).toBeLessThan(400);
    }),
  );
});

it('bounds the alerts of one file', () => {
  const text = Array.from({ length: 501 }, (_, i) => `alarm: a${i}\non: x\ncalc: 1\nwarn: 1\nevery: 5`).join('\n');
  const { definitions, findings } = parseAlertFile(text, 'f');
  expect(definitions).toHaveLength(500);
  expect(findings).toHaveLength(1);
});
