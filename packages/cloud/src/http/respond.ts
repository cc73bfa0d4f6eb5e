// Error → answer. The one place where what was thrown becomes HTTP: the closed table decides status and words, a cause is logged
// and never sent, and what is not in the table is `internal`.

import { CloudError, errorRow, type ErrorKind, type ErrorRow } from '@claimstead/wire/errors';
import type { Problem } from '@claimstead/wire/cloud-api/problem';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Log } from '../log.ts';

export interface ErrorReply {
  /** For the log; others may be told another one. */
  kind: ErrorKind;
  status: number;
  body: Problem | AgentError;
}

/** What agents read of a refusal. Key order and compactness matter: old agents look for the letters `"errorMsgKey":"`. */
export interface AgentError {
  errorCode: ErrorKind;
  errorMsgKey: string;
  errorMessage: string;
  /** Which of the rooms in the request was refused, counted from 0: who asked knows its name, so it need not be repeated. */
  errorRoomIndex?: number;
  /** Seconds until the agent may try again; resets its back-off. */
  errorRetryDelaySeconds?: number;
  /** Only for an identity that was removed, never under load: agents then ask once a minute until they are claimed anew. */
  errorNonRetryable?: true;
}

/** `form`: agents get errors in their own shape. */
export function errorReply(thrown: unknown, form: 'problem' | 'agent', requestId: string): ErrorReply {
  const error = asCloudError(thrown);
  const row: ErrorRow = errorRow(error.kind);
  const told = row.toldAs ?? error.kind;
  const message = error.detail ?? row.message;
  if (form === 'problem') return { kind: error.kind, status: row.status, body: { kind: told, message, requestId } };
  const body: AgentError = {
    errorCode: told,
    errorMsgKey: row.agentKey ?? 'ErrInvalidRequest',
    errorMessage: message,
  };
  if (error.roomIndex !== undefined) body.errorRoomIndex = error.roomIndex;
  if (row.agentReturns === 'for-good') body.errorNonRetryable = true;
  else if (row.agentReturns !== undefined) body.errorRetryDelaySeconds = row.agentReturns;
  return { kind: error.kind, status: row.status, body };
}

/**
 * One line per refusal that an operator may want to see; the table says how loud. What exactly was thrown is told of faults of our
 * own alone: of a bad request it would repeat the input.
 */
export function logError(log: Log, thrown: unknown, kind: ErrorKind, requestId: string, route: string): void {
  const { level } = errorRow(kind);
  const fields = { requestId, route, errorKind: kind };
  const error = thrown instanceof CloudError ? (thrown.cause ?? thrown) : thrown;
  log[level]('request refused', level === 'error' ? { ...fields, error } : fields);
}

/** What Fastify and Node throw before a handler runs, in the table's words. */
export function asCloudError(thrown: unknown): CloudError {
  if (thrown instanceof CloudError) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown))
    return new CloudError('invalid-request', { detail: whatIsWrong(thrown.validation) });
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new CloudError('request-too-large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new CloudError('media-type-not-taken');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new CloudError('invalid-request');
    default:
      // Whatever else Fastify refuses before a handler runs is a fault of the request.
      return isRefusalOfFastify(thrown, code)
        ? new CloudError('invalid-request', { cause: thrown })
        : new CloudError('internal', { cause: thrown });
  }
}

const isRefusalOfFastify = (thrown: unknown, code: unknown): boolean =>
  typeof code === 'string' &&
  code.startsWith('FST_ERR_') &&
  thrown instanceof Error &&
  'statusCode' in thrown &&
  typeof thrown.statusCode === 'number' &&
  thrown.statusCode < 500;

interface Violation {
  instancePath: string;
  keyword: string;
  message?: string | undefined;
}

/** Names places, never values: unknown keys are input and stay out. */
function whatIsWrong(violations: readonly Violation[]): string {
  const said = violations.slice(0, 3).map(({ instancePath, keyword, message }) => {
    const place = instancePath === '' ? 'the request' : instancePath.slice(1).replaceAll('/', '.');
    return keyword === 'unrecognized_keys'
      ? `${place}: holds a key that is not taken`
      : `${place}: ${message ?? 'is not valid'}`;
  });
  return `The request is not what this address takes: ${said.join('; ')}.`;
}
