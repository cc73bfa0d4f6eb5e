// The processes of this machine. How busy one is takes two readings: the one before is kept, or made half a second earlier.

import type { AgentFunction } from './agent-function.ts';
import { inSlices, processIds, readNames, type MachineFiles } from './machine-files.ts';
import { parseStat, parseStatus, type ProcessStat } from './process-files.ts';
import { processTable, type ProcessRow } from './process-table.ts';
import { fillTable } from './table.ts';

export interface ProcessesParts {
  files: MachineFiles;
  /** Milliseconds of a clock that is never set. */
  monotonicMs: () => number;
  /** Rejects when `signal` is aborted. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Of one machine; a kernel has 32,768 process ids unless it was told otherwise. */
const maxProcesses = 20_000;
/** Between two readings, in ms: the kernel counts in hundredths of a second, so that this is right to 2 %. */
const shortestMs = 500;
/** An older reading tells how busy a process was rather than is. */
const longestMs = 30_000;

interface Reading {
  atMs: number;
  stats: ReadonlyMap<number, ProcessStat>;
}

export function processes({ files, monotonicMs, pause }: ProcessesParts): AgentFunction {
  let kept: Reading | undefined;

  const read = async (signal: AbortSignal): Promise<Reading> => {
    const stats = new Map<number, ProcessStat>();
    const atMs = monotonicMs();
    await inSlices(processIds(files).slice(0, maxProcesses), signal, (pid) => {
      const stat = parseStat(files.text(`proc/${pid}/stat`) ?? '');
      if (stat !== undefined) stats.set(pid, stat);
    });
    return { atMs, stats };
  };

  return {
    name: 'processes',
    help: 'Shows the processes with their state, user, CPU time, memory, threads and age. Command lines are not shown.',
    timeoutSeconds: 60,
    updateEverySeconds: 1,
    priority: 10,
    run: async (signal) => {
      const isUsable = kept !== undefined && monotonicMs() - kept.atMs <= longestMs;
      const before = isUsable && kept !== undefined ? kept : await read(signal);
      const ageMs = monotonicMs() - before.atMs;
      if (ageMs < shortestMs) await pause(shortestMs - ageMs, signal);
      const now = await read(signal);
      kept = now;
      const rows = await describe(files, before, now, signal);
      // Where there are too many, the idle ones are left out.
      rows.sort((one, other) => other.cpuPercent - one.cpuPercent || other.residentBytes - one.residentBytes);
      const memoryBytes = Number(/^MemTotal:\s+(\d+) kB/m.exec(files.text('proc/meminfo') ?? '')?.[1] ?? NaN) * 1024;
      return fillTable(processTable(memoryBytes), rows);
    },
  };
}

async function describe(
  files: MachineFiles,
  before: Reading,
  now: Reading,
  signal: AbortSignal,
): Promise<ProcessRow[]> {
  const seconds = (now.atMs - before.atMs) / 1000;
  const upSeconds = Number((files.text('proc/uptime') ?? '').split(' ')[0]);
  const userName = readNames(files, 'passwd');
  const groupName = readNames(files, 'group');
  const rows: ProcessRow[] = [];
  await inSlices([...now.stats], signal, ([pid, stat]) => {
    const text = files.text(`proc/${pid}/status`);
    // It ended between the two files.
    if (text === undefined) return;
    const status = parseStatus(text);
    const known = before.stats.get(pid);
    // One that began in between has used what it has used.
    const base = known?.startTicks === stat.startTicks ? known : { userTicks: 0, systemTicks: 0 };
    const percent = (ticks: number): number => (seconds > 0 ? Math.max(0, ticks) / seconds : 0);
    rows.push({
      ...stat,
      ...status,
      pid,
      user: userName(status.userId),
      group: groupName(status.groupId),
      userPercent: percent(stat.userTicks - base.userTicks),
      systemPercent: percent(stat.systemTicks - base.systemTicks),
      cpuPercent: percent(stat.userTicks + stat.systemTicks - base.userTicks - base.systemTicks),
      ageSeconds: Math.max(0, Math.floor(upSeconds - stat.startTicks / 100)),
    });
  });
  return rows;
}
