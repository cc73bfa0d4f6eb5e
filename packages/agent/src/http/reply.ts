// The few shapes of an answer.

import type { AgentReply } from './route.ts';

/** What this node says is true now and not later: nobody may keep it. */
const notKept = { 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache' };

/** An answer whose body is already JSON text. */
export function jsonReply(body: string): AgentReply {
  return textReply('application/json; charset=utf-8', body);
}

export function textReply(contentType: string, body: string): AgentReply {
  return { status: 200, contentType, body, headers: { ...notKept } };
}

/** A refusal: one sentence with the cause, and the remedy where there is one. */
export function refusal(status: 400 | 403 | 404 | 405 | 414 | 500 | 503, sentence: string): AgentReply {
  const allow: Record<string, string> = status === 405 ? { allow: 'GET, HEAD' } : {};
  return { status, contentType: 'text/plain; charset=utf-8', body: `${sentence}\n`, headers: { ...notKept, ...allow } };
}

/** A refusal to programs, in the shape that stock agents give it. */
export function jsonRefusal(status: 400 | 403 | 404 | 412 | 499 | 503 | 504, errorMessage: string): AgentReply {
  return { ...jsonReply(JSON.stringify({ status, errorMessage })), status };
}

/** A word of the asker in a sentence: quoted, on one line, short. */
export function quoted(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}
