// The bus of a Cloud with one instance.

import type { Bus, BusMessages, BusTopic } from './bus.ts';

type Listener = (message: never) => void;

/** `onListenerError` gets what a subscriber threw. */
export function createInProcessBus(onListenerError: (topic: BusTopic, cause: unknown) => void): Bus {
  const listeners = new Map<BusTopic, Set<Listener>>();
  const queue: (() => void)[] = [];
  let scheduled = false;
  let closed = false;

  const flush = (): void => {
    scheduled = false;
    for (const deliver of queue.splice(0)) deliver();
  };

  return {
    publish(topic, message) {
      if (closed) return;
      queue.push(() => {
        // A copy: a listener may end its own subscription while it is told.
        for (const listener of Array.from(listeners.get(topic) ?? [])) {
          try {
            (listener as (m: typeof message) => void)(message);
          } catch (cause) {
            onListenerError(topic, cause);
          }
        }
      });
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(flush);
    },
    subscribe<T extends BusTopic>(topic: T, listener: (message: BusMessages[T]) => void) {
      const set = listeners.get(topic) ?? new Set<Listener>();
      listeners.set(topic, set);
      // A fresh function per subscription, so that ending one never ends another of the same listener.
      const own: Listener = (message) => listener(message);
      set.add(own);
      return () => {
        set.delete(own);
      };
    },
    async close() {
      while (queue.length > 0) flush();
      closed = true;
      listeners.clear();
    },
  };
}
