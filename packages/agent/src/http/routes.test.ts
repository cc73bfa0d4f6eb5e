import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeLabel, metricName } from './all-metrics-route.ts';
import { routePermissions } from './route.ts';
import { nowSecond, testNode } from './testing.ts';

async function body(target: string): Promise<unknown> {
  const reply = await testNode().get(target);
  expect(reply.status).toBe(200);
  return JSON.parse(String(reply.body));
}

test('/api/v1/info has the keys of stock agents in their order, escaped, and is not kept', async () => {
  const reply = await testNode().get('/api/v1/info');
  expect(reply.headers).toEqual({ 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache' });
  expect(reply.contentType).toMatch(/^application\/json/);
  const info = JSON.parse(String(reply.body)) as Record<string, unknown>;
  expect(Object.keys(info)).toEqual([
    'version',
    'uid',
    'mirrored_hosts',
    'alarms',
    'os_name',
    'os_id',
    'os_id_like',
    'os_version',
    'os_version_id',
    'os_detection',
    'cores_total',
    'total_disk_space',
    'cpu_freq',
    'ram_total',
    'kernel_name',
    'kernel_version',
    'architecture',
    'virtualization',
    'virt_detection',
    'container',
    'container_detection',
    'host_labels',
    'collectors',
    'cloud-enabled',
    'cloud-available',
    'agent-claimed',
    'aclk-available',
  ]);
  expect(info).toMatchObject({
    version: 'v0.1.0',
    mirrored_hosts: ['node"1'],
    os_version: '12 "x"',
    cores_total: '2',
    ram_total: '4096',
    'cloud-enabled': true,
    'aclk-available': false,
  });
});

test('/api/v1/charts and /api/v1/chart describe what is collected; hidden dimensions are not listed', async () => {
  const all = (await body('/api/v1/charts')) as { charts: Record<string, unknown>; charts_count: number };
  expect(Object.keys(all.charts)).toEqual(['system.cpu', 'disk.sda', 'disk.sdb', 'net.a"b\\c']);
  expect(all.charts_count).toBe(4);
  expect(all.charts['system.cpu']).toMatchObject({
    id: 'system.cpu',
    type: 'system',
    family: 'cpu',
    context: 'system.cpu',
    units: 'percentage',
    chart_type: 'line',
    first_entry: nowSecond - 59,
    last_entry: nowSecond,
    duration: 60,
    update_every: 1,
    dimensions: { user: { name: 'user' }, system: { name: 'system' } },
  });
  expect(await body('/api/v1/chart?chart=system.cpu')).toEqual(all.charts['system.cpu']);
  const { get } = testNode();
  expect(await get('/api/v1/chart?chart=x')).toMatchObject({ status: 404 });
  expect(await get('/api/v1/chart')).toMatchObject({ status: 400 });
});

test('an obsolete chart leaves the lists, its samples can still be asked for', async () => {
  const node = testNode();
  node.store.endTick(nowSecond + 100);
  const all = JSON.parse(String((await node.get('/api/v1/charts')).body)) as { charts: object };
  expect(all.charts).toEqual({});
  expect((await node.get(`/api/v1/data?chart=disk.sda&before=${nowSecond}&after=-2`)).body).toContain(
    String(nowSecond),
  );
});

test('/api/v1/data of a chart and of a context', async () => {
  expect(await body('/api/v1/data?chart=system.cpu&after=-2')).toEqual({
    labels: ['time', 'user', 'system'],
    data: [
      [nowSecond, 0, 1],
      [nowSecond - 1, 0.9, 1.9],
    ],
  });
  expect(await body('/api/v1/data?context=disk.io&after=-1&dimensions=w*')).toEqual({
    labels: ['time', 'writes'],
    data: [[nowSecond, 2]],
  });
  const wrapped = await body(
    '/api/v1/data?chart=system.cpu&after=-20&points=2&options=jsonwrap|flip,ms abs&group=max&_=1',
  );
  expect(wrapped).toMatchObject({
    id: 'system.cpu',
    points: 2,
    view_update_every: 10,
    result: { labels: ['time', 'user', 'system'] },
  });
  const csv = await testNode().get('/api/v1/data?chart=system.cpu&after=-1&format=csv&options=seconds');
  expect(csv).toMatchObject({
    contentType: 'text/csv; charset=utf-8',
    body: `time,user,system\r\n${nowSecond},0,1\r\n`,
  });
});

test.each([
  ['/api/v1/data', 'Name either one chart'],
  ['/api/v1/data?chart=a&context=b', 'Name either one chart'],
  [
    '/api/v1/data?chart=system.cpu&group=avg',
    'group does not know "avg"; allowed are average, min, max, sum, median, stddev, incremental-sum.',
  ],
  ['/api/v1/data?chart=system.cpu&format=xml', 'format does not know "xml"; allowed are json, csv, ssv, array.'],
  [
    '/api/v1/data?chart=system.cpu&options=jsonwrap,wat',
    'options does not know "wat"; allowed are jsonwrap, absolute, percentage, nonzero, seconds, ms, flip, null2zero, unaligned.',
  ],
  ['/api/v1/data?chart=system.cpu&options=constructor', 'options does not know "constructor"'],
  ['/api/v1/data?chart=system.cpu&group=__proto__', 'group does not know'],
  ['/api/v1/data?chart=system.cpu&afer=-5', 'Unknown parameter "afer"; allowed are chart, context,'],
  ['/api/v1/data?chart=system.cpu&after=1h', 'after must be whole seconds'],
  ['/api/v1/data?chart=system.cpu&after=1e3', 'after must be whole seconds'],
  ['/api/v1/data?chart=system.cpu&points=-1', 'points must be a whole number from 0 to 10000'],
  ['/api/v1/data?chart=system.cpu&points=10001', 'points must be a whole number from 0 to 10000'],
  ['/api/v1/data?chart=system.cpu&gtime=x', 'gtime must be a whole number'],
  ['/api/v1/data?chart=system.cpu&after=200&before=100', '`after` must not be later than `before`.'],
  ['/api/v1/allmetrics?format=shell', 'format does not know "shell"; allowed is prometheus.'],
])('%s is refused in one sentence', async (target, sentence) => {
  const reply = await testNode().get(target);
  expect(reply.status).toBe(400);
  expect(reply.contentType).toMatch(/^text\/plain/);
  expect(String(reply.body)).toContain(sentence);
  expect(String(reply.body).trimEnd()).not.toContain('\n');
});

test('an unknown chart or context is 404', async () => {
  const { get } = testNode();
  expect(await get('/api/v1/data?chart=nope')).toMatchObject({
    status: 404,
    body: expect.stringContaining('no chart "nope"'),
  });
  expect(await get('/api/v1/data?context=nope')).toMatchObject({
    status: 404,
    body: expect.stringContaining('/api/v1/contexts'),
  });
});

test('no question makes the agent fail', async () => {
  const node = testNode();
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('-5', '0', 'system.cpu', 'jsonwrap', '1795000000', '*', '-99999999999'),
  );
  const name = fc.constantFrom(
    'chart',
    'context',
    'dimensions',
    'after',
    'before',
    'points',
    'group',
    'gtime',
    'format',
    'options',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, word)), async (pairs) => {
      const reply = await node.get(
        `/api/v1/data?${new URLSearchParams([['chart', 'system.cpu'], ...pairs]).toString()}`,
      );
      expect([200, 400, 404]).toContain(reply.status);
    }),
    { numRuns: 500 },
  );
  expect(node.errors).toEqual([]);
});

