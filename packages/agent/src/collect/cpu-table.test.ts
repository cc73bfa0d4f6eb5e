import { expect, test } from 'vitest';
import { CpuTable } from './cpu-table.ts';
import { cursorOver } from './cursor.ts';

const text = `           CPU0       CPU2
 24:          1          5  IO-APIC   5-edge      ACPI:Ged
LOC:      30256      25484   Local timer interrupts
ERR:          3
`;

function parsed(table: CpuTable, from: string): Record<string, [number, string]> {
  table.parse(cursorOver(from));
  return Object.fromEntries(table.rows.map(({ name, total, description }) => [name, [total, description]]));
}

test('rows with one count per CPU, short ones too', () => {
  const table = new CpuTable();
  expect(parsed(table, text)).toEqual({
    '24': [6, 'IO-APIC   5-edge      ACPI:Ged'],
    LOC: [55740, 'Local timer interrupts'],
    ERR: [3, ''],
  });
  expect(table.cpus).toEqual([0, 2]);
  expect([...(table.rows[2]?.counts ?? [])]).toEqual([3, NaN]);
});

test('rows keep their identity while others come and go', () => {
  const table = new CpuTable();
  parsed(table, text);
  const local = table.rows[1];
  parsed(table, text.replace(' 24:', ' 11:          0          1  IO-APIC new\n 24:').replace('30256', '30300'));
  expect(table.rows[2]).toBe(local);
  expect(local?.total).toBe(55784);
  expect(table.rows).toHaveLength(4);
  parsed(table, text);
  expect(table.rows[1]).toBe(local);
});

test('other columns make other rows; an empty or foreign text makes none', () => {
  const table = new CpuTable();
  parsed(table, text);
  const before = table.cpus;
  parsed(table, text.replace('CPU2', 'CPU3'));
  expect(table.cpus).toEqual([0, 3]);
  expect(table.cpus).not.toBe(before);
  expect(parsed(table, '')).toEqual({});
  expect(parsed(table, 'hello\nworld: 1\n')).toEqual({});
});
