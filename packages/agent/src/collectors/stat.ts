// CPU time, in total and per core, context switches, interrupts and processes: all of /proc/stat.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { LiveChart, type ChartSpec, type DimensionSpec } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/stat';

/** Per-core charts beyond this number of cores would take the room of everything else (10 dimensions each). */
const maxCores = 128;

/** The order in which the kernel writes the times of a CPU. */
const kernelOrder = [
  'user',
  'nice',
  'system',
  'idle',
  'iowait',
  'irq',
  'softirq',
  'steal',
  'guest',
  'guest_nice',
] as const;
const [user, nice, guest, guestNice] = [0, 1, 8, 9];

/** The order in which they are shown; `idle` is what is left and is not drawn. */
const shownOrder = [
  'guest_nice',
  'guest',
  'steal',
  'softirq',
  'irq',
  'user',
  'system',
  'nice',
  'iowait',
  'idle',
] as const;
const places = shownOrder.map((name) => kernelOrder.indexOf(name));
const cpuDimensions: DimensionSpec[] = shownOrder.map((id) => ({ id, algorithm: 'share', hidden: id === 'idle' }));

/** What one reading of /proc/stat says; absent numbers are NaN. */
export class StatNumbers {
  /** Ten times per CPU line: row 0 is all of them, row n + 1 is the n-th core line. */
  times = new Float64Array(kernelOrder.length * 3);
  /** Numbers of the cores in the order of their lines; a core that is offline has no line. */
  cores: number[] = [];
  interrupts = NaN;
  contextSwitches = NaN;
  forks = NaN;
  running = NaN;
  blocked = NaN;
  hasTotal = false;
}

const words = {
  intr: Buffer.from('intr '),
  ctxt: Buffer.from('ctxt '),
  processes: Buffer.from('processes '),
  running: Buffer.from('procs_running '),
  blocked: Buffer.from('procs_blocked '),
  cpu: Buffer.from('cpu'),
};

/** Lines in any order, unknown ones skipped, missing columns (old kernels) as 0. */
export function parseStat(cursor: Cursor, into: StatNumbers): void {
  into.interrupts = into.contextSwitches = into.forks = into.running = into.blocked = NaN;
  into.hasTotal = false;
  let row = 1;
  while (!cursor.atEnd) {
    if (cursor.take(words.cpu)) {
      const isTotal = cursor.atWordEnd;
      const core = isTotal ? -1 : cursor.number();
      if (isTotal) into.hasTotal = true;
      else if (core === core) into.cores[row - 1] = core;
      if (isTotal || core === core) parseTimes(cursor, into, isTotal ? 0 : row++);
    } else if (cursor.take(words.intr)) into.interrupts = cursor.number();
    else if (cursor.take(words.ctxt)) into.contextSwitches = cursor.number();
    else if (cursor.take(words.processes)) into.forks = cursor.number();
    else if (cursor.take(words.running)) into.running = cursor.number();
    else if (cursor.take(words.blocked)) into.blocked = cursor.number();
    cursor.nextLine();
  }
  into.cores.length = row - 1;
}

function parseTimes(cursor: Cursor, into: StatNumbers, row: number): void {
  const base = row * kernelOrder.length;
  if (base + kernelOrder.length > into.times.length) {
    const wider = new Float64Array(into.times.length * 2);
    wider.set(into.times);
    into.times = wider;
  }
  const { times } = into;
  for (let i = 0; i < kernelOrder.length; i++) times[base + i] = cursor.number() || 0;
  // The kernel counts guests in user and nice, too; shown is where the time really went.
  times[base + user] = (times[base + user] as number) - (times[base + guest] as number);
  times[base + nice] = (times[base + nice] as number) - (times[base + guestNice] as number);
}

export class StatCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #store: MetricStore;
  readonly #file: ProcFile;
  readonly #numbers = new StatNumbers();
  readonly #total: LiveChart;
  readonly #cores = new Map<number, LiveChart>();
  readonly #interrupts: LiveChart;
  readonly #switches: LiveChart;
  readonly #forks: LiveChart;
  readonly #processes: LiveChart;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#store = store;
    this.#file = files.open('proc/stat');
    const line = (spec: Omit<ChartSpec, 'module'>): LiveChart => new LiveChart(store, { ...spec, module });
    this.#total = line({
      id: 'system.cpu',
      family: 'cpu',
      title: 'CPU time of all cores',
      units: 'percentage',
      chartType: 'stacked',
      priority: 100,
      dimensions: cpuDimensions,
    });
    this.#processes = line({
      id: 'system.processes',
      family: 'processes',
      title: 'Processes that run or wait for a disk',
      units: 'processes',
      priority: 600,
      dimensions: [{ id: 'running' }, { id: 'blocked', scale: -1 }],
    });
    this.#forks = line({
      id: 'system.forks',
      family: 'processes',
      title: 'Processes started',
      units: 'processes/s',
      priority: 700,
      dimensions: [{ id: 'started', algorithm: 'incremental' }],
    });
    this.#switches = line({
      id: 'system.ctxt',
      family: 'processes',
      title: 'Context switches',
      units: 'context switches/s',
      priority: 800,
      dimensions: [{ id: 'switches', algorithm: 'incremental' }],
    });
    this.#interrupts = line({
      id: 'system.intr',
      family: 'interrupts',
      title: 'Interrupts of all CPUs',
      units: 'interrupts/s',
      priority: 900,
      dimensions: [{ id: 'interrupts', algorithm: 'incremental' }],
    });
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    const numbers = this.#numbers;
    parseStat(text, numbers);
    if (numbers.hasTotal) this.#commitTimes(this.#total, 0, tick);
    for (let i = 0; i < numbers.cores.length; i++) {
      const core = numbers.cores[i] as number;
      if (core < maxCores) this.#commitTimes(this.#coreChart(core), i + 1, tick);
    }
    this.#interrupts.set(0, numbers.interrupts);
    this.#interrupts.commit(tick);
    this.#switches.set(0, numbers.contextSwitches);
    this.#switches.commit(tick);
    this.#forks.set(0, numbers.forks);
    this.#forks.commit(tick);
    this.#processes.set(0, numbers.running);
    this.#processes.set(1, numbers.blocked);
    this.#processes.commit(tick);
    return 'collected';
  }

  #commitTimes(chart: LiveChart, row: number, tick: Tick): void {
    const { times } = this.#numbers;
    for (let i = 0; i < places.length; i++) {
      chart.set(i, times[row * kernelOrder.length + (places[i] as number)] as number);
    }
    chart.commit(tick);
  }

  #coreChart(core: number): LiveChart {
    let chart = this.#cores.get(core);
    if (chart === undefined) {
      chart = new LiveChart(this.#store, {
        id: `cpu.cpu${core}`,
        context: 'cpu.cpu',
        family: 'utilization',
        title: 'CPU time of one core',
        units: 'percentage',
        chartType: 'stacked',
        priority: 1000,
        module,
        dimensions: cpuDimensions,
      });
      this.#cores.set(core, chart);
    }
    return chart;
  }
}
