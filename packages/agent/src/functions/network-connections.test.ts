import { createServer, connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { machineFiles } from './machine-files.ts';
import { networkConnections } from './network-connections.ts';
import { addressSpaceOf, parseSockets } from './socket-files.ts';
import { fileTree, notAborted, rowsOf } from './testing.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, remote: string, state: string, uid: number, inode: number): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${uid}        0 ${inode} 1 0000 100 0 0 10 0\n`;

test('directions, owners and addresses of a captured machine', async () => {
  const tree = fileTree({
    'etc/passwd': 'web:x:33:33::/:/bin/false\n',
    'proc/net/tcp':
      head +
      line('00000000:0050', '00000000:0000', '0A', 0, 11) +
      line('0A00000A:0050', '0100000B:C001', '01', 33, 12) +
      line('0A00000A:C002', '08080808:01BB', '01', 1000, 13) +
      line('0100007F:C003', '0100007F:0050', '06', 0, 0),
    'proc/net/udp6':
      head + line('00000000000000000000000001000000:0035', '00000000000000000000000000000000:0000', '07', 0, 14),
    'proc/7/stat': '7 (nginx) S 1 7 7 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 0 0\n',
  });
  tree.link('proc/7/fd/3', '/dev/null');
  tree.link('proc/7/fd/4', 'socket:[11]');
  tree.link('proc/7/fd/5', 'socket:[12]');
  const rows = rowsOf(await networkConnections(machineFiles(tree.root)).run(notAborted));
  expect(rows).toMatchObject([
    { Direction: 'listen', Protocol: 'tcp4', State: 'listen', PID: 7, Process: 'nginx', User: '0', LocalIP: '*' },
    {
      Direction: 'inbound',
      State: 'established',
      User: 'web',
      RemoteIP: '11.0.0.1',
      RemotePort: 49153,
      ServerPort: 80,
    },
    { Direction: 'outbound', PID: 0, Process: '[unknown]', RemoteIP: '8.8.8.8', ServerPort: 443 },
    { Direction: 'local', State: 'time-wait', LocalIP: '127.0.0.1', RemoteAddressSpace: 'loopback' },
    { Direction: 'listen', Protocol: 'udp6', State: 'stateless', LocalIP: '::1', LocalPort: 53 },
  ]);
});

test.each([
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
  ['00000000000000000000000000000000', ''],
])('%s is the address %j', (hex, address) => {
  const [socket] = parseSockets(head + line(`${hex}:0050`, `${hex}:0000`, '0A', 0, 1), 'tcp6', true);
  expect(socket?.local).toEqual({ address, port: 80 });
});

test('a machine with the other order of bytes says the same', () => {
  const [socket] = parseSockets(head + line('7F000001:0050', '00000000:0000', '0A', 0, 1), 'tcp4', false);
  expect(socket?.local.address).toBe('127.0.0.1');
});

test('a line that is cut off is no socket', () => {
  const whole = line('0100007F:0050', '00000000:0000', '0A', 0, 1);
  for (let length = 0; length < whole.length; length++)
    expect(parseSockets(head + whole.slice(0, length), 'tcp4', true)).toEqual([]);
  expect(parseSockets(head + whole, 'tcp4', true)).toHaveLength(1);
});

test.each([
  ['', 'zero'],
  ['127.8.0.1', 'loopback'],
  ['172.31.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['224.0.0.1', 'multicast'],
  ['::1', 'loopback'],
  ['fe80::1', 'private'],
  ['ff02::1', 'multicast'],
  ['2001:db8::1', 'public'],
])('%j is %s', (address, space) => expect(addressSpaceOf(address)).toBe(space));

test('a connection of this very process is found, with the process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  const rows = rowsOf(await networkConnections(machineFiles('/')).run(notAborted));
  client.destroy();
  server.close();
  expect(rows.find(({ LocalPort, Direction }) => LocalPort === port && Direction === 'listen')).toMatchObject({
    LocalIP: '127.0.0.1',
    PID: process.pid,
  });
  expect(rows.find(({ RemotePort }) => RemotePort === port)).toMatchObject({ Direction: 'local', PID: process.pid });
});
