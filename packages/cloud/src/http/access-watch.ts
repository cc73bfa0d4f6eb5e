// Reading takes up to a minute where an agent is asked: who loses the right to it meanwhile gets no answer any more. [trust T22]

import type { Bus } from '../bus/bus.ts';

export interface AccessWatch {
  /**
   * What `work` answers, unless `letIn` throws after a session ended or somebody's access changed: then that, at once, and `cut` is
   * called. What work says after that is not heard.
   */
  during<T>(letIn: () => Promise<unknown>, cut: () => void, work: () => Promise<T>): Promise<T>;
}

export function createAccessWatch(bus: Bus): AccessWatch {
  const recheckAll = new Set<() => void>();
  for (const topic of ['session-ended', 'access-changed'] as const)
    bus.subscribe(topic, () => {
      for (const recheck of recheckAll) recheck();
    });
  return {
    during: (letIn, cut, work) =>
      new Promise((resolve, reject) => {
        const refuse = (cause: unknown): void => {
          if (!recheckAll.delete(recheck)) return;
          reject(cause instanceof Error ? cause : new Error('access was refused', { cause }));
          cut();
        };
        const recheck = (): void => void letIn().catch(refuse);
        recheckAll.add(recheck);
        work()
          .then(resolve, reject)
          .finally(() => recheckAll.delete(recheck));
      }),
  };
}
