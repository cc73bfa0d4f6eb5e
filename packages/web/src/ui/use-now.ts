// The time of day for what shows how long ago something was. One timer per interval, however many ask.

import { useSyncExternalStore } from 'react';

interface Ticker {
  now: () => number;
  subscribe: (listener: () => void) => () => void;
}

const tickers = new Map<number, Ticker>();

function makeTicker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let nowMs = Date.now();
  const tick = (): void => {
    nowMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => nowMs,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        nowMs = Date.now();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** Milliseconds since 1970, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  let ticker = tickers.get(everyMs);
  if (!ticker) tickers.set(everyMs, (ticker = makeTicker(everyMs)));
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}
