// Who is connected with this machine, and which process it is. Other users' processes are known only where the agent may look at them.

import { endianness } from 'node:os';
import type { AgentFunction } from './agent-function.ts';
import { connectionTable, type Owner } from './connection-table.ts';
import { inSlices, processIds, readNames, type MachineFiles } from './machine-files.ts';
import { parseStat } from './process-files.ts';
import { directionsOf, parseSockets, type Socket } from './socket-files.ts';
import { fillTable } from './table.ts';

/** Of each of the four files: 150 bytes a socket make 7,000 sockets, more than an answer holds. */
const maxSocketsBytes = 1024 * 1024;
/** Open files that are looked at in search of sockets; one costs about 5 µs. */
const maxOpenFiles = 100_000;

const protocols = ['tcp4', 'tcp6', 'udp4', 'udp6'] as const;
const fileOf = (protocol: Socket['protocol']): string => `proc/net/${protocol.replace('4', '')}`;

export function networkConnections(files: MachineFiles): AgentFunction {
  return {
    name: 'network-connections',
    help: 'Shows the network connections with their direction, state, addresses, ports, user and process.',
    timeoutSeconds: 60,
    updateEverySeconds: 5,
    priority: 100,
    run: async (signal) => {
      const isLittle = endianness() === 'LE';
      const sockets: Socket[] = [];
      await inSlices(protocols, signal, (protocol) => {
        sockets.push(...parseSockets(files.text(fileOf(protocol), maxSocketsBytes) ?? '', protocol, isLittle));
      });
      const owners = await findOwners(files, new Set(sockets.map(({ inode }) => inode)), signal);
      const userName = readNames(files, 'passwd');
      const directions = directionsOf(sockets);
      const rows = sockets.map((socket, i) => ({
        ...socket,
        direction: directions[i] ?? 'outbound',
        user: userName(socket.userId),
        owner: owners.get(socket.inode),
      }));
      return fillTable(connectionTable, rows);
    },
  };
}

/** Inode of a socket → the process that has it open, the first one if there are several. */
async function findOwners(
  files: MachineFiles,
  wanted: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<Map<number, Owner>> {
  const owners = new Map<number, Owner>();
  let looked = 0;
  await inSlices(processIds(files), signal, (pid) => {
    if (looked > maxOpenFiles || owners.size === wanted.size) return;
    const command = parseStat(files.text(`proc/${pid}/stat`) ?? '')?.command;
    if (command === undefined) return;
    for (const name of files.names(`proc/${pid}/fd`)) {
      if (++looked > maxOpenFiles) return;
      const inode = Number(/^socket:\[(\d+)\]$/.exec(files.linkTarget(`proc/${pid}/fd/${name}`) ?? '')?.[1] ?? NaN);
      if (wanted.has(inode) && !owners.has(inode)) owners.set(inode, { pid, command });
    }
  });
  return owners;
}
