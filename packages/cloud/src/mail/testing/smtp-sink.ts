// A mail server for tests inside one process: takes every letter, or refuses. What a real one makes of letters: the scenario of mails.

import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface SmtpSink {
  port: number;
  /** Whole letters, headers included. */
  letters: string[];
  /** The letter of that number, from 0, when it has come. */
  letter(index: number): Promise<string>;
  close(): void;
}

export async function startSmtpSink(): Promise<SmtpSink> {
  const letters: string[] = [];
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    let body: string | undefined;
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8').write('220 sink\r\n');
    socket.on('data', (text: string) => {
      if (body !== undefined) {
        body += text;
        if (!body.endsWith('\r\n.\r\n')) return;
        letters.push(body);
        body = undefined;
        for (const one of waiting.splice(0)) one();
        waiting = [];
        socket.write('250 taken\r\n');
      } else if (/^DATA/i.test(text)) {
        body = '';
        socket.write('354 go on\r\n');
      } else {
        socket.write(/^QUIT/i.test(text) ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    letters,
    async letter(index) {
      for (;;) {
        const found = letters[index];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
