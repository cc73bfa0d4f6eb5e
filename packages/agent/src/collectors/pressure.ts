// Pressure stall information: how long work waited for CPU, memory, disks and interrupts, from /proc/pressure.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/pressure';

/** Numbers of one line: shares in percent over 10, 60 and 300 seconds, and the time in total, in microseconds. */
export type PressureNumbers = [avg10: number, avg60: number, avg300: number, totalUs: number];

/** `some` = at least one task waited, `full` = all did. A line that is missing (an old kernel) stays NaN. */
export function parsePressure(cursor: Cursor, into: Record<'some' | 'full', PressureNumbers>): void {
  into.some.fill(NaN);
  into.full.fill(NaN);
  for (; !cursor.atEnd; cursor.nextLine()) {
    const kind = cursor.word();
    if (kind !== 'some' && kind !== 'full') continue;
    for (let i = 0; i < 4; i++) into[kind][i] = valueAfterEquals(cursor);
  }
}

const equals = 61;

function valueAfterEquals(cursor: Cursor): number {
  cursor.skipBlanks();
  while (!cursor.atWordEnd && cursor.bytes[cursor.at] !== equals) cursor.at++;
  if (cursor.atWordEnd) return NaN;
  cursor.at++;
  return cursor.number();
}

const resources = [
  { file: 'cpu', id: 'cpu', title: 'a CPU', priority: 141, kinds: ['some', 'full'] },
  { file: 'memory', id: 'memory', title: 'memory', priority: 203, kinds: ['some', 'full'] },
  { file: 'io', id: 'io', title: 'disks', priority: 160, kinds: ['some', 'full'] },
  { file: 'irq', id: 'irq', title: 'interrupts', priority: 1001, kinds: ['full'] },
] as const;

type Resource = (typeof resources)[number];

interface ResourceCharts {
  file: ProcFile;
  kinds: { kind: 'some' | 'full'; shares: LiveChart; time: LiveChart }[];
}

export class PressureCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #resources: ResourceCharts[];
  readonly #numbers = { some: [NaN, NaN, NaN, NaN], full: [NaN, NaN, NaN, NaN] } satisfies Record<
    string,
    PressureNumbers
  >;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#resources = resources.map((resource) => ({
      file: files.open(`proc/pressure/${resource.file}`),
      kinds: resource.kinds.map((kind) => ({ kind, ...openCharts(store, resource, kind) })),
    }));
  }

  collect(tick: Tick): Outcome {
    let found = false;
    for (const { file, kinds } of this.#resources) {
      const text = file.read();
      if (text === undefined) continue;
      found = true;
      parsePressure(text, this.#numbers);
      for (const { kind, shares, time } of kinds) {
        const numbers = this.#numbers[kind];
        for (let i = 0; i < 3; i++) shares.set(i, numbers[i] as number);
        shares.commit(tick);
        time.set(0, numbers[3]);
        time.commit(tick);
      }
    }
    return found ? 'collected' : 'no-data';
  }
}

function openCharts(
  store: MetricStore,
  resource: Resource,
  kind: 'some' | 'full',
): { shares: LiveChart; time: LiveChart } {
  const id = `system.${resource.id}_${kind}_pressure`;
  const who = kind === 'some' ? 'some tasks' : 'all tasks';
  const priority = resource.priority + (kind === 'some' ? 0 : 2);
  const shares = new LiveChart(store, {
    id,
    family: 'pressure',
    title: `Share of the time that ${who} waited for ${resource.title}`,
    units: 'percentage',
    priority,
    module,
    dimensions: [10, 60, 300].map((seconds) => ({ id: `${kind}${seconds}`, name: `${kind} ${seconds}` })),
  });
  const time = new LiveChart(store, {
    id: `${id}_stall_time`,
    family: 'pressure',
    title: `Time that ${who} waited for ${resource.title}`,
    units: 'ms',
    priority: priority + 1,
    module,
    dimensions: [{ id: 'time', algorithm: 'incremental', scale: 1 / 1000 }],
  });
  return { shares, time };
}
