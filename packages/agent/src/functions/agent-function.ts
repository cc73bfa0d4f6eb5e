// Functions: tables of what is on this machine right now, for people who are signed in at the Cloud. One subject per file, as collectors
// are: thin reading, pure parsing, a list of columns. Reading order: this, table.ts, mount-points.ts (the simplest), processes.ts.
// Names, columns and units are those that stock agents answer, so that one page reads both.

export type Cell = string | number | null;

export interface FilledTable {
  /** The keys of the answer that describe the table and hold its rows. */
  table: object;
  /** Rows that there are; more than `shown` where the bound cut some off. */
  total: number;
  shown: number;
}

export interface AgentFunction {
  name: string;
  /** What it shows, one sentence. */
  help: string;
  /** How long it may take unless the asker says otherwise. */
  timeoutSeconds: number;
  /** How often it is worth asking again. */
  updateEverySeconds: number;
  /** Lower comes first in a menu. */
  priority: number;
  /** Rejects when `signal` is aborted. Parts of it that take long let others work in between. */
  run(signal: AbortSignal): Promise<FilledTable>;
}
