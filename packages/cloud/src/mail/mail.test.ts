import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createEvents, type Events } from '../events.ts';
import type { Log, LogFields } from '../log.ts';
import { createLetters } from './letters.ts';
import { createMail, mostLetters, retryAfterMs, type Letter, type Transport } from './mail.ts';
import { createSmtpTransport } from './smtp-transport.ts';

const lines: [string, Partial<LogFields>][] = [];
const note = (event: string, fields: Partial<LogFields> = {}): void => void lines.push([event, fields]);
const log: Log = { debug: note, info: note, warn: note, error: note };
const letter: Letter = { kind: 'password-reset', to: 'ada@example.net', subject: 's', text: 'CANARY-link' };

/** Resolves when the queue has told of that many outcomes. */
function world(transport: Transport) {
  const clock = createManualClock(0);
  const counts: Record<string, number> = {};
  let waiting: (() => void)[] = [];
  const base = createEvents(log);
  const counted =
    (name: 'letterSent' | 'letterDelayed' | 'letterLost') => (fields: { letter: string; reason: string }) => {
      base[name](fields);
      counts[name] = (counts[name] ?? 0) + 1;
      for (const one of waiting.splice(0)) one();
    };
  const events: Events = {
    ...base,
    letterSent: (fields) => counted('letterSent')({ ...fields, reason: '' }),
    letterDelayed: counted('letterDelayed'),
    letterLost: counted('letterLost'),
  };
  const until = async (name: string, wanted: number): Promise<void> => {
    while ((counts[name] ?? 0) < wanted) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { clock, counts, until, mail: createMail({ transport, clock, events }) };
}

describe('the queue', () => {
  it('tries again for some minutes, then gives up; whoever sends waits for nothing', async () => {
    let tries = 0;
    const { mail, clock, until, counts } = world(async () => {
      tries++;
      throw Object.assign(new Error('CANARY of the server'), { code: 'ECONNECTION', responseCode: 451 });
    });
    mail.send(letter);
    for (const [index, afterMs] of retryAfterMs.entries()) {
      await until('letterDelayed', index + 1);
      clock.advance(afterMs - 1);
      expect(tries).toBe(index + 1);
      clock.advance(1);
    }
    await until('letterLost', 1);
    expect([tries, counts['letterSent']]).toEqual([1 + retryAfterMs.length, undefined]);
    expect(lines.at(-1)).toEqual(['letter given up', { letter: 'password-reset', reason: 'ECONNECTION 451' }]);
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });

  it('does not try again what the server will never take, and holds only so many', async () => {
    const refused = world(() => Promise.reject(Object.assign(new Error('no'), { responseCode: 550 })));
    refused.mail.send(letter);
    await refused.until('letterLost', 1);
    expect(refused.counts['letterDelayed']).toBeUndefined();
    const full = world(() => new Promise(() => undefined));
    for (let index = 0; index <= mostLetters; index++) full.mail.send(letter);
    await full.until('letterLost', 1);
  });

  it('ends with what is on its way, and gives up what waits', async () => {
    let arrive = (): void => undefined;
    const slow = world(() => new Promise((resolve) => (arrive = resolve)));
    slow.mail.send(letter);
    const closed = slow.mail.close();
    arrive();
    await closed;
    expect(slow.counts['letterSent']).toBe(1);
    slow.mail.send(letter);
    await slow.until('letterLost', 1);
  });
});

describe('letters', () => {
  it('are on one line where people’s own words stand, and are not written without a server', () => {
    const sent: Letter[] = [];
    const mail = { send: (one: Letter) => void sent.push(one), close: async () => undefined };
    const letters = createLetters(mail, new URL('https://cloud.example.net'));
    letters.invitation('b@x', {
      inviter: 'Eve\r\nBcc: all@x',
      space: 'Ho\u202eme',
      role: 'observer',
      link: 'https://cloud.example.net/join#secret',
      expiresAtMs: 0,
    });
    expect(sent[0]?.subject).toBe('Eve Bcc: all@x invites you to Ho me');
    expect(sent[0]?.text).toContain('https://cloud.example.net/join#secret\n');
    expect(createLetters(undefined, new URL('https://x')).isOn).toBe(false);
  });
});

describe('the SMTP transport', () => {
  let server: Server | undefined;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
  });

  /** Speaks as little SMTP as a client needs to give its password away. */
  async function serverWithoutTls(): Promise<{ port: number; heard: () => string }> {
    let heard = '';
    const started = createServer((socket) => {
      sockets.push(socket);
      socket.write('220 hello\r\n');
      socket.on('data', (data) => {
        heard += data.toString();
        const answer = /^EHLO/i.test(data.toString()) ? '250-hello\r\n250 AUTH PLAIN LOGIN' : '502 no';
        socket.write(`${answer}\r\n`);
      });
      socket.on('error', () => undefined);
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.2', resolve));
    return { port: (started.address() as AddressInfo).port, heard: () => heard };
  }

  it('gives no password and no letter over the network in the clear', async () => {
    const { port, heard } = await serverWithoutTls();
    const url = new URL(`smtp://ada:CANARY-password@127.0.0.2:${port}`);
    await expect(createSmtpTransport({ url, from: 'cloud@x' })(letter)).rejects.toMatchObject({ code: 'ETLS' });
    expect(heard()).toMatch(/EHLO/i);
    expect(heard()).not.toMatch(/AUTH|MAIL FROM/);
  });
});
