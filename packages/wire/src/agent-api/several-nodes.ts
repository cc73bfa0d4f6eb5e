// One chart of several nodes in one question: what a parent of v1.40 and later answers for all of its children at once. The answer names
// each line by dimension and machine, and tells which node a machine is. [docs/link-protocol.md, Several nodes in one question]

import { z } from 'zod';
import type { MetricsApi } from './generation.ts';

/** Oldest first: seconds since 1970, then one value or null (a gap) per dimension. */
export interface NodeRows {
  dimensions: string[];
  rows: (number | null)[][];
}

/** A target is at most 4,096 bytes; a node id and its bar are 39. */
export const maxNodesTogether = 80;

/** The rows of `chart` that are newer than `afterSeconds` (seconds since 1970). */
export function severalNodesTarget(
  api: Exclude<MetricsApi, 'v1'>,
  asked: { nodeIds: readonly string[]; chart: string; afterSeconds: number },
): string {
  const query = new URLSearchParams({
    scope_nodes: asked.nodeIds.join('|'),
    scope_instances: asked.chart,
    group_by: 'node,dimension',
    after: String(asked.afterSeconds),
    format: 'json2',
    options: 'seconds,minify',
  });
  return `/api/${api}/data?${query.toString().replaceAll('+', '%20')}`;
}

const Answer = z.object({
  summary: z.object({ nodes: z.array(z.object({ mg: z.string(), nd: z.string().optional() })).max(1000) }),
  result: z.object({
    labels: z.array(z.string()).min(1).max(20_000),
    point: z.object({ value: z.int().min(0).max(8) }),
    /** Newest first: seconds since 1970, then per line either a value, or what `point` describes. */
    data: z.array(z.array(z.unknown())).max(4000),
  }),
});

/** By node id. Nodes of which the agent has nothing are missing. Undefined for what is no such answer. */
export function readSeveralNodes(value: unknown): Map<string, NodeRows> | undefined {
  const answer = Answer.safeParse(value);
  if (!answer.success) return undefined;
  const { summary, result } = answer.data;
  const nodeOfMachine = new Map(summary.nodes.map(({ mg, nd }) => [mg.toLowerCase(), nd?.toLowerCase()]));
  const columns = new Map<string, { index: number; dimension: string }[]>();
  result.labels.forEach((label, index) => {
    // `dimension,machine`; a dimension may hold commas, a machine none.
    const comma = label.lastIndexOf(',');
    const nodeId = nodeOfMachine.get(label.slice(comma + 1).toLowerCase());
    if (index === 0 || comma < 0 || nodeId === undefined) return;
    columns.set(nodeId, [...(columns.get(nodeId) ?? []), { index, dimension: label.slice(0, comma) }]);
  });
  const valueAt = result.point.value;
  const numberOf = (cell: unknown): number | null => {
    const found: unknown = Array.isArray(cell) ? cell[valueAt] : cell;
    return typeof found === 'number' && Number.isFinite(found) ? found : null;
  };
  const byNode = new Map<string, NodeRows>();
  for (const [nodeId, ofNode] of columns) {
    const rows = result.data.flatMap((row) => {
      const [time] = row;
      if (typeof time !== 'number') return [];
      const values = ofNode.map(({ index }) => numberOf(row[index]));
      return values.some((cell) => cell !== null) ? [[time, ...values]] : [];
    });
    rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
    byNode.set(nodeId, { dimensions: ofNode.map(({ dimension }) => dimension), rows });
  }
  return byNode;
}
