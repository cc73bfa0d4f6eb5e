// The alerts that are there without anybody writing one, in the language of the files; and docs/agent-alerts.md, whole, made from them.

import type { AlertDefinition } from './definition.ts';
import { parseAlertFile } from './definition-file.ts';

/** Names and thresholds are those that users of Netdata know. Each is raised at the second number and goes down below the first. */
const text = `
template: disk_space_usage
      on: disk.space
   class: Utilization
    type: System
component: Disk
    calc: $used * 100 / ($avail + $used)
   units: %
   every: 10s
    warn: $this > (($status >= $WARNING) ? (80) : (90))
    crit: $this > (($status == $CRITICAL) ? (90) : (98)) && $avail < 5
   delay: up 1m down 15m multiplier 1.5 max 1h
 summary: Space of \${family}
    info: How much of the space that programs may fill on \${family} is in use. It is critical only where less than 5 GiB are left.
      to: sysadmin

   alarm: ram_in_use
      on: system.ram
   class: Utilization
    type: System
component: Memory
    calc: $used * 100 / ($used + $cached + $free + $buffers)
   units: %
   every: 10s
    warn: $this > (($status >= $WARNING) ? (80) : (90))
    crit: $this > (($status == $CRITICAL) ? (90) : (98))
   delay: down 15m multiplier 1.5 max 1h
 summary: Memory in use
    info: How much of the memory is in use and cannot be given back at once, as the page cache can.
      to: sysadmin

   alarm: used_swap
      on: mem.swap
   class: Utilization
    type: System
component: Memory
    calc: (($used + $free) > 0) ? ($used * 100 / ($used + $free)) : 0
   units: %
   every: 10s
    warn: $this > (($status >= $WARNING) ? (80) : (90))
    crit: $this > (($status == $CRITICAL) ? (90) : (98))
   delay: up 30s down 15m multiplier 1.5 max 1h
 summary: Swap space in use
    info: How much of the swap space is in use. Once it is full, the kernel ends programs.
      to: sysadmin

   alarm: 10min_cpu_usage
      on: system.cpu
   class: Utilization
    type: System
component: CPU
  lookup: average -10m unaligned of user,system,softirq,irq,guest
   units: %
   every: 1m
    warn: $this > (($status >= $WARNING) ? (75) : (85))
    crit: $this > (($status == $CRITICAL) ? (85) : (95))
   delay: down 15m multiplier 1.5 max 1h
 summary: CPU time in use
    info: How busy all cores together were during the last 10 minutes. Waiting for disks and work of low priority do not count.
      to: sysadmin

   alarm: load_average_15
      on: system.load
   class: Utilization
    type: System
component: Load
  lookup: max -1m unaligned of load15
   units: load
   every: 1m
    warn: $this * 100 / (($active_processors < 2) ? (2) : ($active_processors)) > (($status >= $WARNING) ? (175) : (200))
   delay: down 15m multiplier 1.5 max 1h
 summary: Load of 15 minutes
    info: How many tasks ran or waited during the last 15 minutes. It is raised at twice the number of cores; one core counts as two.
      to: silent

   alarm: collector_failed
      on: netdata.collector_failures
   class: Errors
    type: Netdata
component: Collectors
  lookup: max -10s unaligned
   units: collectors
   every: 10s
    warn: $this > 0
   delay: down 5m
 summary: Collectors that fail
    info: How many collectors of this agent fail. error.log says why, and the chart says which.
      to: sysadmin
`;

const { definitions, findings } = parseAlertFile(text, 'built-in');
if (findings.length > 0) throw new Error(findings.join(' '));

export const defaultAlerts: readonly AlertDefinition[] = definitions;

