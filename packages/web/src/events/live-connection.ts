// The live connection to the Cloud (wire/cloud-api/events.ts): one WebSocket per page, made again whenever it is lost.
// Reading order: live-connection, back-off, live-nodes (what its news change), live-samples (CPU of the nodes in sight), LiveProvider.

import { CloudMessage, type BrowserMessage } from '@claimstead/wire/cloud-api/events';
import { backOffMs } from './back-off.ts';

type Watch = Omit<Extract<BrowserMessage, { type: 'watch' }>, 'type' | 'watchId'>;
type Samples = Extract<CloudMessage, { type: 'samples' }>;
type WatchFailed = Extract<CloudMessage, { type: 'watch-failed' }>;

export interface WatchHandler {
  onSamples(message: Samples): void;
  onFailed(message: WatchFailed): void;
}

/** `sinceMs`: when the status began, milliseconds since 1970. */
export interface LiveStatus {
  isOpen: boolean;
  sinceMs: number;
}

export interface LiveConnection {
  /** Connects, and keeps connecting until `close`. */
  start(): void;
  status(): LiveStatus;
  /** Both return the end of the subscription. */
  onStatus(listener: () => void): () => void;
  onMessage(listener: (message: CloudMessage) => void): () => void;
  /** Lasts over lost connections until the returned function is called. */
  watch(watch: Watch, handler: WatchHandler): () => void;
  close(): void;
}

export interface LiveConnectionParts {
  openSocket: () => WebSocket;
  /** 0 ≤ n < 1. */
  random: () => number;
  nowMs: () => number;
  /** Calls `wake` when waiting out a pause makes no sense any more; returns the end of it. */
  onWake: (wake: () => void) => () => void;
  /** The connection was lost; the session may have ended with it. */
  onLost: () => void;
}

/** A connection that lasted this long starts the back-off afresh. */
const steadyAfterMs = 5_000;

export function createLiveConnection({
  openSocket,
  random,
  nowMs,
  onWake,
  onLost,
}: LiveConnectionParts): LiveConnection {
  const statusListeners = new Set<() => void>();
  const messageListeners = new Set<(message: CloudMessage) => void>();
  const watches = new Map<string, { watch: Watch; handler: WatchHandler }>();
  let status: LiveStatus = { isOpen: false, sinceMs: nowMs() };
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let nextWatch = 1;
  let isClosed = true;

  const setOpen = (isOpen: boolean): void => {
    if (status.isOpen === isOpen) return;
    status = { isOpen, sinceMs: nowMs() };
    for (const listener of statusListeners) listener();
  };
  const send = (message: BrowserMessage): void => {
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(message));
  };
  const sendWatch = (watchId: string, watch: Watch): void => send({ type: 'watch', watchId, ...watch });

  const receive = (text: string): void => {
    let message: CloudMessage;
    try {
      message = CloudMessage.parse(JSON.parse(text));
    } catch {
      return; // A newer Cloud may say what this page does not know.
    }
    if (message.type === 'samples') watches.get(message.watchId)?.handler.onSamples(message);
    else if (message.type === 'watch-failed') watches.get(message.watchId)?.handler.onFailed(message);
    else for (const listener of messageListeners) listener(message);
  };

  const open = (): void => {
    if (isClosed) return;
    clearTimeout(timer);
    const made = (socket = openSocket());
    let openedMs = 0;
    made.addEventListener('open', () => {
      openedMs = nowMs();
      setOpen(true);
      for (const [watchId, { watch }] of watches) sendWatch(watchId, watch);
    });
    made.addEventListener('message', (event: MessageEvent) => {
      if (typeof event.data === 'string') receive(event.data);
    });
    made.addEventListener('close', () => {
      if (socket !== made) return;
      socket = null;
      setOpen(false);
      if (isClosed) return;
      if (openedMs > 0 && nowMs() - openedMs >= steadyAfterMs) attempt = 0;
      timer = setTimeout(open, backOffMs(attempt++, random()));
      onLost();
    });
  };

  // Not at once: whatever woke this page woke others, too.
  const openSoon = (): void => {
    if (socket || isClosed) return;
    attempt = Math.min(attempt, 1);
    clearTimeout(timer);
    timer = setTimeout(open, backOffMs(0, random()) / 2);
  };
  let endWake = (): void => undefined;

  return {
    start() {
      isClosed = false;
      endWake = onWake(openSoon);
      open();
    },
    status: () => status,
    onStatus(listener) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    watch(watch, handler) {
      const watchId = `w${nextWatch++}`;
      watches.set(watchId, { watch, handler });
      sendWatch(watchId, watch);
      return () => {
        if (watches.delete(watchId)) send({ type: 'unwatch', watchId });
      };
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      endWake();
      socket?.close();
    },
  };
}