test('/api/v1/contexts', async () => {
  const { contexts } = (await body('/api/v1/contexts')) as { contexts: Record<string, unknown> };
  expect(Object.keys(contexts)).toEqual(['disk.io', 'net.net', 'system.cpu']);
  expect(contexts['disk.io']).toMatchObject({
    units: 'KiB/s',
    first_time_t: nowSecond - 59,
    last_time_t: nowSecond,
    collected: true,
    charts: ['disk.sda', 'disk.sdb'],
  });
});

test('/api/v1/allmetrics is valid Prometheus text, whatever things are called', async () => {
  const reply = await testNode().get('/api/v1/allmetrics?format=prometheus');
  expect(reply.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = String(reply.body).trimEnd().split('\n');
  const sample = /^[a-zA-Z_:][a-zA-Z0-9_:]*\{([a-z]+="([^"\\\n]|\\\\|\\"|\\n)*",?)+\} -?[0-9.e+-]+( \d+)?$/;
  for (const line of lines) expect(line).toMatch(line.startsWith('#') ? /^# TYPE \S+ gauge$/ : sample);
  expect(lines).toContain(
    `netdata_system_cpu_percentage_average{chart="system.cpu",dimension="idle",family="cpu"} 2 ${nowSecond * 1000}`,
  );
  expect(lines).toContain(
    `netdata_net_net_kilobits_persec_average{chart="net.a\\"b\\\\c",dimension="line\\nbreak",family="a\\"b\\\\c"} 0 ${nowSecond * 1000}`,
  );
  // All samples of a metric stand together below one TYPE line.
  expect(lines.filter((line) => line === '# TYPE netdata_disk_io_KiB_persec_average gauge')).toHaveLength(1);
});

test('names of metrics', () => {
  expect(metricName('disk.util', '% of time working')).toBe('netdata_disk_util_percent_of_time_working_average');
  expect(metricName('system.ctxt', 'context switches/s')).toBe('netdata_system_ctxt_context_switches_persec_average');
  expect(escapeLabel('a\\"\n')).toBe('a\\\\\\"\\n');
});

test('only marked routes are relayed; unknown paths are 404; every route states its permission', async () => {
  const local = { path: '/api/v1/local', permission: 'none', mayBeRelayed: false } as const;
  const node = testNode([{ ...local, answer: () => ({ status: 200, contentType: 'text/plain', body: 'here' }) }]);
  expect(await node.get('/api/v1/local')).toMatchObject({ status: 200 });
  expect(await node.get('/api/v1/local', 'link')).toMatchObject({ status: 404 });
  expect(await node.get('/api/v1/info', 'link')).toMatchObject({ status: 200 });
  expect(await node.get('/api/v1/manage/health')).toMatchObject({ status: 404 });
  expect(await node.get('/api/v1/data/')).toMatchObject({ status: 404 });
  for (const route of node.routes) expect(Object.keys(routePermissions)).toContain(route.permission);
  expect(node.activity).toMatchObject({ localRequests: 1, relayedRequests: 1, failedRequests: 0 });
});

test('a route that throws is an answer of 500 without its reason, which is in the log', async () => {
  const broken = { path: '/api/v1/broken', permission: 'none', mayBeRelayed: false } as const;
  const node = testNode([
    {
      ...broken,
      answer: () => {
        throw new Error('secret path /x');
      },
    },
  ]);
  const reply = await node.get('/api/v1/broken');
  expect(reply).toMatchObject({ status: 500 });
  expect(String(reply.body)).not.toContain('secret');
  expect(node.errors[0]).toContain('secret path /x');
});

test('two routes with one path are a mistake of the programmer', () => {
  const twice = { path: '/api/v1/info', permission: 'none', mayBeRelayed: false } as const;
  expect(() => testNode([{ ...twice, answer: () => ({ status: 200, contentType: '', body: '' }) }])).toThrow(
    /same path/,
  );
});
