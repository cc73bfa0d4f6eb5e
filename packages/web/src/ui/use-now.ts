// The time of day for what shows how long ago something was. One timer per interval, however many ask.

import { useSyncExternalStore } from 'react';

interface Ticker {
  nowMs: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | undefined;
}

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  let ticker = tickers.get(everyMs);
  if (!ticker) tickers.set(everyMs, (ticker = { nowMs: Date.now(), listeners: new Set(), timer: undefined }));
  return ticker;
}

/** Milliseconds since 1970, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(
    (listener) => {
      ticker.listeners.add(listener);
      ticker.nowMs = Date.now();
      ticker.timer ??= setInterval(() => {
        ticker.nowMs = Date.now();
        for (const each of ticker.listeners) each();
      }, everyMs);
      return () => {
        ticker.listeners.delete(listener);
        if (ticker.listeners.size > 0) return;
        clearInterval(ticker.timer);
        ticker.timer = undefined;
      };
    },
    () => ticker.nowMs,
  );
}
