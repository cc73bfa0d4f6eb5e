// Is somebody at the other end of a WebSocket? Every client must answer a ping. [RFC 6455 §5.5.2]

import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';

/** A living agent answers within a round trip; this is also how long a newcomer waits for a dead one to be found out. */
export const answerWithinMs = 5000;

/** The returned function asks; while a question is out, all who ask get its answer. */
export function createProbe(socket: WebSocket, clock: Clock): () => Promise<boolean> {
  let asking: Promise<boolean> | undefined;
  let pings = 0;
  const ask = (): Promise<boolean> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve(false);
      pings += 1;
      // A number that only this question has: a pong that nobody asked for proves nothing.
      const word = Buffer.from(`${pings}`);
      const settle = (isAlive: boolean): void => {
        asking = undefined;
        cancel();
        socket.off('pong', onPong);
        socket.off('close', onClose);
        resolve(isAlive);
      };
      const onPong = (data: Buffer): void => {
        if (data.equals(word)) settle(true);
      };
      const onClose = (): void => settle(false);
      const cancel = clock.after(answerWithinMs, () => settle(false));
      socket.on('pong', onPong);
      socket.once('close', onClose);
      // What cannot be sent will not be answered.
      socket.ping(word, undefined, () => undefined);
    });
  return () => (asking ??= ask());
}
