// /api/v1/allmetrics: the newest sample of everything, in the text format of Prometheus 0.0.4.

import { sampleText } from '../metrics/number-text.ts';
import type { MetricStore, StoredChart } from '../metrics/store.ts';
import { quoted, refusal, textReply } from './reply.ts';
import type { Route } from './route.ts';

const contentType = 'text/plain; version=0.0.4; charset=utf-8';

export function allMetricsRoutes({
  store,
  hostname,
  version,
}: {
  store: MetricStore;
  hostname: string;
  version: string;
}): Route[] {
  const answer: Route['answer'] = ({ query }) => {
    const format = query.get('format') ?? 'prometheus';
    if (format !== 'prometheus') return refusal(400, `format does not know ${quoted(format)}; allowed is prometheus.`);
    const info = `netdata_info{instance="${escapeLabel(hostname)}",application="netdata",version="${escapeLabel(version)}"} 1\n`;
    return textReply(contentType, `# TYPE netdata_info gauge\n${info}${prometheusText(store)}`);
  };
  return [{ path: '/api/v1/allmetrics', permission: 'anonymous-data', mayBeRelayed: true, answer }];
}

/** All samples of a metric stand together, as the format demands. Dimensions without a sample are left out. */
function prometheusText(store: MetricStore): string {
  const byMetric = new Map<string, string>();
  for (const chart of store.charts()) {
    if (chart.obsolete || chart.lastSecond === 0) continue;
    const metric = metricName(chart.shape.context, chart.shape.units);
    byMetric.set(metric, (byMetric.get(metric) ?? '') + samplesOf(metric, chart));
  }
  let text = '';
  for (const metric of [...byMetric.keys()].sort()) text += `# TYPE ${metric} gauge\n${byMetric.get(metric) ?? ''}`;
  return text;
}

function samplesOf(metric: string, { shape, dimensions, lastSecond }: StoredChart): string {
  const slot = Math.floor(lastSecond / shape.updateEverySeconds);
  const labels = `chart="${escapeLabel(shape.id)}",dimension="`;
  const tail = `",family="${escapeLabel(shape.family)}"}`;
  let text = '';
  for (const { name, ring } of dimensions) {
    const value = ring.read(slot);
    if (Number.isNaN(value)) continue;
    text += `${metric}{${labels}${escapeLabel(name)}${tail} ${sampleText(value)} ${lastSecond * 1000}\n`;
  }
  return text;
}

/** `netdata_disk_io_KiB_persec_average`: context, units, and how the value was made. */
export function metricName(context: string, units: string): string {
  const unit = units.replace(/\/s$/, '_persec').replaceAll('%', '_percent');
  const words = `netdata_${context}_${unit}_average`.replace(/[^A-Za-z0-9]+/g, '_');
  return words.replace(/_+/g, '_');
}

/** A device or host can have any name. */
export function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
