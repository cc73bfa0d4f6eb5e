// The explicit list of what is collected, in the order of a tick.

import type { Collector } from '../collect/collector.ts';
import type { ProcFiles } from '../collect/proc-file.ts';
import type { MetricStore } from '../metrics/store.ts';
import { DisksCollector } from './disks.ts';
import { FilesystemsCollector } from './filesystems.ts';
import { InterruptsCollector, SoftInterruptsCollector } from './interrupts.ts';
import { IpCollector } from './ip.ts';
import { Ipv6Collector } from './ipv6.ts';
import { EntropyCollector, FileDescriptorsCollector } from './kernel-limits.ts';
import { LoadCollector } from './load.ts';
import { MemoryCollector } from './memory.ts';
import { NetworkInterfacesCollector } from './network-interfaces.ts';
import { PressureCollector } from './pressure.ts';
import { SocketsCollector } from './sockets.ts';
import { SoftnetCollector } from './softnet.ts';
import { StatCollector } from './stat.ts';
import { UptimeCollector } from './uptime.ts';
import { VirtualMemoryCollector } from './virtual-memory.ts';

/** Everything but the agent itself (self.ts), which needs to know the others. */
export function machineCollectors(store: MetricStore, files: ProcFiles): Collector[] {
  return [
    new StatCollector(store, files),
    new LoadCollector(store, files),
    new MemoryCollector(store, files),
    new VirtualMemoryCollector(store, files),
    new PressureCollector(store, files),
    new DisksCollector(store, files),
    new NetworkInterfacesCollector(store, files),
    new IpCollector(store, files),
    new Ipv6Collector(store, files),
    new SocketsCollector(store, files),
    new InterruptsCollector(store, files),
    new SoftInterruptsCollector(store, files),
    new SoftnetCollector(store, files),
    new FileDescriptorsCollector(store, files),
    new EntropyCollector(store, files),
    new UptimeCollector(store, files),
    new FilesystemsCollector(store, files),
  ];
}
