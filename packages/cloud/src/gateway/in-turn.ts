// Work that is done one after the other in the order in which it came, at once where nothing is waited for.

export interface InTurn {
  /** `work` starts when everything before it has ended. What it throws is told to `failed`. */
  run(work: () => void | Promise<void>): void;
  /** How much waits. */
  readonly waiting: number;
  /** What waits is dropped. */
  close(): void;
}

export function createInTurn(failed: (cause: unknown) => void): InTurn {
  const queue: (() => void | Promise<void>)[] = [];
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
    for (let work = queue.shift(); work !== undefined; work = queue.shift()) {
      const running = begin(work);
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
      return queue.length;
    },
    run(work) {
      queue.push(work);
      if (!busy) drain();
    },
    close: () => void queue.splice(0),
  };
}
