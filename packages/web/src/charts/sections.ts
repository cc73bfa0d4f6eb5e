// The sections of a node's page: charts by type, then by family, each in the order of its most important chart. Pure.

import type { Chart } from './agent-answers.ts';
import { sectionNames } from './chart-words.ts';

export interface Family {
  name: string;
  charts: Chart[];
}

export interface Section {
  /** First part of the ids of its charts, or the name of several such parts that belong together. */
  type: string;
  /** For people. */
  label: string;
  families: Family[];
  chartCount: number;
}

/** Types of which each thing has one of its own: `cgroup_web`, `systemd_nginx`. What stands behind is the thing. */
const perThing: readonly [prefix: string, section: string][] = [
  ['cgroup_', 'cgroup'],
  ['systemd_', 'services'],
];
/** Types whose ids begin with the thing: `app.nginx_cpu_utilization`. */
const byThing: Readonly<Record<string, string>> = { app: 'apps', user: 'users', usergroup: 'groups' };

/** Agents give each kind of figure about disks and interfaces a type of its own (`disk_ops`, `net_packets`); people look for the device. */
function sectionOf(type: string): string {
  const prefixed = perThing.find(([prefix]) => type.startsWith(prefix));
  if (prefixed) return prefixed[1];
  if (Object.hasOwn(byThing, type)) return byThing[type] ?? type;
  if (type === 'disk_space' || type === 'disk_inodes') return 'disk_space';
  if (/^disk(_|$)/.test(type)) return 'disk';
  return /^net(_|$)/.test(type) ? 'net' : type;
}

/** What a chart stands with: its agent's family, or the container, service, application or user that it is about. */
function familyOf({ id, type, family, context }: Chart): string {
  const prefix = perThing.map(([start]) => start).find((start) => type.startsWith(start));
  if (prefix !== undefined) return type.slice(prefix.length) || family;
  if (!Object.hasOwn(byThing, type)) return family;
  // `app.nginx_cpu_utilization` of the kind `app.cpu_utilization` is about `nginx`.
  const thing = id.slice(type.length + 1);
  const kind = `_${context.slice(context.indexOf('.') + 1)}`;
  return thing.length > kind.length && thing.endsWith(kind) ? thing.slice(0, -kind.length) : family;
}

/** `charts` in order of priority (parseCharts gives them so). */
export function sectionsOf(charts: Chart[]): Section[] {
  const sections = new Map<string, Section>();
  for (const chart of charts) {
    const type = sectionOf(chart.type);
    let section = sections.get(type);
    if (!section) sections.set(type, (section = { type, label: labelOf(type), families: [], chartCount: 0 }));
    const name = familyOf(chart);
    let family = section.families.find((candidate) => candidate.name === name);
    if (!family) section.families.push((family = { name, charts: [] }));
    family.charts.push(chart);
    section.chartCount += 1;
  }
  return [...sections.values()];
}

/** Whether a section's families deserve headings of their own: where many hold a single chart, the page would be full of holes. */
export const familiesStandApart = ({ families }: Section): boolean =>
  families.length > 1 && families.filter(({ charts }) => charts.length === 1).length * 4 <= families.length;

/** `disk_space` without a name of its own reads `Disk space`. An agent may call a type `constructor`. */
const labelOf = (type: string): string =>
  (Object.hasOwn(sectionNames, type) ? sectionNames[type] : undefined) ??
  (type.charAt(0).toUpperCase() + type.slice(1)).replaceAll('_', ' ');

/** Charts whose title, id, family or a dimension holds every word that was typed. */
export function chartsMatching(charts: Chart[], search: string): Chart[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return charts;
  return charts.filter((chart) => {
    const text = [
      chart.title,
      chart.id,
      chart.family,
      chart.context,
      labelOf(sectionOf(chart.type)),
      ...chart.dimensions,
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** An id for anchors: agents' names hold any character. */
export const anchorOf = (type: string, family?: string): string =>
  ['charts', type, ...(family === undefined ? [] : [family])].map((part) => encodeURIComponent(part)).join('-');
