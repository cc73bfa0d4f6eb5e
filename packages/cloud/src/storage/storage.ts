// The interface behind which an engine stands. Only this folder and the `*-store.ts` files know SQL.

import type { Kysely, Transaction } from 'kysely';
import { CloudError } from '@claimstead/wire/errors';
import type { Schema } from './schema.ts';

/** One write transaction: everything in it becomes durable at once, or nothing does. */
export type Tx = Transaction<Schema>;

/** What a query can be written on: the storage as such, or a transaction. */
export type Queries = Kysely<Schema>;

export interface Storage {
  /** Reads. Each statement stands alone; what must agree belongs into one `snapshot` or `write`. */
  readonly read: Queries;
  /** Reads that must agree: all of them see one moment. A statement that writes throws. */
  snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one write transaction and answers when it is durable: a power cut after that loses nothing of it.
   * Transactions run one after the other. Whatever `work` throws rolls back and is passed on; a fault of the disk becomes
   * CloudError `storage-unavailable`.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Writes something that changes nothing, as durably as everything else. Throws CloudError `storage-unavailable`. */
  proveWritable(): Promise<void>;
  /** Lets running statements end and closes the files. */
  close(): Promise<void>;
}

/** What an engine tells of a failed statement, in words that are the same for every engine. */
export type StorageFault = 'unique' | 'foreign-key' | 'disk' | 'other';

/** Thrown by every engine instead of its own errors where a rule must tell them apart. */
export class UniqueViolation extends Error {
  constructor(cause: unknown) {
    super('a value that must be unique exists already', { cause });
    this.name = 'UniqueViolation';
  }
}

/** Translates what an engine threw; anything that is not a fault of storage passes unchanged. */
export function translateStorageError(cause: unknown, faultOf: (cause: unknown) => StorageFault | undefined): unknown {
  switch (faultOf(cause)) {
    case 'unique':
      return new UniqueViolation(cause);
    case 'disk':
      return new CloudError('storage-unavailable', { cause });
    case 'foreign-key':
    case 'other':
    case undefined:
      return cause;
  }
}
