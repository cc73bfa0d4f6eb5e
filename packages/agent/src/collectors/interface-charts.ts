// The charts of one network interface.

import type { Tick } from '../collect/collector.ts';
import type { FieldChart } from '../collect/field-charts.ts';
import { LiveChart } from '../collect/live-chart.ts';
import type { ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

/** Octets to kilobits. */
const kbit = 8 / 1000;

/** State (speed, carrier, …) changes rarely and costs a file each: it is read every 10 seconds. */
export const stateEverySeconds = 10;

/** Where a number of /proc/net/dev stands behind the colon. */
export const interfaceField = {
  receivedBytes: 0,
  receivedPackets: 1,
  receiveErrors: 2,
  receiveDrops: 3,
  receiveFifo: 4,
  frames: 5,
  receivedCompressed: 6,
  multicast: 7,
  sentBytes: 8,
  sentPackets: 9,
  sendErrors: 10,
  sendDrops: 11,
  sendFifo: 12,
  collisions: 13,
  carrier: 14,
  sentCompressed: 15,
} as const;
export const interfaceFieldCount = 16;
const field = interfaceField;

export const interfaceCharts: readonly FieldChart[] = [
  {
    prefix: 'net',
    context: 'net.net',
    title: 'Traffic of the interface',
    units: 'kilobits/s',
    priority: 7000,
    chartType: 'area',
    dimensions: [
      ['received', field.receivedBytes, kbit],
      ['sent', field.sentBytes, -kbit],
    ],
  },
  {
    prefix: 'net_packets',
    context: 'net.packets',
    title: 'Packets of the interface',
    units: 'packets/s',
    priority: 7001,
    dimensions: [
      ['received', field.receivedPackets],
      ['sent', field.sentPackets, -1],
      ['multicast', field.multicast],
    ],
  },
  {
    prefix: 'net_errors',
    context: 'net.errors',
    title: 'Packets that were broken',
    units: 'errors/s',
    priority: 7002,
    dimensions: [
      ['inbound', field.receiveErrors],
      ['outbound', field.sendErrors, -1],
    ],
  },
  {
    prefix: 'net_drops',
    context: 'net.drops',
    title: 'Packets that were dropped',
    units: 'drops/s',
    priority: 7003,
    dimensions: [
      ['inbound', field.receiveDrops],
      ['outbound', field.sendDrops, -1],
    ],
  },
  {
    prefix: 'net_fifo',
    context: 'net.fifo',
    title: 'Packets lost in the buffers of the card',
    units: 'errors',
    priority: 7004,
    dimensions: [
      ['receive', field.receiveFifo],
      ['transmit', field.sendFifo, -1],
    ],
  },
  {
    prefix: 'net_compressed',
    context: 'net.compressed',
    title: 'Compressed packets',
    units: 'packets/s',
    priority: 7005,
    dimensions: [
      ['received', field.receivedCompressed],
      ['sent', field.sentCompressed, -1],
    ],
  },
  {
    prefix: 'net_events',
    context: 'net.events',
    title: 'Frame errors, collisions and lost carriers',
    units: 'events/s',
    priority: 7006,
    dimensions: [
      ['frames', field.frames],
      ['collisions', field.collisions, -1],
      ['carrier', field.carrier, -1],
    ],
  },
];

const operationStates = ['up', 'down', 'notpresent', 'lowerlayerdown', 'testing', 'dormant', 'unknown'];
const duplexStates = ['full', 'half', 'unknown'];

/** Speed, duplex, state, carrier and MTU of one interface; what its driver does not tell has no chart. */
export class InterfaceStateCharts {
  readonly #store: MetricStore;
  readonly #files: ProcFiles;
  readonly #name: string;
  readonly #charts = new Map<string, LiveChart>();

  constructor(store: MetricStore, files: ProcFiles, name: string) {
    this.#store = store;
    this.#files = files;
    this.#name = name;
  }

  collect(tick: Tick): void {
    const speedMbit = Number(this.#read('speed') || NaN);
    if (speedMbit > 0) this.#level('speed', 'Speed of the interface', 'kilobits/s', 7007, speedMbit * 1000, tick);
    this.#state('duplex', 'Duplex of the interface', 7008, duplexStates, this.#read('duplex'), tick);
    this.#state(
      'operstate',
      'Operational state of the interface',
      7009,
      operationStates,
      this.#read('operstate'),
      tick,
    );
    const carrier = this.#read('carrier');
    const carrierState = carrier === '1' ? 'up' : carrier === '0' ? 'down' : '';
    this.#state('carrier', 'Whether the interface has a link', 7010, ['up', 'down'], carrierState, tick);
    const mtu = Number(this.#read('mtu') || NaN);
    if (mtu > 0) this.#level('mtu', 'Largest packet of the interface', 'octets', 7011, mtu, tick);
  }

  #read(file: string): string {
    return this.#files.readOnce(`sys/class/net/${this.#name}/${file}`);
  }

  #level(kind: string, title: string, units: string, priority: number, value: number, tick: Tick): void {
    const chart = this.#chart(kind, title, units, priority, [kind]);
    chart.set(0, value);
    chart.commit(tick);
  }

  /** One dimension per state, 1 for the one that it is in. */
  #state(kind: string, title: string, priority: number, states: readonly string[], now: string, tick: Tick): void {
    if (!states.includes(now)) return;
    const chart = this.#chart(kind, title, 'state', priority, states);
    for (const [i, state] of states.entries()) chart.set(i, state === now ? 1 : 0);
    chart.commit(tick);
  }

  #chart(kind: string, title: string, units: string, priority: number, dimensions: readonly string[]): LiveChart {
    let chart = this.#charts.get(kind);
    if (chart === undefined) {
      chart = new LiveChart(this.#store, {
        id: `net_${kind}.${this.#name}`,
        context: `net.${kind}`,
        family: this.#name,
        title,
        units,
        priority,
        module: '/sys/class/net',
        updateEverySeconds: stateEverySeconds,
        dimensions: dimensions.map((id) => ({ id })),
      });
      this.#charts.set(kind, chart);
    }
    return chart;
  }
}
