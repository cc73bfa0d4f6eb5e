// The Cloud's log: JSON lines on stderr. Every field has its name here, so a misspelt one does not compile, and a token, a key,
// a password or a cookie has no field at all. What was thrown goes in as `error`: name, message and stack, with its causes.

import type { LogLevel } from '@claimstead/wire/errors';
import { pino } from 'pino';

export interface LogFields {
  requestId: string;
  method: string;
  /** The route's pattern, never the address with its query. */
  route: string;
  status: number;
  durationMs: number;
  errorKind: string;
  error: unknown;
  sourceNetwork: string;
  accountId: string;
  spaceId: string;
  roomId: string;
  nodeId: string;
  claimId: string;
  retiredClaimId: string | null;
  machineGuid: string;
  tokenId: string;
  keyReplaced: boolean;
  url: string;
  address: string;
  port: number;
  file: string;
  names: readonly string[];
  expiresAt: string;
  retryAt: string;
  reason: string;
  /** Which kind of letter. */
  letter: string;
  verdict: string;
  topic: string;
  count: number;
  agentVersion: string;
  hostname: string;
  hosts: readonly string[];
  bytes: number;
}

export type Log = Record<LogLevel, (event: string, fields?: Partial<LogFields>) => void>;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Lines go to file descriptor 2 at once: few lines, and the last ones before a crash matter most. */
export function createLog(level: LogLevel): Log {
  const destination = pino.destination({ dest: 2, sync: true });
  const logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      // A second line of defence: none of these is a field, but an error of a library may carry one along.
      redact: {
        paths: ['*.token', '*.password', '*.authorization', '*.cookie', '*.privateKey', '*.key'],
        censor: '***',
      },
    },
    destination,
  );
  const write =
    (as: LogLevel) =>
    (event: string, fields: Partial<LogFields> = {}): void =>
      logger[as](fields, event);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

interface ErrorDescription {
  name: string;
  message: string;
  stack?: string;
  cause?: ErrorDescription;
}

/** Only what an Error says of itself: properties that libraries hang on it (queries, values, requests) stay out. Five causes deep at most. */
export function describeError(thrown: unknown, depth = 5): ErrorDescription {
  if (!(thrown instanceof Error)) return { name: typeof thrown, message: 'something that is not an Error was thrown' };
  const description: ErrorDescription = { name: thrown.name, message: thrown.message };
  if (thrown.stack !== undefined) description.stack = thrown.stack;
  if (thrown.cause !== undefined && depth > 0) description.cause = describeError(thrown.cause, depth - 1);
  return description;
}

/** For tests and for tools that have nothing to say. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
