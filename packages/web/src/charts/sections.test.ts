import { expect, it } from 'vitest';
import { parseCharts, parseData, type Chart } from './agent-answers.ts';
import { anchorOf, chartsMatching, familiesStandApart, sectionsOf } from './sections.ts';

const chart = (id: string, priority: number, family: string) => ({
  id,
  type: id.split('.')[0],
  family,
  context: id,
  title: `Title of ${id} (${id})`,
  units: 'percentage',
  priority,
  chart_type: 'stacked',
  update_every: 1,
  dimensions: { user: { name: 'user' } },
});

const answer = {
  charts: {
    'disk.sda': chart('disk.sda', 2000, 'sda'),
    'system.cpu': chart('system.cpu', 100, 'cpu'),
    'system.load': chart('system.load', 200, 'load'),
    'disk_ops.sda': { ...chart('disk_ops.sda', 2001, 'sda'), type: '' },
    broken: 'not a chart',
    'broken.too': { id: 7 },
  },
};

it('parseCharts orders by priority, trims titles and leaves out what it cannot read', () => {
  const charts = parseCharts(answer);
  expect(charts.map(({ id }) => id)).toEqual(['system.cpu', 'system.load', 'disk.sda', 'disk_ops.sda']);
  expect(charts[0]).toMatchObject({
    title: 'Title of system.cpu',
    style: 'stacked',
    dimensions: ['user'],
    type: 'system',
  });
  expect(charts[3]?.type).toBe('disk_ops');
  expect(() => parseCharts({ nothing: true })).toThrow();
});

it('parseData turns newest first into oldest first', () => {
  expect(
    parseData({
      labels: ['time', 'a'],
      data: [
        [3, 1],
        [2, null],
        [1, 4],
      ],
    }),
  ).toEqual({
    dimensions: ['a'],
    rows: [
      [1, 4],
      [2, null],
      [3, 1],
    ],
  });
  expect(() => parseData({ labels: [], data: [] })).toThrow();
});

it('sectionsOf groups by type and family', () => {
  const sections = sectionsOf(parseCharts(answer));
  expect(sections.map(({ label, chartCount }) => [label, chartCount])).toEqual([
    ['System', 2],
    ['Disks', 2],
  ]);
  expect(sections[0]?.families.map(({ name }) => name)).toEqual(['cpu', 'load']);
});

it('what is about one thing stands together, whatever its agent calls the type', () => {
  const about = (id: string, context: string, family: string) => ({ ...chart(id, 1, family), context });
  const charts = [
    about('app.my_job_cpu_utilization', 'app.cpu_utilization', 'cpu'),
    about('app.my_job_mem_usage', 'app.mem_usage', 'mem'),
    about('apps.cpu', 'apps.cpu', 'cpu'),
    about('user.ada_cpu_utilization', 'user.cpu_utilization', 'users/ada'),
    about('user.odd', 'user.processes', 'users/odd'),
    about('cgroup_web.cpu', 'cgroup.cpu', 'cpu'),
    about('cgroup_web.mem', 'cgroup.mem', 'mem'),
    about('systemd_nginx.cpu', 'systemd.service.cpu', 'cpu'),
  ];
  const read = sectionsOf(parseCharts({ charts: Object.fromEntries(charts.map((one) => [one.id, one])) }));
  expect(
    read.map(({ label, families }) => [label, families.map(({ name, charts: its }) => `${name} ${its.length}`)]),
  ).toEqual([
    ['Applications', ['my_job 2', 'cpu 1']],
    ['Containers', ['web 2']],
    ['Services', ['nginx 1']],
    ['Users', ['ada 1', 'users/odd 1']],
  ]);
});

it('a heat map is stacked, and the name behind a title is cut like the id', () => {
  const [read] = parseCharts({
    charts: {
      a: {
        ...chart('net.eth0', 1, 'eth0'),
        name: 'net.uplink',
        title: 'Bandwidth (net.uplink)',
        chart_type: 'heatmap',
      },
    },
  });
  expect(read).toMatchObject({ name: 'net.uplink', title: 'Bandwidth', style: 'stacked' });
});

it('families get headings only where they hold several charts', () => {
  const sectionOf = (counts: number[]) => ({
    families: counts.map((n) => ({
      name: '',
      charts: Array.from({ length: n }, () => parseCharts(answer)[0] as Chart),
    })),
    chartCount: counts.reduce((a, b) => a + b),
    type: '',
    label: '',
  });
  expect([[8], [1, 1, 2], [2, 2], [3, 1], [4, 1, 2, 3]].map((counts) => familiesStandApart(sectionOf(counts)))).toEqual(
    [false, false, true, false, true],
  );
});

it('chartsMatching needs every word', () => {
  const charts = parseCharts(answer);
  expect(chartsMatching(charts, ' SDA disks ops ').map(({ id }) => id)).toEqual(['disk_ops.sda']);
  expect(chartsMatching(charts, '')).toHaveLength(4);
});

it('anchorOf is safe in an address', () => expect(anchorOf('disk', '/mnt a#b')).toBe('charts-disk-%2Fmnt%20a%23b'));

it('takes any word of an agent for a type, also those that every object has', () => {
  const charts = ['__proto__', 'constructor', 'a\ud800b'].map((type) => ({ ...chart(`${type}.x`, 1, type), type }));
  const sections = sectionsOf(parseCharts({ charts: Object.fromEntries(charts.map((one) => [one.id, one])) }));
  expect(sections.map(({ label }) => label).sort()).toEqual(['  proto  ', 'A\ufffdb', 'Constructor'].sort());
  for (const { type, families } of sections) expect(anchorOf(type, families[0]?.name)).not.toBe('');
});
