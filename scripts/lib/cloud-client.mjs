// A client of the Cloud's public API, as a browser without a page: sign in, ask, watch live samples.

import { request } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './ensure.mjs';
import { Stop } from './tell.mjs';

const api = '/api/cloud/v1';

/** `origin` is the Cloud's address (`https://localhost:8443`), `ca` the PEM of the authority that signed its certificate. */
export class CloudClient {
  #origin;
  #ca;
  #cookie;

  constructor(origin, ca) {
    this.#origin = origin;
    this.#ca = ca;
  }

  /** One request below /api/cloud/v1. Resolves with { status, headers, body }; rejects when the Cloud cannot be reached. */
  ask(method, path, body) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { accept: 'application/json', origin: this.#origin, 'sec-fetch-site': 'same-origin' };
    if (text !== undefined)
      Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    if (this.#cookie !== undefined) headers.cookie = this.#cookie;
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#origin}${api}${path}`,
        { method, headers, ca: this.#ca, timeout: 30_000 },
        (answer) => {
          const chunks = [];
          answer.on('data', (chunk) => chunks.push(chunk)).once('error', reject);
          answer.once('end', () =>
            resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.once('timeout', () => sent.destroy(new Error(`${method} ${path} took longer than 30 s`)));
      sent.once('error', reject).end(text);
    });
  }

  /** `credentials` are { email, password } or { oneUseCode }; the session's cookie goes with everything afterwards. */
  async signIn(credentials) {
    const answer = await this.ask('POST', '/session', credentials);
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
    if (answer.status >= 300 || cookie === undefined)
      throw new Stop(`The Cloud refused the sign-in: ${messageOf(answer)}`);
    this.#cookie = cookie;
  }

  /**
   * Watches one chart of every node. Resolves when the Cloud greeted: { next(type, test), close() }, where `next` resolves with
   * the first message of that type, already seen or still to come, for which `test` holds.
   */
  async watch(chart) {
    const WebSocket = createRequire(join(root, 'package.json'))('ws');
    const socket = new WebSocket(`${this.#origin.replace(/^http/, 'ws')}${api}/events`, {
      ca: this.#ca,
      headers: { cookie: this.#cookie },
      origin: this.#origin,
      perMessageDeflate: false,
    });
    const seen = [];
    const waiting = new Set();
    let failure;
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      // What a person is shown waits for a handful of messages; a long demo must not collect them.
      if (seen.length < 1000) seen.push(message);
      for (const waiter of waiting) waiter.offer(message);
    });
    const fail = (error) => {
      failure = new Stop(`The Cloud's live events broke off (${error.message}).`);
      for (const waiter of waiting) waiter.reject(failure);
    };
    socket.once('error', fail);
    socket.once('close', (code) => fail(new Error(`closed with code ${code}`)));
    const next = (type, test = () => true) =>
      new Promise((resolve, reject) => {
        const fits = (message) => message.type === type && test(message);
        const found = seen.find(fits);
        if (found !== undefined) return resolve(found);
        if (failure !== undefined) return reject(failure);
        const waiter = {
          reject,
          offer(message) {
            if (!fits(message)) return;
            waiting.delete(waiter);
            resolve(message);
          },
        };
        waiting.add(waiter);
      });
    await next('hello');
    socket.send(JSON.stringify({ type: 'watch', watchId: 'demo', nodeIds: 'all', chart, historySeconds: 1 }));
    const close = () => {
      socket.off('error', fail).removeAllListeners('close');
      socket.on('error', () => {});
      socket.terminate();
    };
    return { next, close };
  }
}

/** The sentence for people in an answer that is not 2xx. */
export function messageOf({ status, body }) {
  try {
    return JSON.parse(body).message || `status ${status}`;
  } catch {
    return `status ${status}`;
  }
}