/** docs/agent-alerts.md, whole. */
export function alertsMarkdown(): string {
  const code = (expression: { source: string } | undefined): string =>
    expression === undefined ? '–' : `\`${expression.source.replaceAll('|', '\\|')}\``;
  const rows = defaultAlerts.map((alert) => {
    const value = alert.lines.get('calc') ?? alert.lines.get('lookup') ?? '';
    const cells = [
      `\`${alert.name}\``,
      `\`${alert.on}\``,
      `\`${value}\``,
      code(alert.warn),
      code(alert.crit),
      alert.info,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `# Alerts of the agent

<!-- Generated from packages/agent/src/health/default-alerts.ts; do not edit. -->

Claimstead's own agent looks at these by itself. Their names and thresholds are those that users of Netdata know.

| Alert | Chart or context | Value | Warning | Critical | What it tells |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n').replaceAll('${family}', 'the mount')}

\`curl localhost:19999/api/v1/alarms?all\` shows how each of them is now; \`/api/v1/alarm_log\` what happened, \`/api/v1/alarm_count\` how
many are raised. The Cloud is told of each change within two seconds.

## Files of your own

Every \`*.conf\` in the folder \`health.d\` of the configuration directory is read when the agent starts, by name. An alert with the name and
the \`on\` line of one above takes its place; of two in your files the last one counts. A part that cannot be used is left out, with one
sentence in \`error.log\` that names file and line; everything else counts.

\`\`\`
template: disk_space_usage
      on: disk.space
    calc: $used * 100 / ($avail + $used)
   units: %
   every: 1m
    warn: $this > (($status >= $WARNING) ? (60) : (70))
    info: How full \${family} is.
      to: silent
\`\`\`

A line is \`key: value\` or a comment that starts with \`#\`; one that ends in \`\\\` goes on in the next.

| Line | Meaning |
| --- | --- |
| \`alarm: NAME\` | Begins an alert of the one chart whose id \`on\` names. |
| \`template: NAME\` | Begins an alert of every chart whose context \`on\` names. An \`alarm\` of the same name wins. |
| \`on: CHART\` | Needed. |
| \`lookup: METHOD -10m [at -5m] [every 1m] [unaligned] [absolute] [percentage] [of a,b]\` | Makes the samples of a while into the value: \`average\`, \`min\`, \`max\`, \`sum\`, \`median\`, \`stddev\` or \`incremental-sum\` of each dimension, and the sum of those. |
| \`calc: EXPRESSION\` | Makes the value from \`$this\`, what the lookup gave, and from other variables. Needed where there is no \`lookup\`. |
| \`every: 10s\` | How often it is looked at. Needed where there is no \`lookup\`; with one it is the length of that, at most a minute. |
| \`warn: EXPRESSION\`, \`crit: EXPRESSION\` | Raised while it is not 0. One of them is needed. |
| \`units: %\` | What the value is counted in. |
| \`delay: up 1m down 15m multiplier 1.5 max 1h\` | How long whoever notifies people should wait before they are told; sent along with each change. The status itself changes at once. |
| \`to: ROLE\` | Whom it is for; \`silent\` marks it as silenced. This agent notifies nobody itself. |
| \`summary:\`, \`info:\` | Texts for people; \`\${family}\` stands for the family of the chart, which is the mount of a disk's space. |
| \`class:\`, \`type:\`, \`component:\` | Words to sort alerts by. |

Durations are seconds, or have a unit: \`30s\`, \`10m\`, \`1h\`, \`1d\`. An alert with any other line of stock agents is left out, since what such a
line narrows down would be lost.

## Expressions

Numbers, \`nan\`, \`inf\`, parentheses, \`abs()\`, \`+ - * / %\`, \`< <= > >= == !=\`, \`&& || !\` (or \`and or not\`) and \`a ? b : c\`. Variables are:

- \`$this\`, the value; \`$status\`, the status before this look, to be compared with \`$REMOVED\`, \`$UNDEFINED\`, \`$UNINITIALIZED\`, \`$CLEAR\`,
  \`$WARNING\` and \`$CRITICAL\`, each greater than the one before. With it, an alert is raised and goes down at different values;
- \`$used\`: the newest sample of a dimension of the chart, by its id or name; \`\${reserved for root}\` where that has a blank;
- \`$system.ram.used\`: the newest sample of another chart's dimension;
- \`$now\`, \`$after\`, \`$before\` (of the lookup), \`$last_collected_t\` in seconds since 1970, \`$update_every\` in seconds;
- \`$active_processors\`, the number of cores.

What is unknown or a gap is \`nan\`. An alert whose value is \`nan\` has the status \`UNDEFINED\`, and is neither raised nor clear.

## What is kept

The alerts and their last 1,000 changes are kept in memory, as the samples are: a restart begins anew, and every alert is told afresh. The
number of a change (\`unique_id\`) begins with the milliseconds since 1970 of the start and grows, so that none comes twice as long as
the clock is not set back in between; \`transition_id\` is random.
`;
}
