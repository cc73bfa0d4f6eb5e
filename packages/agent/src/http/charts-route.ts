// /api/v1/charts and /api/v1/chart: what is collected, in the shape that dashboards of stock agents read.

import type { Health } from '../health/health.ts';
import { pluginOf } from '../metrics/list-collectors.ts';
import { firstSecondOf, type MetricStore, type StoredChart } from '../metrics/store.ts';
import { alarmCounts } from './alarms-route.ts';
import type { HostInfo } from './host-info.ts';
import { jsonReply, quoted, refusal } from './reply.ts';
import type { Route } from './route.ts';

interface ChartsParts {
  store: MetricStore;
  health: Health;
  hostInfo: HostInfo;
  version: string;
  hostname: string;
}

export function chartsRoutes(parts: ChartsParts): Route[] {
  const { store } = parts;
  const charts: Route['answer'] = () => jsonReply(JSON.stringify(allCharts(parts)));
  const chart: Route['answer'] = ({ query }) => {
    const id = query.get('chart') ?? '';
    if (id === '') return refusal(400, 'Name a chart, as in /api/v1/chart?chart=system.cpu.');
    const known = store.chart(id);
    if (known === undefined)
      return refusal(404, `This node has no chart ${quoted(id)}; /api/v1/charts lists what it has.`);
    return jsonReply(JSON.stringify(describeChart(known)));
  };
  return [
    { path: '/api/v1/charts', permission: 'anonymous-data', mayBeRelayed: true, answer: charts },
    { path: '/api/v1/chart', permission: 'anonymous-data', mayBeRelayed: true, answer: chart },
  ];
}

function allCharts({ store, health, hostInfo, version, hostname }: ChartsParts): object {
  const listed = [...store.charts()].filter((chart) => !chart.obsolete && chart.lastSecond > 0);
  const { normal, warning, critical } = alarmCounts(health);
  return {
    hostname,
    version,
    release_channel: 'stable',
    timezone: hostInfo.timezone,
    os: 'linux',
    history: store.retentionSeconds,
    memory_mode: 'ram',
    custom_info: '',
    update_every: 1,
    charts: Object.fromEntries(listed.map((chart) => [chart.shape.id, describeChart(chart)])),
    charts_count: listed.length,
    dimensions_count: listed.reduce((count, chart) => count + chart.dimensions.length, 0),
    alarms_count: normal + warning + critical,
    rrd_memory_bytes: store.sampleBytes,
    hosts_count: 1,
    hosts: [{ hostname }],
  };
}

function describeChart({ shape, dimensions, ...chart }: StoredChart): object {
  const firstSecond = firstSecondOf({ shape, dimensions, ...chart });
  const shown = dimensions.filter(({ hidden }) => !hidden);
  return {
    id: shape.id,
    name: shape.id,
    type: shape.id.slice(0, shape.id.indexOf('.')),
    family: shape.family,
    context: shape.context,
    title: shape.title,
    priority: shape.priority,
    plugin: pluginOf(shape),
    module: shape.module,
    units: shape.units,
    data_url: `/api/v1/data?chart=${encodeURIComponent(shape.id)}`,
    chart_type: shape.chartType,
    duration: firstSecond === 0 ? 0 : chart.lastSecond - firstSecond + shape.updateEverySeconds,
    first_entry: firstSecond,
    last_entry: chart.lastSecond,
    update_every: shape.updateEverySeconds,
    dimensions: Object.fromEntries(shown.map(({ id, name }) => [id, { name }])),
    chart_variables: {},
    green: null,
    red: null,
    alarms: {},
    chart_labels: {},
  };
}
