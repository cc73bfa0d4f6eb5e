// TCP, whichever IP version it runs over: keys of /proc/net/snmp (`Tcp.`) and /proc/net/netstat (`TcpExt.`).

import type { KeyedChart } from '../collect/key-charts.ts';

const tcp = { algorithm: 'incremental', units: 'packets/s', family: 'tcp' } as const;

export const tcpCharts: KeyedChart[] = [
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
    dimensions: [
      ['Tcp.InSegs', 'received'],
      ['Tcp.OutSegs', 'sent', -1],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcperrors',
    title: 'TCP segments that were broken or had to be sent again',
    priority: 4210,
    dimensions: [
      ['Tcp.InErrs', 'InErrs'],
      ['Tcp.InCsumErrors', 'InCsumErrors'],
      ['Tcp.RetransSegs', 'RetransSegs', -1],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcpopens',
    title: 'TCP connections opened from here and from outside',
    units: 'connections/s',
    priority: 4220,
    dimensions: [
      ['Tcp.ActiveOpens', 'active'],
      ['Tcp.PassiveOpens', 'passive'],
    ],
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
    dimensions: [
      ['TcpExt.TCPReqQFullDrop', 'drops'],
      ['TcpExt.TCPReqQFullDoCookies', 'cookies'],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcp_accept_queue',
    title: 'Full queue of TCP connections that a program has not accepted',
    priority: 4260,
    dimensions: [
      ['TcpExt.ListenOverflows', 'overflows'],
      ['TcpExt.ListenDrops', 'drops'],
    ],
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
    dimensions: [
      ['TcpExt.SyncookiesRecv', 'received'],
      ['TcpExt.SyncookiesSent', 'sent', -1],
      ['TcpExt.SyncookiesFailed', 'failed', -1],
    ],
  },
  {
    ...tcp,
    id: 'ip.tcpmemorypressures',
    title: 'Times that TCP ran short of memory',
    units: 'events/s',
    priority: 4300,
    dimensions: [['TcpExt.TCPMemoryPressures', 'pressures']],
  },
];
