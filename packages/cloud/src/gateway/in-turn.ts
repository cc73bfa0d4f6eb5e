// Work that is done one after the other in the order in which it came, at once where nothing is waited for.

export interface InTurn {
  /** `work` starts when everything before it has ended. What it throws is told to `failed`. `bytes` is what it keeps in memory until then. */
  run(work: () => void | Promise<void>, bytes: number): void;
  /** How much waits. */
  readonly waiting: { count: number; bytes: number };
  /** What waits is dropped. */
  close(): void;
}

export function createInTurn(failed: (cause: unknown) => void): InTurn {
  const queue: { work: () => void | Promise<void>; bytes: number }[] = [];
  let bytesWaiting = 0;
  let busy = false;

  // Nobody is above work that had to wait: what it throws would end the process.
  const begin = (work: () => void | Promise<void>): void | Promise<void> => {
    try {
      return work();
    } catch (cause) {
      failed(cause);
    }
  };

  const drain = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      bytesWaiting -= next.bytes;
      const running = begin(next.work);
      if (running === undefined) continue;
      busy = true;
      running.catch(failed).finally(() => {
        busy = false;
        drain();
      });
      return;
    }
  };

  return {
    get waiting() {
      return { count: queue.length, bytes: bytesWaiting };
    },
    run(work, bytes) {
      queue.push({ work, bytes });
      bytesWaiting += bytes;
      if (!busy) drain();
    },
    close() {
      queue.splice(0);
      bytesWaiting = 0;
    },
  };
}
