// IPv4, and TCP of all IP versions, from /proc/net/snmp and /proc/net/netstat.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { KeyCharts, type KeyedChart } from '../collect/key-charts.ts';
import { PairedLines } from '../collect/key-numbers.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';
import { tcpCharts } from './tcp-charts.ts';

const module = '/proc/net/netstat';
/** Octets to kilobits. */
const kbit = 8 / 1000;

const rate = { algorithm: 'incremental', units: 'packets/s' } as const;

export const ipCharts: KeyedChart[] = [
  {
    ...rate,
    id: 'system.ip',
    family: 'network',
    title: 'IPv4 traffic of this machine',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 501,
    dimensions: [
      ['IpExt.InOctets', 'received', kbit],
      ['IpExt.OutOctets', 'sent', -kbit],
    ],
  },
  {
    ...rate,
    id: 'ipv4.packets',
    family: 'packets',
    title: 'IPv4 packets',
    priority: 5000,
    dimensions: [
      ['Ip.InReceives', 'received'],
      ['Ip.OutRequests', 'sent', -1],
      ['Ip.ForwDatagrams', 'forwarded'],
      ['Ip.InDelivers', 'delivered'],
    ],
  },
  {
    ...rate,
    id: 'ipv4.errors',
    family: 'errors',
    title: 'IPv4 packets that were dropped, by reason',
    priority: 5050,
    dimensions: [
      ['Ip.InDiscards', 'InDiscards'],
      ['Ip.OutDiscards', 'OutDiscards', -1],
      ['IpExt.InNoRoutes', 'InNoRoutes'],
      ['Ip.OutNoRoutes', 'OutNoRoutes', -1],
      ['Ip.InHdrErrors', 'InHdrErrors'],
      ['Ip.InAddrErrors', 'InAddrErrors'],
      ['Ip.InUnknownProtos', 'InUnknownProtos'],
      ['IpExt.InTruncatedPkts', 'InTruncatedPkts'],
      ['IpExt.InCsumErrors', 'InCsumErrors'],
    ],
  },
  {
    ...rate,
    id: 'ipv4.bcast',
    family: 'broadcast',
    title: 'IPv4 broadcast traffic',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 5100,
    dimensions: [
      ['IpExt.InBcastOctets', 'received', kbit],
      ['IpExt.OutBcastOctets', 'sent', -kbit],
    ],
  },
  {
    ...rate,
    id: 'ipv4.bcastpkts',
    family: 'broadcast',
    title: 'IPv4 broadcast packets',
    priority: 5105,
    dimensions: [
      ['IpExt.InBcastPkts', 'received'],
      ['IpExt.OutBcastPkts', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv4.mcast',
    family: 'multicast',
    title: 'IPv4 multicast traffic',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 5150,
    dimensions: [
      ['IpExt.InMcastOctets', 'received', kbit],
      ['IpExt.OutMcastOctets', 'sent', -kbit],
    ],
  },
  {
    ...rate,
    id: 'ipv4.mcastpkts',
    family: 'multicast',
    title: 'IPv4 multicast packets',
    priority: 5155,
    dimensions: [
      ['IpExt.InMcastPkts', 'received'],
      ['IpExt.OutMcastPkts', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv4.icmp',
    family: 'icmp',
    title: 'ICMP messages',
    priority: 5200,
    dimensions: [
      ['Icmp.InMsgs', 'received'],
      ['Icmp.OutMsgs', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv4.icmpmsg',
    family: 'icmp',
    title: 'ICMP messages by type',
    priority: 5205,
    dimensions: [
      ['Icmp.InEchoReps', 'InEchoReps'],
      ['Icmp.OutEchoReps', 'OutEchoReps', -1],
      ['Icmp.InDestUnreachs', 'InDestUnreachs'],
      ['Icmp.OutDestUnreachs', 'OutDestUnreachs', -1],
      ['Icmp.InRedirects', 'InRedirects'],
      ['Icmp.OutRedirects', 'OutRedirects', -1],
      ['Icmp.InEchos', 'InEchos'],
      ['Icmp.OutEchos', 'OutEchos', -1],
      ['Icmp.InTimeExcds', 'InTimeExcds'],
      ['Icmp.OutTimeExcds', 'OutTimeExcds', -1],
      ['Icmp.InParmProbs', 'InParmProbs'],
      ['Icmp.OutParmProbs', 'OutParmProbs', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv4.icmp_errors',
    family: 'icmp',
    title: 'ICMP messages that were broken',
    priority: 5210,
    dimensions: [
      ['Icmp.InErrors', 'InErrors'],
      ['Icmp.OutErrors', 'OutErrors', -1],
      ['Icmp.InCsumErrors', 'InCsumErrors'],
    ],
  },
  {
    ...rate,
    id: 'ipv4.udppackets',
    family: 'udp',
    title: 'IPv4 UDP packets',
    priority: 5250,
    dimensions: [
      ['Udp.InDatagrams', 'received'],
      ['Udp.OutDatagrams', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv4.udperrors',
    family: 'udp',
    title: 'IPv4 UDP packets that were lost, by reason',
    units: 'events/s',
    priority: 5255,
    dimensions: [
      ['Udp.RcvbufErrors', 'RcvbufErrors'],
      ['Udp.SndbufErrors', 'SndbufErrors', -1],
      ['Udp.InErrors', 'InErrors'],
      ['Udp.NoPorts', 'NoPorts'],
      ['Udp.InCsumErrors', 'InCsumErrors'],
      ['Udp.IgnoredMulti', 'IgnoredMulti'],
    ],
  },
  {
    ...rate,
    id: 'ipv4.udplite',
    family: 'udplite',
    title: 'IPv4 UDP-Lite packets',
    priority: 5300,
    fromNonzero: true,
    dimensions: [
      ['UdpLite.InDatagrams', 'received'],
      ['UdpLite.OutDatagrams', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv4.ecnpkts',
    family: 'ecn',
    title: 'IPv4 packets by what they say about congestion',
    priority: 5350,
    dimensions: [
      ['IpExt.InCEPkts', 'CEP'],
      ['IpExt.InNoECTPkts', 'NoECTP', -1],
      ['IpExt.InECT0Pkts', 'ECTP0'],
      ['IpExt.InECT1Pkts', 'ECTP1'],
    ],
  },
  {
    ...rate,
    id: 'ipv4.fragsin',
    family: 'fragments',
    title: 'IPv4 packets put together from fragments',
    priority: 5400,
    dimensions: [
      ['Ip.ReasmOKs', 'ok'],
      ['Ip.ReasmFails', 'failed', -1],
      ['Ip.ReasmReqds', 'all'],
    ],
  },
  {
    ...rate,
    id: 'ipv4.fragsout',
    family: 'fragments',
    title: 'IPv4 packets sent in fragments',
    priority: 5405,
    dimensions: [
      ['Ip.FragOKs', 'ok'],
      ['Ip.FragFails', 'failed', -1],
      ['Ip.FragCreates', 'created'],
    ],
  },
];

export class IpCollector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #snmp: ProcFile;
  readonly #netstat: ProcFile;
  readonly #charts: KeyCharts;
  readonly #snmpLines: PairedLines;
  readonly #netstatLines: PairedLines;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#snmp = files.open('proc/net/snmp');
    this.#netstat = files.open('proc/net/netstat');
    this.#charts = new KeyCharts(store, module, [...ipCharts, ...tcpCharts]);
    this.#snmpLines = new PairedLines(this.#charts.numbers);
    this.#netstatLines = new PairedLines(this.#charts.numbers);
  }

  collect(tick: Tick): Outcome {
    this.#charts.numbers.clear();
    const snmp = this.#snmp.read();
    if (snmp !== undefined) this.#snmpLines.parse(snmp);
    const netstat = this.#netstat.read();
    if (netstat !== undefined) this.#netstatLines.parse(netstat);
    if (snmp === undefined && netstat === undefined) return 'no-data';
    this.#charts.commit(tick);
    return 'collected';
  }
}
