// Charts: reading order. agent-answers (what an agent says), source (where it is asked), timeline (which seconds are shown),
// series (rows over time), chart-feed (when to ask and to watch), plot-options and Plot (drawing), ChartCard, ChartsBoard.
// Nothing in this folder knows the Cloud's API, the router or react-query: the agent's own page uses it as it is.
//
// Answers of an agent's API as far as charts need them. Agents of many versions answer, so only what is drawn is required,
// and a chart that cannot be read is left out instead of failing the page.

import { z } from 'zod';
import { plainText } from '../ui/plain-text.ts';

/** A question for the past: seconds since 1970, or `beforeSeconds: null` for the newest `spanSeconds`. */
export interface HistoryQuery {
  chart: string;
  /** Length of the asked range. */
  spanSeconds: number;
  /** End of the range; null = the newest row there is. */
  beforeSeconds: number | null;
  /** Upper bound of rows; the agent averages when there are more. */
  points: number;
}

const ChartAnswer = z.object({
  id: z.string().min(1).max(200),
  name: z.string().default(''),
  type: z.string().default(''),
  family: z.string().default(''),
  context: z.string().default(''),
  title: z.string().default(''),
  units: z.string().default(''),
  priority: z.number().default(1e6),
  chart_type: z.string().default('line'),
  /** Seconds between two rows. */
  update_every: z.number().min(1).max(86_400).default(1),
  dimensions: z.record(z.string(), z.object({ name: z.string() })).default({}),
});

export type ChartStyle = 'line' | 'area' | 'stacked';

/** One chart as the page knows it. Texts come from an agent and are only ever put into text nodes; all but those that name it are plain. */
export interface Chart {
  id: string;
  /** What alerts and people may call it; the id where it has no other name. */
  name: string;
  /** First part of the id; the section of the menu. */
  type: string;
  family: string;
  context: string;
  title: string;
  units: string;
  priority: number;
  style: ChartStyle;
  updateEverySeconds: number;
  dimensions: string[];
}

/** The buckets of a heat map are parts of one whole, so they are stacked. */
const styleOf = (chartType: string): ChartStyle =>
  chartType === 'heatmap' ? 'stacked' : chartType === 'stacked' || chartType === 'area' ? chartType : 'line';

/** Agents repeat the name or id behind the title ("… (system.cpu)"); the page shows it in a place of its own. */
const titleWithoutId = (title: string, names: readonly string[]): string => {
  for (const tail of names.map((name) => ` (${name})`)) if (title.endsWith(tail)) return title.slice(0, -tail.length);
  return title;
};

/** GET /api/v1/charts → charts by priority. Throws when the answer is not an object with `charts`. */
export function parseCharts(answer: unknown): Chart[] {
  const { charts } = z.object({ charts: z.record(z.string(), z.unknown()) }).parse(answer);
  const known: Chart[] = [];
  for (const candidate of Object.values(charts)) {
    const parsed = ChartAnswer.safeParse(candidate);
    if (!parsed.success) continue;
    const { id, name, type, family, context, title, units, priority, chart_type, update_every, dimensions } =
      parsed.data;
    known.push({
      id,
      name: name || id,
      type: plainText(type || id.split('.')[0] || id),
      family: plainText(family || id),
      context,
      title: plainText(titleWithoutId(title || id, [name, id, context])),
      units: plainText(units),
      priority,
      style: styleOf(chart_type),
      updateEverySeconds: update_every,
      dimensions: Object.values(dimensions).map((dimension) => plainText(dimension.name)),
    });
  }
  return known.sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1));
}

const DataAnswer = z.object({
  labels: z.array(z.string()).min(1).max(2000),
  /** Newest first: seconds since 1970, then one value or null (a gap) per label. */
  data: z.array(z.array(z.number().nullable())).max(100_000),
});

/** Rows of one chart, oldest first. */
export interface Rows {
  dimensions: string[];
  rows: (number | null)[][];
}

/** GET /api/v1/data → rows, oldest first. Throws when the answer has another form. */
export function parseData(answer: unknown): Rows {
  const { labels, data } = DataAnswer.parse(answer);
  const rows = data.filter((row) => typeof row[0] === 'number');
  rows.sort((a, b) => Number(a[0]) - Number(b[0]));
  return { dimensions: labels.slice(1).map(plainText), rows };
}

/** The search part of GET /api/v1/data: averages over at most `points` rows, times in seconds since 1970. */
export function dataSearch({ chart, spanSeconds, beforeSeconds, points }: HistoryQuery): string {
  const search = new URLSearchParams({ chart, points: String(points), group: 'average', options: 'seconds' });
  const span = Math.ceil(spanSeconds);
  if (beforeSeconds === null) search.set('after', String(-span));
  else {
    search.set('after', String(beforeSeconds - span));
    search.set('before', String(beforeSeconds));
  }
  // Not every agent reads a plus sign as a blank.
  return search.toString().replaceAll('+', '%20');
}

/** GET /api/v1/info as far as the agent's own page shows it; every field may be absent in some version. */
export const AgentInfo = z.object({
  version: z.string().optional(),
  mirrored_hosts: z.array(z.string()).optional(),
  os_name: z.string().optional(),
  os_version: z.string().optional(),
  kernel_name: z.string().optional(),
  kernel_version: z.string().optional(),
  architecture: z.string().optional(),
  cores_total: z.coerce.string().optional(),
  ram_total: z.coerce.string().optional(),
  'cloud-enabled': z.boolean().optional(),
  'cloud-available': z.boolean().optional(),
  'agent-claimed': z.boolean().optional(),
  'aclk-available': z.boolean().optional(),
});
export type AgentInfo = z.infer<typeof AgentInfo>;
