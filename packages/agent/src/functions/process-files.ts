// What the kernel says of one process. [proc_pid_stat(5), proc_pid_status(5)]

export interface ProcessStat {
  /** At most 15 characters; never the command line, which may hold secrets. */
  command: string;
  state: string;
  parentId: number;
  /** Hundredths of a second, of all its threads. */
  userTicks: number;
  systemTicks: number;
  threads: number;
  /** Hundredths of a second since the machine started: together with the process id it names a process for good. */
  startTicks: number;
}

export interface ProcessStatus {
  userId: number;
  groupId: number;
  /** Bytes; 0 for a thread of the kernel. */
  residentBytes: number;
  sharedBytes: number;
  virtualBytes: number;
  swapBytes: number;
}

const states: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  X: 'dead',
  I: 'idle',
};

/** `1 (name) S 0 …`. The name may hold blanks and brackets, so that only the last bracket ends it. Undefined for what is no such line. */
export function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const words = text.slice(close + 1).trim().split(/\s+/); // prettier-ignore
  const number = (index: number): number => Number(words[index] ?? NaN);
  const letter = words[0] ?? '';
  const stat = {
    command: text.slice(open + 1, close),
    state: states[letter] ?? letter,
    parentId: number(1),
    userTicks: number(11),
    systemTicks: number(12),
    threads: number(17),
    startTicks: number(19),
  };
  const numbers = [stat.parentId, stat.userTicks, stat.systemTicks, stat.threads, stat.startTicks];
  return numbers.every(Number.isFinite) ? stat : undefined;
}

/** Effective user and group, as `ps` and `top` show them. -1 where the text does not say. */
export function parseStatus(text: string): ProcessStatus {
  const lines = new Map(
    text.split('\n').map((line): [string, string[]] => {
      const [key = '', rest = ''] = line.split(':', 2);
      return [key, rest.trim().split(/\s+/)];
    }),
  );
  const bytes = (key: string): number => Number(lines.get(key)?.[0] ?? 0) * 1024;
  const effective = (key: string): number => Number(lines.get(key)?.[1] ?? -1);
  return {
    userId: effective('Uid'),
    groupId: effective('Gid'),
    residentBytes: bytes('VmRSS'),
    sharedBytes: bytes('RssFile') + bytes('RssShmem'),
    virtualBytes: bytes('VmSize'),
    swapBytes: bytes('VmSwap'),
  };
}
