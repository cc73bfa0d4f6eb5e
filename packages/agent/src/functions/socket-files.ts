// What the kernel says of its sockets, in /proc/net/{tcp,tcp6,udp,udp6}. [proc_net(5)]

export interface Endpoint {
  /** As people write it; '' for any address. */
  address: string;
  port: number;
}

export interface Socket {
  protocol: 'tcp4' | 'tcp6' | 'udp4' | 'udp6';
  local: Endpoint;
  remote: Endpoint;
  state: string;
  userId: number;
  /** Names the socket among the open files of a process; 0 when no process has it any more. */
  inode: number;
}

const tcpStates: Readonly<Record<string, string>> = {
  '01': 'established',
  '02': 'syn-sent',
  '03': 'syn-received',
  '04': 'fin-wait1',
  '05': 'fin-wait2',
  '06': 'time-wait',
  '07': 'close',
  '08': 'close-wait',
  '09': 'last-ack',
  '0A': 'listen',
  '0B': 'closing',
  '0C': 'syn-received',
};

/** One socket a line, the first line names the fields. A last line that is cut off is skipped. `isLittle`: the order of bytes of this machine. */
export function parseSockets(text: string, protocol: Socket['protocol'], isLittle: boolean): Socket[] {
  const sockets: Socket[] = [];
  for (const line of text.split('\n').slice(1, -1)) {
    const [, local = '', remote = '', state = '', , , , user = '', , inode = ''] = line.trim().split(/\s+/);
    const from = parseEndpoint(local, isLittle);
    const to = parseEndpoint(remote, isLittle);
    if (from === undefined || to === undefined || !/^\d+$/.test(user) || !/^\d+$/.test(inode)) continue;
    const words = protocol.startsWith('tcp') ? (tcpStates[state] ?? 'unknown') : 'stateless';
    sockets.push({ protocol, local: from, remote: to, state: words, userId: Number(user), inode: Number(inode) });
  }
  return sockets;
}

/** `0100007F:1F90`: words of 32 bits as this machine keeps them, and a port. */
function parseEndpoint(text: string, isLittle: boolean): Endpoint | undefined {
  const found = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text);
  const [, hex = '', port = ''] = found ?? [];
  if (found === null) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  if (isLittle) bytes.swap32();
  return { address: bytes.every((byte) => byte === 0) ? '' : addressOf(bytes), port: Number.parseInt(port, 16) };
}

/** IPv4 in IPv6 is written as IPv4. */
function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  if (isMapped) return bytes.subarray(12).join('.');
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  // The one place that shortens addresses as everybody does. [RFC 5952]
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

export type AddressSpace = 'zero' | 'loopback' | 'multicast' | 'private' | 'public';

export function addressSpaceOf(address: string): AddressSpace {
  if (address === '') return 'zero';
  if (address.includes(':')) {
    if (address === '::1') return 'loopback';
    if (address.startsWith('ff')) return 'multicast';
    return /^(f[cd]|fe[89ab])/.test(address) ? 'private' : 'public';
  }
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 127) return 'loopback';
  if (first >= 224 && first < 240) return 'multicast';
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isPrivate ? 'private' : 'public';
}

export type Direction = 'listen' | 'local' | 'inbound' | 'outbound';

/** Who called whom: what goes to a port that is listened on came in, what stays on this machine is local. */
export function directionsOf(sockets: readonly Socket[]): Direction[] {
  const kind = ({ protocol }: Socket): string => protocol.slice(0, 3);
  const isListening = ({ state, remote }: Socket): boolean =>
    state === 'listen' || (state === 'stateless' && remote.address === '');
  const ports = new Set(sockets.filter(isListening).map((socket) => `${kind(socket)} ${socket.local.port}`));
  const own = new Set(sockets.map(({ local }) => local.address));
  return sockets.map((socket) => {
    if (isListening(socket)) return 'listen';
    if (own.has(socket.remote.address) || addressSpaceOf(socket.remote.address) === 'loopback') return 'local';
    return ports.has(`${kind(socket)} ${socket.local.port}`) ? 'inbound' : 'outbound';
  });
}
