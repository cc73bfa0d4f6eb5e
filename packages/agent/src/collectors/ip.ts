// IPv4 and what all IP versions share (TCP), from /proc/net/snmp and /proc/net/netstat.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { KeyCharts, type KeyedChart } from '../collect/key-charts.ts';
import { PairedLines } from '../collect/key-numbers.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/net/netstat';
/** Octets to kilobits. */
const kbit = 8 / 1000;

const rate = { algorithm: 'incremental', units: 'packets/s' } as const;
const tcp = { ...rate, family: 'tcp' } as const;

export const ipCharts: KeyedChart[] = [
  {
    ...rate,
    id: 'system.ip',
    family: 'network',
    title: 'IPv4 traffic of this machine',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 501,
    dimensions: [['IpExt.InOctets', 'received', kbit], ['IpExt.OutOctets', 'sent', -kbit]],
  },
  {
    ...tcp,
    id: 'ip.tcpsock',
    title: 'TCP connections that are established',
    units: 'active connections',
    algorithm: 'absolute',
    priority: 4220,
    dimensions: [['Tcp.CurrEstab', 'connections']],
  },
  {
    ...tcp,
    id: 'ip.tcppackets',
    title: 'TCP segments',
    priority: 4200,
    dimensions: [['Tcp.InSegs', 'received'], ['Tcp.OutSegs', 'sent', -1]],
  },
  {
    ...tcp,
    id: 'ip.tcperrors',
    title: 'TCP segments that were broken or had to be sent again',
    priority: 4210,
    dimensions: [['Tcp.InErrs', 'InErrs'], ['Tcp.InCsumErrors', 'InCsumErrors'], ['Tcp.RetransSegs', 'RetransSegs', -1]],
  },
  {
    ...tcp,
    id: 'ip.tcpopens',
    title: 'TCP connections opened from here and from outside',
    units: 'connections/s',
    priority: 4220,
    dimensions: [['Tcp.ActiveOpens', 'active'], ['Tcp.PassiveOpens', 'passive']],
  },
  {
    ...tcp,
    id: 'ip.tcphandshake',
    title: 'TCP connections that were reset or failed',
    units: 'events/s',
    priority: 4230,
    dimensions: [
      ['Tcp.EstabResets', 'EstabResets'],
      ['Tcp.OutRsts', 'OutRsts'],
      ['Tcp.AttemptFails', 'AttemptFails'],
      ['TcpExt.TCPSynRetrans', 'SynRetrans'],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcpconnaborts',
    title: 'TCP connections aborted by this machine',
    units: 'connections/s',
    priority: 4240,
    dimensions: [
      ['TcpExt.TCPAbortOnData', 'baddata'],
      ['TcpExt.TCPAbortOnClose', 'userclosed'],
      ['TcpExt.TCPAbortOnMemory', 'nomemory'],
      ['TcpExt.TCPAbortOnTimeout', 'timeout'],
      ['TcpExt.TCPAbortOnLinger', 'linger'],
      ['TcpExt.TCPAbortFailed', 'failed', -1],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcp_syn_queue',
    title: 'Full queue of half-open TCP connections',
    priority: 4250,
    dimensions: [['TcpExt.TCPReqQFullDrop', 'drops'], ['TcpExt.TCPReqQFullDoCookies', 'cookies']],
  },
  {
    ...tcp,
    id: 'ip.tcp_accept_queue',
    title: 'Full queue of TCP connections that a program has not accepted',
    priority: 4260,
    dimensions: [['TcpExt.ListenOverflows', 'overflows'], ['TcpExt.ListenDrops', 'drops']],
  },
  {
    ...tcp,
    id: 'ip.tcpreorders',
    title: 'TCP segments that came in another order, by how it was noticed',
    priority: 4270,
    dimensions: [
      ['TcpExt.TCPTSReorder', 'timestamp'],
      ['TcpExt.TCPSACKReorder', 'sack'],
      ['TcpExt.TCPFACKReorder', 'fack'],
      ['TcpExt.TCPRenoReorder', 'reno'],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcpofo',
    title: 'Queue of TCP segments that came too early',
    priority: 4280,
    dimensions: [
      ['TcpExt.TCPOFOQueue', 'inqueue'],
      ['TcpExt.TCPOFODrop', 'dropped', -1],
      ['TcpExt.TCPOFOMerge', 'merged'],
      ['TcpExt.OfoPruned', 'pruned', -1],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcpsyncookies',
    title: 'TCP SYN cookies',
    priority: 4290,
    dimensions: [['TcpExt.SyncookiesRecv', 'received'], ['TcpExt.SyncookiesSent', 'sent', -1], ['TcpExt.SyncookiesFailed', 'failed', -1]],
  },
  {
    ...tcp,
    id: 'ip.tcpmemorypressures',
    title: 'Times that TCP ran short of memory',
    units: 'events/s',
    priority: 4300,
    dimensions: [['TcpExt.TCPMemoryPressures', 'pressures']],
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
    dimensions: [['IpExt.InBcastOctets', 'received', kbit], ['IpExt.OutBcastOctets', 'sent', -kbit]],
  },
  {
    ...rate,
    id: 'ipv4.bcastpkts',
    family: 'broadcast',
    title: 'IPv4 broadcast packets',
    priority: 5105,
    dimensions: [['IpExt.InBcastPkts', 'received'], ['IpExt.OutBcastPkts', 'sent', -1]],
  },
  {
    ...rate,
    id: 'ipv4.mcast',
    family: 'multicast',
    title: 'IPv4 multicast traffic',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 5150,
    dimensions: [['IpExt.InMcastOctets', 'received', kbit], ['IpExt.OutMcastOctets', 'sent', -kbit]],
  },
  {
    ...rate,
    id: 'ipv4.mcastpkts',
    family: 'multicast',
    title: 'IPv4 multicast packets',
    priority: 5155,
    dimensions: [['IpExt.InMcastPkts', 'received'], ['IpExt.OutMcastPkts', 'sent', -1]],
  },
  {
    ...rate,
    id: 'ipv4.icmp',
    family: 'icmp',
    title: 'ICMP messages',
    priority: 5200,
    dimensions: [['Icmp.InMsgs', 'received'], ['Icmp.OutMsgs', 'sent', -1]],
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
    dimensions: [['Icmp.InErrors', 'InErrors'], ['Icmp.OutErrors', 'OutErrors', -1], ['Icmp.InCsumErrors', 'InCsumErrors']],
  },
  {
    ...rate,
    id: 'ipv4.udppackets',
    family: 'udp',
    title: 'IPv4 UDP packets',
    priority: 5250,
    dimensions: [['Udp.InDatagrams', 'received'], ['Udp.OutDatagrams', 'sent', -1]],
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
    dimensions: [['UdpLite.InDatagrams', 'received'], ['UdpLite.OutDatagrams', 'sent', -1]],
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
    dimensions: [['Ip.ReasmOKs', 'ok'], ['Ip.ReasmFails', 'failed', -1], ['Ip.ReasmReqds', 'all']],
  },
  {
    ...rate,
    id: 'ipv4.fragsout',
    family: 'fragments',
    title: 'IPv4 packets sent in fragments',
    priority: 5405,
    dimensions: [['Ip.FragOKs', 'ok'], ['Ip.FragFails', 'failed', -1], ['Ip.FragCreates', 'created']],
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
    this.#charts = new KeyCharts(store, module, ipCharts);
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
