// What a process costs, as the kernel counts it.

import { readFile } from 'node:fs/promises';
import { pause } from './figure.ts';

/** Clock ticks in a second: USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Resident memory, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`process ${pid} has no VmRSS`);
  return Number(kib) * 1024;
}

/** CPU time of user and system since the start, seconds. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Fields after the name in parentheses, which may hold blanks: utime and stime are the 14th and 15th of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

export interface ProcessCost {
  /** Highest resident memory that was seen, bytes. */
  residentBytes: number;
  /** Percent of one core. */
  cpuPercent: number;
}

/** Watches processes side by side for some seconds. */
export function costOver(pids: readonly number[], seconds: number): Promise<ProcessCost[]> {
  return Promise.all(
    pids.map(async (pid) => {
      const start = { at: performance.now(), cpu: await cpuSeconds(pid) };
      let highest = 0;
      for (let second = 0; second < seconds; second++) {
        await pause(1000);
        highest = Math.max(highest, await residentBytes(pid));
      }
      const elapsedSeconds = (performance.now() - start.at) / 1000;
      return {
        residentBytes: highest,
        cpuPercent: (((await cpuSeconds(pid)) - start.cpu) / elapsedSeconds) * 100,
      };
    }),
  );
}
