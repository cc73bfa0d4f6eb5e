// Asks the Cloud's own API. Answers are parsed by the schemas that the Cloud makes them with (wire/cloud-api); every failure is
// an ApiError. Reading order: client, agent (what is asked of a node), queries (which question is kept under which key), commands
// (what changes something).

import { apiBase, Problem } from '@claimstead/wire/cloud-api/problem';
import type { ErrorKind } from '@claimstead/wire/errors';

/** What can go wrong before the Cloud says anything that can be understood. */
export type LocalErrorKind = 'cloud-unreachable' | 'answer-unreadable';

export class ApiError extends Error {
  readonly kind: ErrorKind | LocalErrorKind;
  /** Finds the event in the Cloud's log; null where no answer came. */
  readonly requestId: string | null;
  constructor(kind: ErrorKind | LocalErrorKind, message: string, requestId: string | null, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    this.kind = kind;
    this.requestId = requestId;
  }
}

export interface Call<Answer> {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base, starting with a slash; ids in it are encoded by the caller. */
  path: string;
  body?: unknown;
  /** Absent: the answer has no content that matters. */
  schema?: { parse: (answer: unknown) => Answer };
  signal?: AbortSignal | undefined;
}

/** What came back, whatever its status. */
export interface RawAnswer {
  status: number;
  isOk: boolean;
  text: string;
}

/** Rejects with ApiError when there is no answer at all, or with the signal's reason when it was cancelled. */
export async function send({ method = 'GET', path, body, signal }: Omit<Call<unknown>, 'schema'>): Promise<RawAnswer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(apiBase + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ?? null,
    });
    return { status: response.status, isOk: response.ok, text: await response.text() };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('cloud-unreachable', 'The Cloud cannot be reached.', null, error);
  }
}

/** Rejects with ApiError, or with the signal's reason when it was cancelled. */
export async function call<Answer = undefined>({ schema, ...asked }: Call<Answer>): Promise<Answer> {
  const { status, isOk, text } = await send(asked);
  if (!isOk) throw problemOf(status, text);
  return schema ? parsed(text, schema) : (undefined as Answer);
}

/** A text as what the schema makes of it; throws ApiError `answer-unreadable`. */
export function parsed<Answer>(text: string, schema: { parse: (answer: unknown) => Answer }): Answer {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new ApiError('answer-unreadable', 'The answer has a form that this page does not know.', null, error);
  }
}

/** Something between browser and Cloud (a proxy) may answer in its own words; then the status is all that is known. */
export function problemOf(status: number, text: string): ApiError {
  try {
    const { kind, message, requestId } = Problem.parse(JSON.parse(text));
    return new ApiError(kind, message, requestId);
  } catch (error) {
    return new ApiError('answer-unreadable', `Status ${status} without an explanation.`, null, error);
  }
}
