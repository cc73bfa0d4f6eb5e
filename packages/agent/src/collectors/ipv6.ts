// IPv6, from /proc/net/snmp6.

import type { Collector, Outcome, Tick } from '../collect/collector.ts';
import { KeyCharts, type KeyedChart } from '../collect/key-charts.ts';
import type { ProcFile, ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';

const module = '/proc/net/snmp6';
/** Octets to kilobits. */
const kbit = 8 / 1000;

const rate = { algorithm: 'incremental', units: 'packets/s' } as const;
const icmp = { algorithm: 'incremental', family: 'icmp6', units: 'messages/s' } as const;

export const ipv6Charts: KeyedChart[] = [
  {
    ...rate,
    id: 'system.ipv6',
    family: 'network',
    title: 'IPv6 traffic of this machine',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 502,
    dimensions: [
      ['Ip6InOctets', 'received', kbit],
      ['Ip6OutOctets', 'sent', -kbit],
    ],
  },
  {
    ...rate,
    id: 'ipv6.packets',
    family: 'packets',
    title: 'IPv6 packets',
    priority: 6000,
    dimensions: [
      ['Ip6InReceives', 'received'],
      ['Ip6OutRequests', 'sent', -1],
      ['Ip6OutForwDatagrams', 'forwarded', -1],
      ['Ip6InDelivers', 'delivers'],
    ],
  },
  {
    ...rate,
    id: 'ipv6.errors',
    family: 'errors',
    title: 'IPv6 packets that were dropped, by reason',
    priority: 6005,
    dimensions: [
      ['Ip6InDiscards', 'InDiscards'],
      ['Ip6OutDiscards', 'OutDiscards', -1],
      ['Ip6InHdrErrors', 'InHdrErrors'],
      ['Ip6InAddrErrors', 'InAddrErrors'],
      ['Ip6InUnknownProtos', 'InUnknownProtos'],
      ['Ip6InTooBigErrors', 'InTooBigErrors'],
      ['Ip6InTruncatedPkts', 'InTruncatedPkts'],
      ['Ip6InNoRoutes', 'InNoRoutes'],
      ['Ip6OutNoRoutes', 'OutNoRoutes', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv6.bcast',
    family: 'broadcast6',
    title: 'IPv6 broadcast traffic',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 6050,
    fromNonzero: true,
    dimensions: [
      ['Ip6InBcastOctets', 'received', kbit],
      ['Ip6OutBcastOctets', 'sent', -kbit],
    ],
  },
  {
    ...rate,
    id: 'ipv6.mcast',
    family: 'multicast6',
    title: 'IPv6 multicast traffic',
    units: 'kilobits/s',
    chartType: 'area',
    priority: 6100,
    dimensions: [
      ['Ip6InMcastOctets', 'received', kbit],
      ['Ip6OutMcastOctets', 'sent', -kbit],
    ],
  },
  {
    ...rate,
    id: 'ipv6.mcastpkts',
    family: 'multicast6',
    title: 'IPv6 multicast packets',
    priority: 6105,
    dimensions: [
      ['Ip6InMcastPkts', 'received'],
      ['Ip6OutMcastPkts', 'sent', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmp',
    title: 'ICMPv6 messages',
    priority: 6150,
    dimensions: [
      ['Icmp6InMsgs', 'received'],
      ['Icmp6OutMsgs', 'sent', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmpredir',
    title: 'ICMPv6 redirects',
    units: 'redirects/s',
    priority: 6155,
    fromNonzero: true,
    dimensions: [
      ['Icmp6InRedirects', 'received'],
      ['Icmp6OutRedirects', 'sent', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmperrors',
    title: 'ICMPv6 messages that were broken or told of an error',
    units: 'errors/s',
    priority: 6160,
    dimensions: [
      ['Icmp6InErrors', 'InErrors'],
      ['Icmp6OutErrors', 'OutErrors', -1],
      ['Icmp6InCsumErrors', 'InCsumErrors'],
      ['Icmp6InDestUnreachs', 'InDestUnreachs'],
      ['Icmp6InPktTooBigs', 'InPktTooBigs'],
      ['Icmp6InTimeExcds', 'InTimeExcds'],
      ['Icmp6InParmProblems', 'InParmProblems'],
      ['Icmp6OutDestUnreachs', 'OutDestUnreachs', -1],
      ['Icmp6OutPktTooBigs', 'OutPktTooBigs', -1],
      ['Icmp6OutTimeExcds', 'OutTimeExcds', -1],
      ['Icmp6OutParmProblems', 'OutParmProblems', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmpechos',
    title: 'ICMPv6 echoes (ping)',
    priority: 6165,
    fromNonzero: true,
    dimensions: [
      ['Icmp6InEchos', 'InEchos'],
      ['Icmp6OutEchos', 'OutEchos', -1],
      ['Icmp6InEchoReplies', 'InEchoReplies'],
      ['Icmp6OutEchoReplies', 'OutEchoReplies', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.groupmemb',
    title: 'ICMPv6 group membership',
    priority: 6170,
    fromNonzero: true,
    dimensions: [
      ['Icmp6InGroupMembQueries', 'InQueries'],
      ['Icmp6OutGroupMembQueries', 'OutQueries', -1],
      ['Icmp6InGroupMembResponses', 'InResponses'],
      ['Icmp6OutGroupMembResponses', 'OutResponses', -1],
      ['Icmp6InGroupMembReductions', 'InReductions'],
      ['Icmp6OutGroupMembReductions', 'OutReductions', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmprouter',
    title: 'ICMPv6 router messages',
    priority: 6180,
    dimensions: [
      ['Icmp6InRouterSolicits', 'InSolicits'],
      ['Icmp6OutRouterSolicits', 'OutSolicits', -1],
      ['Icmp6InRouterAdvertisements', 'InAdvertisements'],
      ['Icmp6OutRouterAdvertisements', 'OutAdvertisements', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmpneighbor',
    title: 'ICMPv6 neighbour messages',
    priority: 6185,
    dimensions: [
      ['Icmp6InNeighborSolicits', 'InSolicits'],
      ['Icmp6OutNeighborSolicits', 'OutSolicits', -1],
      ['Icmp6InNeighborAdvertisements', 'InAdvertisements'],
      ['Icmp6OutNeighborAdvertisements', 'OutAdvertisements', -1],
    ],
  },
  {
    ...icmp,
    id: 'ipv6.icmpmldv2',
    title: 'ICMPv6 reports of multicast listeners',
    units: 'reports/s',
    priority: 6190,
    dimensions: [
      ['Icmp6InMLDv2Reports', 'received'],
      ['Icmp6OutMLDv2Reports', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv6.udppackets',
    family: 'udp6',
    title: 'IPv6 UDP packets',
    priority: 6205,
    dimensions: [
      ['Udp6InDatagrams', 'received'],
      ['Udp6OutDatagrams', 'sent', -1],
    ],
  },
  {
    ...rate,
    id: 'ipv6.udperrors',
    family: 'udp6',
    title: 'IPv6 UDP packets that were lost, by reason',
    units: 'events/s',
    priority: 6210,
    dimensions: [
      ['Udp6RcvbufErrors', 'RcvbufErrors'],
      ['Udp6SndbufErrors', 'SndbufErrors', -1],
      ['Udp6InErrors', 'InErrors'],
      ['Udp6NoPorts', 'NoPorts'],
      ['Udp6InCsumErrors', 'InCsumErrors'],
      ['Udp6IgnoredMulti', 'IgnoredMulti'],
    ],
  },
  {
    ...rate,
    id: 'ipv6.ect',
    family: 'packets',
    title: 'IPv6 packets by what they say about congestion',
    priority: 6300,
    dimensions: [
      ['Ip6InNoECTPkts', 'InNoECTPkts'],
      ['Ip6InECT1Pkts', 'InECT1Pkts'],
      ['Ip6InECT0Pkts', 'InECT0Pkts'],
      ['Ip6InCEPkts', 'InCEPkts'],
    ],
  },
  {
    ...rate,
    id: 'ipv6.fragsin',
    family: 'fragments6',
    title: 'IPv6 packets put together from fragments',
    priority: 6350,
    fromNonzero: true,
    dimensions: [
      ['Ip6ReasmOKs', 'ok'],
      ['Ip6ReasmFails', 'failed', -1],
      ['Ip6ReasmTimeout', 'timeout', -1],
      ['Ip6ReasmReqds', 'all'],
    ],
  },
  {
    ...rate,
    id: 'ipv6.fragsout',
    family: 'fragments6',
    title: 'IPv6 packets sent in fragments',
    priority: 6355,
    fromNonzero: true,
    dimensions: [
      ['Ip6FragOKs', 'ok'],
      ['Ip6FragFails', 'failed', -1],
      ['Ip6FragCreates', 'all'],
    ],
  },
];

export class Ipv6Collector implements Collector {
  readonly name = module;
  readonly everySeconds = 1;
  readonly #file: ProcFile;
  readonly #charts: KeyCharts;

  constructor(store: MetricStore, files: ProcFiles) {
    this.#file = files.open('proc/net/snmp6');
    this.#charts = new KeyCharts(store, module, ipv6Charts);
  }

  collect(tick: Tick): Outcome {
    const text = this.#file.read();
    if (text === undefined) return 'no-data';
    this.#charts.numbers.parseLines(text);
    this.#charts.commit(tick);
    return 'collected';
  }
}
