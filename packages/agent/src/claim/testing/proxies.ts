// An HTTP proxy (CONNECT) and a SOCKS5 proxy on loopback that count what goes through and refuse as told.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TestProxy {
  port: number;
  /** Targets that were asked for, `host:port`, as the client named them. */
  targets: string[];
  /** Credentials that were sent, `user:password`. */
  credentials: string[];
  close(): Promise<void>;
}

/** `answer`: the status line after `HTTP/1.1 `, e.g. `200 OK`; 'hang': none; 'hang up'. The name `localhost` and all others lead to 127.0.0.1. */
export async function startHttpProxy(answer: string): Promise<TestProxy> {
  const targets: string[] = [];
  const credentials: string[] = [];
  return listen(targets, credentials, (client) => {
    let head = '';
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      client.off('data', read);
      const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head)?.[1] ?? 'nothing';
      targets.push(target);
      const basic = /\r\nproxy-authorization: basic (\S+)\r\n/i.exec(head)?.[1];
      if (basic !== undefined) credentials.push(Buffer.from(basic, 'base64').toString('utf8'));
      if (answer === 'hang') return;
      if (answer === 'hang up') client.destroy();
      else if (!answer.startsWith('200')) client.end(`HTTP/1.1 ${answer}\r\ncontent-length: 0\r\n\r\n`);
      else {
        // In two packets, as some proxies do.
        client.write('HTTP/1.0 200 Connection');
        setImmediate(() => {
          client.write(' established\r\nvia: test\r\n\r\n');
          join(client, Number(target.slice(target.lastIndexOf(':') + 1)));
        });
      }
    };
    client.on('data', read);
  });
}

/** `reply`: the code of the SOCKS reply, 0 = granted. `login`: `user:password` that is demanded. [RFC 1928, RFC 1929] */
export async function startSocksProxy(reply: number, login: string | undefined): Promise<TestProxy> {
  const targets: string[] = [];
  const credentials: string[] = [];
  return listen(targets, credentials, (client) => {
    let step: 'greeting' | 'login' | 'request' = 'greeting';
    const read = (data: Buffer): void => {
      if (step === 'greeting') {
        const offered = [...data.subarray(2)];
        const method = login === undefined ? 0 : 2;
        client.write(Buffer.from([5, offered.includes(method) ? method : 255]));
        step = login === undefined ? 'request' : 'login';
      } else if (step === 'login') {
        const userLength = data[1] ?? 0;
        const user = data.subarray(2, 2 + userLength).toString('utf8');
        const password = data.subarray(3 + userLength).toString('utf8');
        credentials.push(`${user}:${password}`);
        client.write(Buffer.from([1, `${user}:${password}` === login ? 0 : 1]));
        step = 'request';
      } else {
        client.off('data', read);
        const isName = data[3] === 3;
        const host = isName
          ? data.subarray(5, 5 + (data[4] ?? 0)).toString('utf8')
          : [...data.subarray(4, 8)].join('.');
        const port = data.readUInt16BE(data.length - 2);
        targets.push(`${host}:${port}`);
        client.write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (reply === 0) join(client, port);
        else client.end();
      }
    };
    client.on('data', read);
  });
}

function join(client: Socket, port: number): void {
  const upstream = connect(port, '127.0.0.1');
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
  client.pipe(upstream).pipe(client);
}

async function listen(targets: string[], credentials: string[], serve: (client: Socket) => void): Promise<TestProxy> {
  const clients = new Set<Socket>();
  const server: Server = createServer((client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    serve(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    targets,
    credentials,
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
