import { expect, it } from 'vitest';
import { alertsSearch, auditSearch, functionSearch, nodeAlertsSearch, nodesSearch } from './search.ts';

it('keeps what fits and leaves out the rest', () => {
  expect(nodesSearch({ state: 'live', find: 'x', other: 1 })).toEqual({ state: 'live', find: 'x' });
  expect(nodesSearch({ state: 'odd', find: 'x'.repeat(201) })).toEqual({});
  expect(alertsSearch({ status: 'critical', room: 'no id' })).toEqual({ status: 'critical' });
  expect(nodeAlertsSearch({ alert: 'a.b', shown: 'some', find: '' })).toEqual({ alert: 'a.b' });
});

it('names what does not fit, so that it takes the place of what was typed', () => {
  expect(auditSearch({ from: '2026-13-45', until: 'zzz', kind: 'x' })).toStrictEqual({
    from: undefined,
    until: undefined,
    kind: 'x',
  });
});

it('functionSearch reads lists and options', () => {
  const search = { sort: 'CPU', order: 'descending', columns: ['PID', 'CPU'], options: { sockets: 'detailed' } };
  expect(functionSearch(search)).toEqual(search);
  expect(functionSearch({ columns: 'PID', options: ['x'], order: 'up' })).toEqual({});
});
