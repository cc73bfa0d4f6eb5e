// Requests to the Cloud over HTTPS: Node's own client on sockets that come from `dialTls` and from nowhere else.

import type { Duplex } from 'node:stream';
import { Agent, request } from 'node:https';
import { DialError } from './dial-error.ts';
import { dialTls } from './dial-tls.ts';
import { nameOf, targetOf, type DialHow, type Route, type Target } from './route.ts';

export interface CloudQuestion {
  method: 'GET' | 'POST' | 'PUT';
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** For dialling, asking and reading together, in ms. */
  timeoutMs: number;
  /** Told of every interim answer, such as 102. */
  onInterim: (status: number) => void;
}

export interface CloudAnswer {
  status: number;
  body: Buffer;
  /** The body went on after `maxAnswerBytes` and was not read to its end. */
  isCut: boolean;
  /** From question to answer, without dialling. */
  ms: number;
}

export interface CloudRequests {
  /** Rejects with DialError when there is no answer; every status is an answer. Redirects are not followed. */
  ask(url: URL, question: CloudQuestion): Promise<CloudAnswer>;
  /** Closes the kept connections. */
  close(): void;
}

/** An answer is empty, an error of some hundred bytes, or a list of topics of 2 KiB; the rest is somebody else's page. */
export const maxAnswerBytes = 64 * 1024;

/** One question after the other; a connection is kept for the next one. Abort `how.signal` to give up, then `close`. */
export function openCloudRequests(route: Route, how: DialHow): CloudRequests {
  let dialledMs = 0;
  const agent = new DiallingAgent(async (to) => {
    const startedMs = how.clock.monotonicMs();
    try {
      return await dialTls(to, route, how);
    } finally {
      dialledMs += how.clock.monotonicMs() - startedMs;
    }
  });

  return {
    close: () => agent.destroy(),
    ask: (url, question) =>
      new Promise((resolve, reject) => {
        const { method, headers, body } = question;
        const name = nameOf(targetOf(url));
        const startedMs = how.clock.monotonicMs();
        const alreadyDialledMs = dialledMs;
        const outgoing = request(url, {
          method,
          agent,
          headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        });
        let hasConnection = false;
        outgoing.once('socket', () => (hasConnection = true));
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          how.signal.removeEventListener('abort', giveUp);
          act();
        };
        const fail = (fault: Error): void => settle(() => reject(fault));
        /** While the way is still being dialled, `dialTls` says best where it hangs; it is told by the same signal. */
        const giveUp = (): void => {
          const seconds = Math.max(0.1, Math.round((how.clock.monotonicMs() - startedMs) / 100) / 10);
          const late = (): void => fail(noAnswer(name, `did not answer within ${seconds} s`));
          if (hasConnection) late();
          else setTimeout(late, 0);
          outgoing.destroy();
        };
        const timer = setTimeout(giveUp, question.timeoutMs);
        how.signal.addEventListener('abort', giveUp, { once: true });
        // Before anything else: an error that nobody hears ends the daemon.
        outgoing.on('error', (error) => fail(answerFault(error, name)));
        if (how.signal.aborted) return giveUp();

        outgoing.on('information', ({ statusCode }: { statusCode: number }) => question.onInterim(statusCode));
        // 101 to a question that asked for no upgrade; unheard, it would end in nothing at all.
        outgoing.once('upgrade', (_, socket) => {
          socket.destroy();
          fail(noHttp(name));
        });
        outgoing.on('response', (incoming) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          const done = (isCut: boolean): void =>
            settle(() =>
              resolve({
                status: incoming.statusCode ?? 0,
                body: Buffer.concat(chunks),
                isCut,
                ms: Math.max(0, how.clock.monotonicMs() - startedMs - (dialledMs - alreadyDialledMs)),
              }),
            );
          incoming.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= maxAnswerBytes) return void chunks.push(chunk);
            done(true);
            outgoing.destroy();
          });
          incoming.on('error', (error) => fail(answerFault(error, name)));
          incoming.on('end', () => done(false));
        });
        outgoing.end(body);
      }),
  };
}

/** The process-wide agent can be steered by the environment; this one goes where `dialTls` goes. */
class DiallingAgent extends Agent {
  readonly #dial: (to: Target) => Promise<Duplex>;

  constructor(dial: (to: Target) => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#dial = dial;
  }

  override createConnection(
    { host, port }: { host?: string | null | undefined; port?: number | string | null | undefined },
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const done = callback as (error: Error | null, socket?: Duplex) => void;
    void this.#connect({ host: host?.replace(/^\[|\]$/g, '') ?? '', port: Number(port ?? 443) }, done);
    return undefined;
  }

  async #connect(to: Target, done: (error: Error | null, socket?: Duplex) => void): Promise<void> {
    let socket: Duplex;
    try {
      socket = await this.#dial(to);
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)));
    }
    done(null, socket);
  }
}

const noAnswer = (name: string, what: string): DialError =>
  new DialError({
    hop: 'answer',
    code: 'no-answer',
    cause: `The Cloud at ${name} ${what}`,
    remedy: 'check -url= and what stands in front of the Cloud, or try again later',
    retryable: true,
  });

const noHttp = (name: string): DialError =>
  new DialError({
    hop: 'answer',
    code: 'not-a-cloud',
    cause: `What answers at ${name} speaks no HTTP`,
    remedy: 'check -url=',
    retryable: false,
  });

function answerFault(error: Error, name: string): DialError {
  if (error instanceof DialError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code.startsWith('HPE_')) return noHttp(name);
  return new DialError({
    hop: 'answer',
    code: 'tcp-broken',
    cause: `The Cloud at ${name} broke the connection off before it answered`,
    remedy: 'look for a firewall or a proxy that resets connections, then try again',
    retryable: true,
  });
}
