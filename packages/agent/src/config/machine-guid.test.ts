import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { machineGuidFile, MachineGuidError, obtainMachineGuid, readMachineGuid } from './machine-guid.ts';

let lib: string;
beforeEach(() => {
  lib = mkdtempSync(join(tmpdir(), 'guid-'));
});
afterEach(() => {
  rmSync(lib, { recursive: true, force: true });
});

test('it is made once, 36 characters, and stays', async () => {
  expect(await readMachineGuid(lib)).toBeUndefined();
  const guid = await obtainMachineGuid(lib, randomUUID);
  expect(readFileSync(machineGuidFile(lib), 'utf8')).toBe(guid);
  expect(guid).toHaveLength(36);
  expect(statSync(machineGuidFile(lib)).mode & 0o777).toBe(0o644);
  expect(await obtainMachineGuid(lib, randomUUID)).toBe(guid);
});

test('many at once agree, and nothing else is left behind', async () => {
  const guids = await Promise.all(Array.from({ length: 20 }, () => obtainMachineGuid(lib, randomUUID)));
  expect(new Set(guids).size).toBe(1);
  expect(readdirSync(dirname(machineGuidFile(lib)))).toHaveLength(1);
});

test('a newline and capitals are fine, anything else is named and not replaced', async () => {
  const guid = await obtainMachineGuid(lib, randomUUID);
  writeFileSync(machineGuidFile(lib), `${guid.toUpperCase()}\n`);
  expect(await readMachineGuid(lib)).toBe(guid);
  writeFileSync(machineGuidFile(lib), 'unknown');
  await expect(obtainMachineGuid(lib, randomUUID)).rejects.toThrow(MachineGuidError);
  expect(readFileSync(machineGuidFile(lib), 'utf8')).toBe('unknown');
});

test('a pipe in its place is not waited for', async () => {
  mkdirSync(dirname(machineGuidFile(lib)));
  execFileSync('mkfifo', [machineGuidFile(lib)]);
  await expect(readMachineGuid(lib)).rejects.toThrow(MachineGuidError);
});
