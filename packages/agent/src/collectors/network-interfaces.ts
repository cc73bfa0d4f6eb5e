// Network interfaces: traffic, packets, errors and state, from /proc/net/dev and /sys/class/net.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import type { Cursor } from '../collect/cursor.ts';
import { DeviceCounter } from '../collect/device-total.ts';
import { FieldCharts } from '../collect/field-charts.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';
import {
  interfaceCharts,
  interfaceField,
  interfaceFieldCount,
  InterfaceStateCharts,
  stateEverySeconds,
} from './interface-charts.ts';

const module = '/proc/net/dev';
const colon = 58;

/** The loopback, and halves of virtual pairs whose other half is shown. */
const ignored = /^(lo$|fireqos|fwpr|fwbr|fwln)|-ifb$/;

/** Octets to kilobits. */
const kbit = 8 / 1000;

export interface InterfaceLine {
  name: string;
  nameBytes: Buffer;
  /** By `interfaceField`. */
  numbers: Float64Array;
}

/** The lines of /proc/net/dev, in the order of the file; the two heading lines have no number behind their colon. */
export class InterfaceLines {
  readonly lines: InterfaceLine[] = [];

  parse(cursor: Cursor): void {
    let count = 0;
    for (; !cursor.atEnd; cursor.nextLine()) {
      cursor.skipBlanks();
      const from = cursor.at;
      while (!cursor.atWordEnd && cursor.bytes[cursor.at] !== colon) cursor.at++;
      if (cursor.atWordEnd || cursor.at === from) continue;
      const { numbers } = this.#lineAt(count, cursor.bytes, from, cursor.at++);
      for (let i = 0; i < interfaceFieldCount; i++) numbers[i] = cursor.number();
      if (!Number.isNaN(numbers[interfaceFieldCount - 1])) count++;
    }
    this.lines.length = count;
  }

  #lineAt(index: number, bytes: Buffer, from: number, to: number): InterfaceLine {
    const known = this.lines[index];
    if (known !== undefined && known.nameBytes.length === to - from && known.nameBytes.compare(bytes, from, to) === 0) {
      return known;
    }
    const nameBytes = Buffer.from(bytes.subarray(from, to));
    const line = { name: nameBytes.toString('utf8'), nameBytes, numbers: new Float64Array(interfaceFieldCount) };
    this.lines[index] = line;
    return line;
  }
}

interface SeenInterface {
  charts: FieldCharts | undefined;
  state: InterfaceStateCharts | undefined;
  isPhysical: boolean;
  received: DeviceCounter;
  sent: DeviceCounter;
  seenSecond: number;
}

export class NetworkInterfacesCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #store: MetricStore;
  readonly #files: ProcFiles;
  readonly #file: ProcFile;
  readonly #lines = new InterfaceLines();
  readonly #seen = new Map<string, SeenInterface>();
  readonly #total: LiveChart;
  #receivedBytes = 0;
  #sentBytes = 0;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#store = store;
    this.#files = files;
    this.#file = files.open('proc/net/dev');
    this.#total = new LiveChart(store, {
      id: 'system.net',
      family: 'network',
      title: 'Traffic of all physical network interfaces',
      units: 'kilobits/s',
      chartType: 'area',
      priority: 500,
      module,
      dimensions: [
        { id: 'received', algorithm: 'incremental', scale: kbit },
        { id: 'sent', algorithm: 'incremental', scale: -kbit },
      ],
    });
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#lines.parse(text);
    for (const line of this.#lines.lines) {
      const seen = this.#see(line.name, tick.second);
      if (seen.isPhysical) {
        this.#receivedBytes += seen.received.growth(line.numbers[interfaceField.receivedBytes] as number);
        this.#sentBytes += seen.sent.growth(line.numbers[interfaceField.sentBytes] as number);
      }
      if (!ignored.test(line.name)) this.#commit(line, seen, tick);
    }
    this.#total.set(0, this.#receivedBytes);
    this.#total.set(1, this.#sentBytes);
    this.#total.commit(tick);
    for (const [name, { seenSecond }] of this.#seen) if (seenSecond !== tick.second) this.#seen.delete(name);
    return 'collected';
  }

  #commit(line: InterfaceLine, seen: SeenInterface, tick: Tick): void {
    // A virtual interface that never saw a packet is shown when it first does.
    if (seen.charts === undefined && (seen.isPhysical || line.numbers.some((number) => number > 0))) {
      const device = { name: line.name, family: line.name, module };
      seen.charts = new FieldCharts(this.#store, interfaceCharts, device, line.numbers);
      seen.state = new InterfaceStateCharts(this.#store, this.#files, line.name);
    }
    seen.charts?.commit(line.numbers, tick);
    if (tick.second % stateEverySeconds === 0) seen.state?.collect(tick);
  }

  #see(name: string, second: number): SeenInterface {
    let seen = this.#seen.get(name);
    if (seen === undefined) {
      const isPhysical = name !== 'lo' && !this.#files.has(`sys/devices/virtual/net/${name}`);
      const counters = { received: new DeviceCounter(), sent: new DeviceCounter() };
      seen = { charts: undefined, state: undefined, isPhysical, ...counters, seenSecond: second };
      this.#seen.set(name, seen);
    }
    seen.seenSecond = second;
    return seen;
  }
}
