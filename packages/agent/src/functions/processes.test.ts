import { expect, test } from 'vitest';
import { machineFiles } from './machine-files.ts';
import { parseStat, parseStatus } from './process-files.ts';
import { processes } from './processes.ts';
import { fileTree, notAborted, rowsOf, type FileTree } from './testing.ts';

const stat = (pid: number, name: string, user: number, system: number, start = 100): string =>
  `${pid} (${name}) S 1 7 7 0 -1 4194560 9 8 7 6 ${user} ${system} 3 4 20 0 5 0 ${start} 1000 200 18446744073709551615 1 1\n`;
const status = (uid: number): string =>
  `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t0\t7\t7\t7\nVmSize:\t    4096 kB\nVmRSS:\t    2048 kB\nRssFile:\t     512 kB\nRssShmem:\t     512 kB\nVmSwap:\t       0 kB\nThreads:\t5\n`;

function machine(): { tree: FileTree; clock: { ms: number }; run(signal?: AbortSignal): Promise<object[]> } {
  const tree = fileTree({
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/false\n',
    'etc/group': 'root:x:0:\nstaff:x:7:web\n',
    'proc/meminfo': 'MemTotal:       8192 kB\nMemFree: 1 kB\n',
    'proc/uptime': '50.5 90.0\n',
    'proc/1/stat': stat(1, 'init', 1000, 500),
    'proc/1/status': status(0),
    'proc/22/stat': stat(22, 'a (b) c', 10, 20, 4000),
    'proc/22/status': status(33),
    'proc/self/stat': 'not a number in front',
  });
  const clock = { ms: 5000 };
  const pause = async (ms: number): Promise<void> => {
    clock.ms += ms;
    tree.write({ 'proc/22/stat': stat(22, 'a (b) c', 35, 45, 4000) });
  };
  const called = processes({ files: machineFiles(tree.root), monotonicMs: () => clock.ms, pause });
  return { tree, clock, run: async (signal = notAborted) => rowsOf(await called.run(signal)) };
}

test('two readings half a second apart tell how busy each process is', async () => {
  const [busy, idle] = await machine().run();
  expect(busy).toEqual({
    PID: 22,
    Cmd: 'a (b) c',
    PPID: 1,
    State: 'sleeping',
    User: 'web',
    Uid: 33,
    Group: 'staff',
    Gid: 7,
    // 50 hundredths of a second in half a second: one whole core.
    CPU: 100,
    UserCPU: 50,
    SysCPU: 50,
    Memory: 25,
    Resident: 2,
    Shared: 1,
    Virtual: 4,
    Swap: 0,
    Threads: 5,
    Uptime: 10,
  });
  expect(idle).toMatchObject({ PID: 1, CPU: 0, User: 'root', Uptime: 49 });
});

test('the reading before is used while it is young, a process with a number used again counts as new', async () => {
  const { tree, clock, run } = machine();
  await run();
  clock.ms += 1000;
  tree.write({ 'proc/1/stat': stat(1, 'init', 1050, 500), 'proc/22/stat': stat(22, 'other', 20, 0, 5000) });
  const at = clock.ms;
  expect(await run()).toMatchObject([
    { PID: 1, CPU: 50 },
    { PID: 22, Cmd: 'other', CPU: 20 },
  ]);
  expect(clock.ms).toBe(at);
  clock.ms += 60_000;
  await run();
  expect(clock.ms).toBe(at + 60_500);
});

test('processes that end while they are read are left out', async () => {
  const { tree, run } = machine();
  tree.remove('proc/22/status');
  expect(await run()).toHaveLength(1);
  tree.remove('proc/22');
  expect(await run()).toHaveLength(1);
});

test('a call that nobody waits for any more ends, in the pause as well', async () => {
  const { tree, run } = machine();
  await expect(run(AbortSignal.abort())).rejects.toThrow();
  const abort = new AbortController();
  const called = processes({
    files: machineFiles(tree.root),
    monotonicMs: () => 0,
    pause: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        abort.abort();
      }),
  });
  await expect(called.run(abort.signal)).rejects.toThrow('aborted');
});

test.each(['', '1', '1 (', '1 (x', ') (', '1 (x) S 1 2', '1 (x) S a b c d e f g h i j k l m n o p q r s t'])(
  'the text %j is no process',
  (text) => expect(parseStat(text)).toBeUndefined(),
);

test('a thread of the kernel has no memory of its own', () => {
  expect(parseStatus('Name:\tkthreadd\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n')).toEqual({
    userId: 0,
    groupId: 0,
    residentBytes: 0,
    sharedBytes: 0,
    virtualBytes: 0,
    swapBytes: 0,
  });
});

test('this very process is found with its command and user', async () => {
  const called = processes({ files: machineFiles('/'), monotonicMs: () => performance.now(), pause: async () => {} });
  const own = rowsOf(await called.run(notAborted)).find(({ PID }) => PID === process.pid);
  expect(own).toMatchObject({ PPID: process.ppid, Uid: process.geteuid?.() });
  expect(Number(own?.['Resident'])).toBeGreaterThan(10);
  expect(JSON.stringify(own)).not.toContain(process.argv[1]);
});
